use infra_synth_cfn::{Parameter, Stack, kind::VpcId, resources::SecurityGroupRule};

fn main() {
    let mut stack = Stack::new("");
    let vpc = stack.parameter::<VpcId>("VpcId", &Parameter::default());
    let _ = SecurityGroupRule { description: "MySQL", tcp_port: 3306, to: vpc };
}
