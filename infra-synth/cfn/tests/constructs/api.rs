//! An HTTP API: who may call which route, how often, and what API Gateway may call.

use infra_synth_cfn::{
    Handle, Stack, Template,
    constructs::{ApiFunction, DeclaredRoute},
    resources::{self, HttpApi, JwtAuthorizer, RouteAuthorization, RouteSettings, Secret},
};
use serde_json::json;

use super::{function, resource, statements};

/// An API whose routes a function answers.
fn bills(stack: &mut Stack) -> (Handle<HttpApi>, ApiFunction) {
    let api = stack.add("Api", HttpApi::new("shop"));
    let bill = stack.add_function("Bill", function());
    let bills = stack.add_integration("Bills", &api, &bill);
    (api, bills)
}

fn check_source(route_key: &str, expected: &str) {
    let mut stack = Stack::new("");
    let (_, bills) = bills(&mut stack);
    stack.add_route("Bill", route_key, &bills, RouteAuthorization::Anyone);
    let template = stack.synth().unwrap();
    let source = &resource(&template, "BillPermission")["SourceArn"]["Fn::Sub"];
    let source = source.as_str().unwrap();
    assert!(source.ends_with(expected), "{source}");
    assert_eq!(resource(&template, "BillRoute")["RouteKey"], route_key);
}

#[test]
fn api_gateway_may_call_a_function_for_its_own_route_alone() {
    check_source("POST /bills", ":${Api}/*/POST/bills");
    check_source("GET /bills/{id}", ":${Api}/*/GET/bills/*");
    check_source("GET /bills/{id}/{line}", ":${Api}/*/GET/bills/*/*");
    check_source("$default", ":${Api}/*/$default");
}

/// A route that asks the authorizer for these scopes.
fn authorized(scopes: &[&'static str]) -> Template {
    let mut stack = Stack::new("");
    let (api, bills) = bills(&mut stack);
    let authorizer = JwtAuthorizer {
        api_id: api.id(),
        name: "buyers".into(),
        issuer: "https://identity.example.com".into(),
        audience: vec!["shop".to_owned()],
    };
    let authorizer = stack.add("Buyers", authorizer);
    let authorization = RouteAuthorization::Jwt {
        authorizer: authorizer.id(),
        scopes: scopes.to_vec(),
    };
    stack.add_route("ReadBill", "GET /bills/{id}", &bills, authorization);
    stack.synth().unwrap()
}

#[test]
fn an_authorizer_takes_the_issuers_tokens_from_the_authorization_header() {
    let template = authorized(&[]);
    let expected = json!({
        "ApiId": { "Ref": "Api" },
        "Name": "buyers",
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": { "Issuer": "https://identity.example.com", "Audience": ["shop"] },
    });
    assert_eq!(resource(&template, "Buyers"), &expected);
}

#[test]
fn a_route_names_its_authorizer_and_the_scopes_that_it_asks_for() {
    let template = authorized(&["bills:read"]);
    let route = resource(&template, "ReadBillRoute");
    assert_eq!(route["AuthorizationType"], "JWT");
    assert_eq!(route["AuthorizerId"], json!({ "Ref": "Buyers" }));
    assert_eq!(route["AuthorizationScopes"], json!(["bills:read"]));

    // An empty list is none: CloudFormation would report it as a difference for ever.
    let template = authorized(&[]);
    assert_eq!(
        resource(&template, "ReadBillRoute").get("AuthorizationScopes"),
        None
    );
}

#[test]
fn a_route_for_anyone_says_nothing_of_authorization() {
    let mut stack = Stack::new("");
    let (_, bills) = bills(&mut stack);
    stack.add_route("ReadBill", "GET /bills/{id}", &bills, RouteAuthorization::Anyone);
    let template = stack.synth().unwrap();
    let route = resource(&template, "ReadBillRoute").as_object().unwrap();
    assert_eq!(route.keys().collect::<Vec<_>>(), ["ApiId", "RouteKey", "Target"]);
}

#[test]
fn a_stage_limits_a_route_by_its_key_once_the_route_is_there() {
    let mut stack = Stack::new("");
    let (api, bills) = bills(&mut stack);
    let mut add = |id, key| -> DeclaredRoute { stack.add_route(id, key, &bills, RouteAuthorization::Anyone) };
    let (write, read) = (add("Write", "POST /bills"), add("Read", "GET /bills/{id}"));
    let limit = |rate| RouteSettings {
        throttling_rate_limit: rate,
        throttling_burst_limit: 2 * rate,
    };
    let stage = resources::Stage::default_of(api.id());
    stack.add_stage("Stage", stage, &[(&write, limit(5)), (&read, limit(10))]);
    let template = stack.synth().unwrap();
    let expected = json!({
        "POST /bills": { "ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 10 },
        "GET /bills/{id}": { "ThrottlingRateLimit": 10, "ThrottlingBurstLimit": 20 },
    });
    assert_eq!(resource(&template, "Stage")["RouteSettings"], expected);
    assert_eq!(
        template.as_value()["Resources"]["Stage"]["DependsOn"],
        json!(["WriteRoute", "ReadRoute"])
    );
}

#[test]
fn a_secret_is_made_by_secrets_manager_and_its_value_alone_may_be_read() {
    let granted = statements(function(), |stack, function| {
        let secret = stack.add("Key", Secret::letters_and_digits(64));
        secret.grant_read(function);
    });
    let expected = json!({
        "Effect": "Allow",
        "Action": ["secretsmanager:GetSecretValue"],
        "Resource": [{ "Ref": "Key" }],
    });
    assert_eq!(granted.last(), Some(&expected));

    let mut stack = Stack::new("");
    stack.add("Key", Secret::letters_and_digits(64));
    let template = stack.synth().unwrap();
    let expected = json!({ "GenerateSecretString": { "PasswordLength": 64, "ExcludePunctuation": true } });
    assert_eq!(resource(&template, "Key"), &expected);
}
