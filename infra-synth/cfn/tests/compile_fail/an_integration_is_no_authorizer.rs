use infra_synth_cfn::{Stack, Value, kind::FunctionArn, resources::{HttpApi, Integration, RouteAuthorization}};

fn main() {
    let mut stack = Stack::new("");
    let api = stack.add("Api", HttpApi::new("shop"));
    let function: Value<FunctionArn> = Value::literal("arn:aws:lambda:us-east-1:123456789012:function:bill");
    let bills = stack.add("Bills", Integration { api_id: api.id(), function });
    let _ = RouteAuthorization::Jwt { authorizer: bills.id(), scopes: vec![] };
}
