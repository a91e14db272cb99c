use infra_synth_cfn::{Stack, resources::Topic};

fn main() {
    let mut stack = Stack::new("");
    let topic = stack.add("Topic", Topic::default());
    let _ = topic.url();
}
