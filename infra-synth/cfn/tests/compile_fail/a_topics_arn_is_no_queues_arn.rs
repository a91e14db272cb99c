use infra_synth_cfn::{
    Stack,
    resources::{Subscription, Topic},
};

fn main() {
    let mut stack = Stack::new("");
    let topic = stack.add("Topic", Topic::default());
    stack.add("Subscription", Subscription::to_queue(topic.arn(), topic.arn()));
}
