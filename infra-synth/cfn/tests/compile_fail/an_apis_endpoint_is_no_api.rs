use infra_synth_cfn::{Stack, resources::{HttpApi, JwtAuthorizer}};

fn main() {
    let mut stack = Stack::new("");
    let api = stack.add("Api", HttpApi::new("shop"));
    let _ = JwtAuthorizer {
        api_id: api.endpoint(),
        name: "buyers".into(),
        issuer: "https://identity.example.com".into(),
        audience: vec![],
    };
}
