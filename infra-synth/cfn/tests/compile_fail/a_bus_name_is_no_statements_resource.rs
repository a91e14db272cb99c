use infra_synth_cfn::{Stack, policy::Statement, resources::EventBus};

fn main() {
    let mut stack = Stack::new("");
    let bus = stack.add("Bus", EventBus { name: "bus".into() });
    let _ = Statement::allow(&["events:PutEvents"], &bus.name());
}
