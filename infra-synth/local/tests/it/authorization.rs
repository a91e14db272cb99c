//! Who is let through to a function, and what the function is told of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use infra_synth_cfn::Template;
use infra_synth_local::{DataLocation, DevelopmentKey, Handler, HandlerFuture, Options, StartError};
use serde_json::{Value, json};

use crate::support::{Answer, System, booking, changed, log_contains, options};

const ISSUER: &str = "https://issuer.example.com";

/// Stands for both functions and answers with the event that it was handed.
struct Echo;

impl Handler for Echo {
    fn handle<'a>(&'a self, payload: &'a [u8], _: &'a schedule_handlers::Invocation) -> HandlerFuture<'a> {
        let body = String::from_utf8(payload.to_vec()).unwrap();
        Box::pin(async move { Ok(json!({"statusCode": 200, "body": body}).to_string().into_bytes()) })
    }
}

/// A data folder of this test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }

    fn token(&self, changes: &Value) -> String {
        let now = jiff::Timestamp::now().as_second();
        let mut claims = json!({
            "iss": ISSUER, "aud": "medical-schedule", "exp": now + 600, "sub": "00123",
            "scope": "appointments:read appointments:write", "countries": ["PE", "CL"],
        });
        let claims = claims.as_object_mut().unwrap();
        claims.extend(changes.as_object().unwrap().clone());
        let token = DevelopmentKey::of(&self.0).unwrap().sign(claims).unwrap();
        format!("Bearer {}", token.as_str())
    }
}

fn guarded(change: impl FnOnce(&mut Value)) -> Template {
    changed(|template| {
        let resources = &mut template["Resources"];
        resources["HttpApiAuthorizer"] = json!({"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
            "ApiId": {"Ref": "HttpApi"},
            "Name": "tokens",
            "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": {"Issuer": ISSUER, "Audience": ["medical-schedule"]},
        }});
        for (route, scope) in [
            ("CreateAppointmentRoute", "appointments:write"),
            ("GetAppointmentRoute", "appointments:read"),
        ] {
            let properties = &mut resources[route]["Properties"];
            properties["AuthorizationType"] = json!("JWT");
            properties["AuthorizerId"] = json!({"Ref": "HttpApiAuthorizer"});
            properties["AuthorizationScopes"] = json!([scope]);
        }
        change(template);
    })
}

fn started(template: &Template, folder: &Folder) -> System {
    let mut options = Options {
        data: DataLocation::Folder(folder.0.clone()),
        ..options()
    };
    for code in ["create-appointment", "get-appointment"] {
        options.handlers.insert(code.to_owned(), Arc::new(Echo));
    }
    System::start_with(template, options).unwrap()
}

fn get(system: &System, headers: &[(&str, &str)]) -> Answer {
    system.send("GET", "/appointments/00123", headers, "")
}

/// A problem of the gateway's own, as complete as a function's.
#[track_caller]
fn check_problem(answer: &Answer, status: u16, slug: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["x-request-id"].len(), 36);
    assert_eq!(
        answer.body["type"],
        format!("urn:medical-schedule:problem:{slug}")
    );
    assert_eq!(answer.body["status"], status);
    assert_eq!(answer.body["message"], answer.body["detail"]);
}

#[test]
fn without_a_token_and_with_a_bad_one_nobody_gets_to_the_function() {
    let folder = Folder::new("authorization-refused");
    let system = started(&guarded(|_| ()), &folder);
    let answer = get(&system, &[]);
    check_problem(&answer, 401, "unauthenticated");
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    assert_eq!(answer.headers["content-language"], "es");
    let bad = folder.token(&json!({"aud": "another", "sub": "SOMEBODY-7"}));
    let answer = get(&system, &[("authorization", &bad), ("accept-language", "en")]);
    check_problem(&answer, 401, "unauthenticated");
    assert_eq!(answer.body["title"], "Authentication required");
    assert_eq!(
        answer.headers["www-authenticate"],
        "Bearer scope=\"appointments:read\" error=\"invalid_token\" \
         error_description=\"the token does not have a valid audience\""
    );
    let id = &answer.headers["x-request-id"];
    system.logged(&[id, "request not authorized", "valid audience"]);
    system.logged(&[id, "request answered", "status=401"]);
    assert!(!log_contains(bad.trim_start_matches("Bearer ")) && !log_contains("SOMEBODY-7"));
}

#[test]
fn a_token_without_the_routes_scope_is_forbidden() {
    let folder = Folder::new("authorization-scopes");
    let system = started(&guarded(|_| ()), &folder);
    let reader = folder.token(&json!({"scope": "appointments:read"}));
    assert_eq!(get(&system, &[("authorization", &reader)]).status, 200);
    let answer = system.send(
        "POST",
        "/appointments",
        &[("authorization", &reader), ("content-type", "application/json")],
        &booking("00123", "PE").to_string(),
    );
    check_problem(&answer, 403, "forbidden");
    assert!(answer.headers["www-authenticate"].contains("error=\"insufficient_scope\""));
}

#[test]
fn the_function_is_told_the_claims_as_texts_and_the_scopes() {
    let folder = Folder::new("authorization-event");
    let system = started(&guarded(|_| ()), &folder);
    let token = folder.token(&json!({}));
    for value in [token.as_str(), token.trim_start_matches("Bearer ")] {
        let event = get(&system, &[("authorization", value)]).body;
        let jwt = &event["requestContext"]["authorizer"]["jwt"];
        assert_eq!(jwt["claims"]["sub"], "00123");
        assert_eq!(jwt["claims"]["countries"], "[PE CL]");
        assert_eq!(jwt["claims"]["scope"], "appointments:read appointments:write");
        assert!(jwt["claims"]["exp"].is_string());
        assert_eq!(jwt["scopes"], json!(["appointments:read"]));
    }
}

#[test]
fn who_is_not_let_in_uses_up_nothing_of_a_routes_limit() {
    let folder = Folder::new("authorization-throttle");
    let template = guarded(|template| {
        template["Resources"]["HttpApiStage"]["Properties"]["RouteSettings"] = json!({
            "GET /appointments/{insuredId}": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1},
        });
        template["Resources"]["HttpApiStage"]["DependsOn"] = json!(["GetAppointmentRoute"]);
    });
    let system = started(&template, &folder);
    let token = folder.token(&json!({}));
    for _ in 0..3 {
        assert_eq!(get(&system, &[]).status, 401);
    }
    assert_eq!(get(&system, &[("authorization", &token)]).status, 200);
    // One a second comes back; a burst that is faster than this machine is met within a few requests.
    let answer = system.eventually("a request over the limit", || {
        Some(get(&system, &[("authorization", &token)])).filter(|answer| answer.status == 429)
    });
    check_problem(&answer, 429, "too-many-requests");
    // Another route has a limit of its own.
    let answer = system.send("POST", "/appointments", &[("authorization", &token)], "{}");
    assert_eq!(answer.status, 200);
}

#[test]
fn a_browser_may_ask_without_a_token_unless_the_default_route_takes_the_question() {
    let folder = Folder::new("authorization-preflight");
    let ask = |system: &System| {
        let headers = [
            ("origin", "http://localhost:3000"),
            ("access-control-request-method", "POST"),
        ];
        system.send("OPTIONS", "/appointments", &headers, "")
    };
    let without_own = |template: &mut Value| {
        let resources = template["Resources"].as_object_mut().unwrap();
        resources.remove("DefaultRoute");
        resources.remove("PreflightRoute");
        let stage = &mut resources["HttpApiStage"];
        stage["Properties"]
            .as_object_mut()
            .unwrap()
            .remove("RouteSettings");
        stage.as_object_mut().unwrap().remove("DependsOn");
    };
    let system = started(&guarded(without_own), &folder);
    let answer = ask(&system);
    assert_eq!(answer.status, 204);
    assert_eq!(
        answer.headers["access-control-allow-origin"],
        "http://localhost:3000"
    );
    assert!(answer.headers["access-control-allow-methods"].contains("POST"));
    assert_eq!(answer.headers["x-request-id"].len(), 36);
    system.stop();
    let default_route = |template: &mut Value| {
        without_own(template);
        let resources = &mut template["Resources"];
        resources["DefaultRoute"] = resources["GetAppointmentRoute"].clone();
        resources["DefaultRoute"]["Properties"]["RouteKey"] = json!("$default");
    };
    let system = started(&guarded(default_route), &folder);
    assert_eq!(ask(&system).status, 401);
}

#[test]
fn tokens_are_verified_with_a_given_key_set_and_without_any_the_start_is_refused() {
    let folder = Folder::new("authorization-jwks");
    started(&guarded(|_| ()), &folder).stop();
    let token = folder.token(&json!({}));
    let with = |jwks: Option<PathBuf>| System::start_with(&guarded(|_| ()), Options { jwks, ..options() });
    let Err(StartError::NoKeys) = with(None) else {
        panic!("tokens were asked for and could not be verified")
    };
    let system = with(Some(folder.0.join("keys/jwks.json"))).unwrap();
    assert_eq!(get(&system, &[("authorization", &token)]).status, 200);
    let Err(StartError::Keys(error)) = with(Some(folder.0.join("FORMAT"))) else {
        panic!("that is no key set")
    };
    assert!(error.to_string().contains("no JSON Web Key Set"), "{error}");
}

#[test]
fn a_stage_that_asks_for_no_token_makes_no_key() {
    let folder = Folder::new("authorization-none");
    started(&changed(|_| ()), &folder).stop();
    assert!(!folder.0.join("keys").exists());
}

/// A function that never answers.
struct Silent;

impl Handler for Silent {
    fn handle<'a>(&'a self, _: &'a [u8], _: &'a schedule_handlers::Invocation) -> HandlerFuture<'a> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_body_too_large_and_a_function_too_slow_are_problems_like_every_other() {
    let mut options = options();
    options
        .handlers
        .insert("create-appointment".to_owned(), Arc::new(Silent));
    let template = changed(|template| {
        template["Resources"]["CreateAppointmentIntegration"]["Properties"]["TimeoutInMillis"] = json!(50);
    });
    let system = System::start_with(&template, options).unwrap();
    let post = |body: &str| system.send("POST", "/appointments", &[("accept-language", "en")], body);
    let answer = post(&"x".repeat(10 * 1024 * 1024 + 1));
    check_problem(&answer, 413, "body-too-large");
    assert_eq!(answer.headers["content-language"], "en");
    let answer = post("{}");
    check_problem(&answer, 503, "outcome-unknown");
    assert!(!answer.headers.contains_key("retry-after"));
    system.logged(&[&answer.headers["x-request-id"], "waits no longer"]);
}
