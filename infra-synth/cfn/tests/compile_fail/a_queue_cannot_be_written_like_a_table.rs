use infra_synth_cfn::{Stack, policy::InlinePolicy, resources::Queue};

fn main() {
    let mut stack = Stack::new("");
    let queue = stack.add("Queue", Queue::default());
    queue.grant_put(&InlinePolicy::new("granted"));
}
