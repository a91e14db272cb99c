//! Whom the routes answer, and how often.

use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Narrowing};
use infra_synth_review::diff::{Turn, compare};
use serde_json::json;

use super::{all, all_in_prod};
use crate::edit::{Push, Remove, Set, dev, prod, review_of_edited};

const TOKENS: &str = "who has a token of https://identity.prod.invalid for medical-schedule";

#[test]
fn a_route_asks_for_the_tokens_and_scopes_that_it_asked_for() {
    all_in_prod(&[
        (
            Remove("GetAppointmentRoute/Properties/AuthorizationType"),
            &[Broadening],
            "GET /appointments/{insuredId} loses its authorizer: it answered who has a token of \
             https://identity.prod.invalid for medical-schedule with scope appointments:read, and answers everybody",
        ),
        (
            Remove("DefaultRoute/Properties/AuthorizationType"),
            &[Broadening],
            "$default loses its authorizer",
        ),
        (
            Set(
                "CreateAppointmentRoute/Properties/AuthorizationType",
                json!("AWS_IAM"),
            ),
            &[Broadening, Narrowing],
            "answers whom AWS_IAM",
        ),
        (
            Remove("CreateAppointmentRoute/Properties/AuthorizationScopes"),
            &[Broadening],
            "with scope appointments:write, and answers who has a token",
        ),
        (
            Push(
                "CreateAppointmentRoute/Properties/AuthorizationScopes",
                json!("appointments:read"),
            ),
            &[Broadening],
            "with scope appointments:read or appointments:write",
        ),
        (
            Set(
                "CreateAppointmentRoute/Properties/AuthorizationScopes",
                json!(["appointments:any"]),
            ),
            &[Broadening, Narrowing],
            "with scope appointments:any",
        ),
        (
            Set(
                "DefaultRoute/Properties/AuthorizationScopes",
                json!(["appointments:read"]),
            ),
            &[Narrowing],
            "$default no longer answers who has a token",
        ),
    ]);
}

#[test]
fn an_authorizer_takes_the_tokens_that_it_took() {
    let audience = "HttpApiAuthorizer/Properties/JwtConfiguration/Audience";
    all_in_prod(&[
        (
            Set(
                "HttpApiAuthorizer/Properties/JwtConfiguration/Issuer",
                json!("https://elsewhere.example"),
            ),
            &[Broadening, Narrowing],
            "answers who has a token of https://elsewhere.example for medical-schedule",
        ),
        (
            Push(audience, json!("another")),
            &[Broadening],
            "for another or medical-schedule with scope appointments:write",
        ),
        (Set(audience, json!([])), &[Broadening], "for any audience"),
        (
            Set("HttpApiAuthorizer/Properties/Name", json!("other")),
            &[Harmless],
            "other",
        ),
    ]);
    let two = review_of_edited(&prod(), &[Push(audience, json!("another"))]);
    let whom: Vec<&str> = two
        .access
        .iter()
        .filter(|change| change.turn == Turn::Possible)
        .map(|change| change.action.as_str())
        .collect();
    let routes = [
        "calls POST /appointments",
        "calls GET /appointments/{insuredId}",
        "calls GET /appointments/{insuredId}/{appointmentId}",
        "calls $default",
    ];
    assert_eq!(
        whom, routes,
        "each route that asks it, and not the browser's question"
    );
}

#[test]
fn an_authorizer_under_another_name_that_takes_the_same_tokens_opens_nothing() {
    let old = prod();
    let new = old.to_json().replace("HttpApiAuthorizer", "Callers");
    let new = infra_synth_cfn::Template::from_value(serde_json::from_str(&new).unwrap());
    let review = compare(&old, &new);
    assert_eq!(review.access, [], "{:?}", review.access);
}

#[test]
fn a_stage_that_begins_to_ask_for_tokens_closes_every_route() {
    let review = compare(&dev(), &prod());
    let closed: Vec<&str> = review
        .access
        .iter()
        .filter(|change| change.turn == Turn::Impossible && change.reason.contains(TOKENS))
        .map(|change| change.logical_id.as_str())
        .collect();
    let routes = [
        "CreateAppointmentRoute",
        "GetAppointmentRoute",
        "GetOneAppointmentRoute",
        "DefaultRoute",
    ];
    assert_eq!(closed, routes);
    assert!(review.open.is_empty(), "{:?}", review.open);
    assert_eq!(compare(&prod(), &dev()).open.len(), 1);
}

#[test]
fn a_route_is_held_back_by_its_own_limit_or_by_the_stages() {
    let own = "HttpApiStage/Properties/RouteSettings/POST ~1appointments";
    all(&[
        (Remove(own), &[Harmless], "RouteSettings"),
        (
            Remove("HttpApiStage/Properties/RouteSettings"),
            &[Harmless],
            "RouteSettings",
        ),
        (
            Set(
                own,
                json!({ "ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 5 }),
            ),
            &[Harmless],
            "10000 → 5",
        ),
        (
            Set(
                own,
                json!({ "ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 5, "DataTraceEnabled": true }),
            ),
            &[Broadening],
            "whole requests and answers are logged",
        ),
    ]);
    let without_default = review_of_edited(
        &dev(),
        &[
            Remove("HttpApiStage/Properties/DefaultRouteSettings"),
            Remove(own),
        ],
    );
    let reasons = without_default.reasons(Broadening);
    assert!(
        reasons.iter().any(|reason| reason.contains("POST /appointments")),
        "{reasons:?}"
    );
}

#[test]
fn the_secret_of_the_cursors_stays_what_it_is() {
    all(&[
        (
            Set(
                "CursorSecret/Properties/GenerateSecretString/PasswordLength",
                json!(32),
            ),
            &[Destructive],
            "another value",
        ),
        (
            Set(
                "GetAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/3/Resource",
                json!(["*"]),
            ),
            &[Broadening],
            "secretsmanager:GetSecretValue",
        ),
    ]);
}
