use infra_synth_cfn::{
    Stack, Value,
    resources::{Architecture, Code, Function, Queue},
};

fn main() {
    let mut stack = Stack::new("");
    let queue = stack.add("Queue", Queue::default());
    let code = Code { s3_bucket: Value::literal("assets"), s3_key: Value::literal("code.zip") };
    let _ = Function::new(code, Architecture::Arm64, queue.arn());
}
