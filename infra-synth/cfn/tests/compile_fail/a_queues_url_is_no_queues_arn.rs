use infra_synth_cfn::{
    Stack,
    resources::{Queue, RedrivePolicy},
};

fn main() {
    let mut stack = Stack::new("");
    let dead_letters = stack.add("DeadLetters", Queue::default());
    let _ = RedrivePolicy { dead_letter_target_arn: dead_letters.url(), max_receive_count: 5 };
}
