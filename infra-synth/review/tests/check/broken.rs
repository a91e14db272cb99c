use std::collections::BTreeSet;

use infra_synth_review::check::{Facts, rules};
use serde_json::json;

use crate::system::{Draft, stage, standing};

mod access;
mod data;
mod delivery;
mod running;

/// One edit of the template of `dev`, and what the check says of it beyond what it says without the edit.
type Case = (&'static str, fn(&mut Draft), &'static [&'static str]);

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    cases.extend(data::cases());
    cases.extend(access::cases());
    cases.extend(delivery::cases());
    cases.extend(running::cases());
    cases
}

fn alarm(queue: &str) -> serde_json::Value {
    json!({"Type": "AWS::CloudWatch::Alarm", "Properties": {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateAgeOfOldestMessage",
        "Dimensions": [{"Name": "QueueName", "Value": queue}],
        "AlarmActions": ["arn:aws:sns:us-east-1:1:people"],
    }})
}

/// A template of `prod` in which every rule has something to look at and finds it good.
fn good() -> (Draft, Facts) {
    let mut draft = Draft::of("prod");
    for function in [
        "CreateAppointment",
        "GetAppointment",
        "ProcessAppointmentPE",
        "ProcessAppointmentCL",
        "ProcessConfirmation",
        "RepublishPending",
    ] {
        draft.set(
            &format!("{function}LambdaFunction/Properties/TracingConfig"),
            json!({"Mode": "Active"}),
        );
    }
    for country in ["PE", "CL"] {
        draft.remove(&format!(
            "ProcessAppointment{country}Role/Properties/Policies/0/PolicyDocument/Statement/1"
        ));
    }
    draft.add("Watch", alarm("appointment-queue-pe"));
    (draft, stage("prod").1)
}

/// One edit of the good template, and what the check of a production stage says of it.
fn cases_in_production() -> Vec<Case> {
    vec![
        (
            "a route for anyone",
            |t| {
                t.remove("GetAppointmentRoute/Properties/AuthorizationType");
            },
            &["authorized-routes GetAppointmentRoute"],
        ),
        (
            "whatever is no route, for anyone",
            |t| {
                t.set("DefaultRoute/Properties/AuthorizationType", json!("NONE"));
            },
            &["authorized-routes DefaultRoute"],
        ),
        (
            "a route for anyone that only looks like a browser's question",
            |t| {
                t.set("PreflightRoute/Properties/RouteKey", json!("ANY /{proxy+}"));
            },
            &["authorized-routes PreflightRoute"],
        ),
        (
            "tokens for anyone's API",
            |t| {
                t.set(
                    "HttpApiAuthorizer/Properties/JwtConfiguration/Audience",
                    json!([]),
                );
            },
            &["tokens-for-us HttpApiAuthorizer"],
        ),
        (
            "keys that come in the clear",
            |t| {
                t.set(
                    "HttpApiAuthorizer/Properties/JwtConfiguration/Issuer",
                    json!("http://identity.example.com"),
                );
            },
            &["tokens-for-us HttpApiAuthorizer"],
        ),
        (
            "CORS for all headers",
            |t| {
                t.set("HttpApi/Properties/CorsConfiguration/AllowHeaders", json!(["*"]));
            },
            &["cors-not-open HttpApi"],
        ),
        (
            "CORS for all methods",
            |t| {
                t.set("HttpApi/Properties/CorsConfiguration/AllowMethods", json!(["*"]));
            },
            &["cors-not-open HttpApi"],
        ),
        (
            "a function that is not traced",
            |t| {
                t.remove("GetAppointmentLambdaFunction/Properties/TracingConfig");
            },
            &["tracing GetAppointmentLambdaFunction"],
        ),
    ]
}

#[test]
fn each_edit_breaks_the_rules_that_it_should_and_no_other() {
    let facts = stage("dev").1;
    let before: BTreeSet<String> = standing(&Draft::of("dev").check(&facts)).into_iter().collect();
    for (edit, apply, expected) in cases() {
        let mut draft = Draft::of("dev");
        apply(&mut draft);
        let after = standing(&draft.check(&facts));
        let new: BTreeSet<&str> = after
            .iter()
            .filter(|finding| !before.contains(*finding))
            .map(String::as_str)
            .collect();
        assert_eq!(new, expected.iter().copied().collect(), "{edit}");
    }
}

#[test]
fn one_template_keeps_every_rule_and_leaves_none_idle() {
    let (draft, facts) = good();
    let report = draft.check(&facts);
    assert_eq!(standing(&report), [""; 0]);
    assert_eq!(
        report.idle().iter().map(|rule| rule.id).collect::<Vec<_>>(),
        [""; 0]
    );
    assert_eq!(report.kept().len(), rules().count());
}

#[test]
fn every_rule_has_a_template_that_breaks_it() {
    let mut broken: BTreeSet<&str> = cases()
        .iter()
        .flat_map(|(_, _, expected)| *expected)
        .filter_map(|finding| finding.split(' ').next())
        .collect();
    for (edit, apply, expected) in cases_in_production() {
        let (mut draft, facts) = good();
        apply(&mut draft);
        let report = draft.check(&facts);
        assert_eq!(standing(&report), expected, "{edit}");
        broken.extend(report.findings().iter().map(|finding| finding.rule.id));
    }

    let all: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    assert_eq!(broken, all);
}

#[test]
fn a_secret_is_told_by_its_place_and_never_quoted() {
    let mut draft = Draft::of("dev");
    draft.set(
        "CreateAppointmentLambdaFunction/Properties/Environment/Variables/API_KEY",
        json!("Zk3vT9qLw8XyB2nRd7Pm5Js1"),
    );
    let report = draft.check(&stage("dev").1);
    for text in [
        report.to_text(),
        report.to_json(),
        report.to_sarif("dev"),
        format!("{report:?}"),
    ] {
        assert!(text.contains("no-plaintext-secret") && text.contains("Environment.Variables.API_KEY"));
        assert!(!text.contains("Zk3vT9"));
    }
}

#[test]
fn a_secret_outside_the_resources_is_found_too() {
    for (place, value) in [
        ("/Outputs/P", json!({"Value": "AKIAIOSFODNN7EXAMPLE"})),
        ("/Outputs/DbPassword", json!({"Value": "hunter2"})),
        ("/Mappings", json!({"M": {"K": {"ApiKey": "hunter2"}}})),
        ("/Metadata", json!({"Deploy": {"DbPassword": "hunter2"}})),
        (
            "/Description",
            json!("use ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
        ),
    ] {
        let mut draft = Draft::of("dev");
        let (parent, key) = place.rsplit_once('/').unwrap();
        draft.0.pointer_mut(parent).unwrap()[key] = value;
        let found = standing(&draft.check(&stage("dev").1));
        assert!(
            found.iter().any(|one| one.starts_with("no-plaintext-secret")),
            "{place}"
        );
    }
}
