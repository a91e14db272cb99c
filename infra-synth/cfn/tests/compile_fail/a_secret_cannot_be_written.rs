use infra_synth_cfn::{Stack, policy::InlinePolicy, resources::Secret};

fn main() {
    let mut stack = Stack::new("");
    let secret = stack.add("Key", Secret::letters_and_digits(64));
    secret.grant_put(&InlinePolicy::new("granted"));
}
