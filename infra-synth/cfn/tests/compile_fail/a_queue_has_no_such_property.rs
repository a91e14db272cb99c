use infra_synth_cfn::{Seconds, resources::Queue};

fn main() {
    let _ = Queue { visibility: Some(Seconds(30)), ..Queue::default() };
}
