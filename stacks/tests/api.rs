//! Who may call which route, how often, and what API Gateway may call for it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::{collections::BTreeMap, path::Path};

use infra_synth_cfn::Template;
use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::{Value as Json, json};

const CREATE: &str = "POST /appointments";
const LIST: &str = "GET /appointments/{insuredId}";
const READ: &str = "GET /appointments/{insuredId}/{appointmentId}";
const DEFAULT: &str = "$default";
const PREFLIGHT: &str = "OPTIONS /{proxy+}";

fn template(stage: &str) -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("stages");
    appointment_stack(&StageSettings::load(&stages, stage).unwrap()).unwrap()
}

/// Every route's properties, by its key.
fn routes(template: &Template) -> BTreeMap<&str, &Json> {
    let resources = template.as_value()["Resources"].as_object().unwrap();
    resources
        .values()
        .filter(|resource| resource["Type"] == "AWS::ApiGatewayV2::Route")
        .map(|route| &route["Properties"])
        .map(|route| (route["RouteKey"].as_str().unwrap(), route))
        .collect()
}

#[test]
fn these_are_the_routes_and_there_are_no_others() {
    for stage in ["dev", "prod"] {
        let template = template(stage);
        let keys: Vec<&str> = routes(&template).into_keys().collect();
        assert_eq!(keys, [DEFAULT, LIST, READ, PREFLIGHT, CREATE], "{stage}");
    }
}

#[test]
fn every_route_of_production_asks_for_a_token_and_a_known_one_for_its_scope() {
    let template = template("prod");
    let scopes = BTreeMap::from([
        (CREATE, json!(["appointments:write"])),
        (LIST, json!(["appointments:read"])),
        (READ, json!(["appointments:read"])),
        (DEFAULT, Json::Null),
    ]);
    for (key, route) in routes(&template) {
        if key == PREFLIGHT {
            continue;
        }
        assert_eq!(route["AuthorizationType"], "JWT", "{key}");
        assert_eq!(
            route["AuthorizerId"],
            json!({ "Ref": "HttpApiAuthorizer" }),
            "{key}"
        );
        assert_eq!(route["AuthorizationScopes"], scopes[key], "{key}");
    }
}

#[test]
fn a_browser_may_ask_what_a_page_may_send_before_it_has_a_token() {
    let template = template("prod");
    assert_eq!(routes(&template)[PREFLIGHT].get("AuthorizationType"), None);

    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("stages");
    let mut closed = StageSettings::load(&stages, "prod").unwrap();
    closed.api.cors_allow_origins.clear();
    let closed = appointment_stack(&closed).unwrap();
    assert!(
        !routes(&closed).contains_key(PREFLIGHT),
        "no page may call, and it may ask"
    );
}

#[test]
fn the_authorizer_takes_the_tokens_that_the_stage_names() {
    let template = template("prod");
    let authorizer = &template.as_value()["Resources"]["HttpApiAuthorizer"]["Properties"];
    let tokens = json!({ "Issuer": "https://identity.prod.invalid", "Audience": ["medical-schedule"] });
    assert_eq!(authorizer["JwtConfiguration"], tokens);
}

#[test]
fn a_stage_that_says_none_has_no_authorizer() {
    let template = template("dev");
    assert_eq!(template.as_value()["Resources"].get("HttpApiAuthorizer"), None);
    for (key, route) in routes(&template) {
        assert_eq!(route.get("AuthorizationType"), None, "{key}");
    }
}

#[test]
fn each_route_has_its_own_limit_and_what_is_no_route_the_lowest() {
    let template = template("prod");
    let stage = &template.as_value()["Resources"]["HttpApiStage"];
    let limit = |rate, burst| json!({ "ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst });
    let own = limit(2000, 1000);
    let own = json!({ CREATE: own, LIST: own, READ: own, PREFLIGHT: own });
    assert_eq!(stage["Properties"]["RouteSettings"], own);
    assert_eq!(stage["Properties"]["DefaultRouteSettings"], limit(100, 50));
    assert_eq!(
        stage["DependsOn"],
        json!([
            "CreateAppointmentRoute",
            "GetAppointmentRoute",
            "GetOneAppointmentRoute",
            "PreflightRoute"
        ])
    );
}

#[test]
fn api_gateway_may_call_each_function_for_its_own_routes_alone() {
    let template = template("dev");
    let resources = template.as_value()["Resources"].as_object().unwrap();
    let permissions: BTreeMap<&str, &str> = resources
        .values()
        .filter(|resource| resource["Type"] == "AWS::Lambda::Permission")
        .map(|permission| &permission["Properties"])
        .filter(|permission| permission["Principal"] == "apigateway.amazonaws.com")
        .map(|permission| {
            let source = permission["SourceArn"]["Fn::Sub"].as_str().unwrap();
            let (_, route) = source.split_once("${HttpApi}/*/").unwrap();
            (
                route,
                permission["FunctionName"]["Fn::GetAtt"][0].as_str().unwrap(),
            )
        })
        .collect();
    let expected = BTreeMap::from([
        ("POST/appointments", "CreateAppointmentLambdaFunction"),
        ("GET/appointments/*", "GetAppointmentLambdaFunction"),
        ("GET/appointments/*/*", "GetAppointmentLambdaFunction"),
        ("OPTIONS/*", "GetAppointmentLambdaFunction"),
        ("$default", "GetAppointmentLambdaFunction"),
    ]);
    assert_eq!(permissions, expected);
}

#[test]
fn a_page_may_send_and_read_the_headers_that_the_api_speaks_and_none_by_wildcard() {
    for stage in ["dev", "prod"] {
        let template = template(stage);
        let cors = &template.as_value()["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"];
        assert!(!cors.to_string().contains('*'), "{stage}: {cors}");
        let has = |list: &str, names: &[&str]| {
            for name in names {
                assert!(
                    cors[list].as_array().unwrap().contains(&json!(name)),
                    "{stage}: {list} {name}"
                );
            }
        };
        has(
            "AllowHeaders",
            &[
                "authorization",
                "accept",
                "accept-language",
                "if-none-match",
                "idempotency-key",
            ],
        );
        has(
            "ExposeHeaders",
            &["etag", "link", "location", "x-request-id", "retry-after"],
        );
    }
}

#[test]
fn the_secret_of_the_cursors_is_long_and_in_no_template() {
    let template = template("prod");
    let secret = &template.as_value()["Resources"]["CursorSecret"]["Properties"];
    let made = json!({ "PasswordLength": 64, "ExcludePunctuation": true });
    assert_eq!(secret["GenerateSecretString"], made);
    assert_eq!(secret.get("SecretString"), None);
}
