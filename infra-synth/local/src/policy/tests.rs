#![expect(
    clippy::needless_pass_by_value,
    reason = "a `json!` literal reads better without a borrow"
)]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Decision, PolicyDocument, Principal, Request, decide, missing_statement};

mod documents;
mod properties;

const ROLE: &str = "arn:aws:iam::123456789012:role/createAppointment";
const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:appointment-queue-pe";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:appointment-notifications-topic";
const SNS: Principal<'static> = Principal::Service("sns.amazonaws.com");

fn policy(statements: Value) -> PolicyDocument {
    PolicyDocument::parse(&json!({ "Version": "2012-10-17", "Statement": statements }))
        .expect("a sound policy")
}

fn request<'a>(
    principal: Principal<'a>,
    action: &'a str,
    resource: &'a str,
    context: &[(&'a str, &str)],
) -> Request<'a> {
    let context = context
        .iter()
        .map(|(key, value)| (*key, (*value).to_owned()))
        .collect::<BTreeMap<_, _>>();
    Request {
        principal,
        action,
        resource,
        context,
    }
}

/// The policy that a queue fed by a topic has.
fn queue_policy() -> PolicyDocument {
    policy(json!([
        { "Sid": "TopicOnly", "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" },
          "Action": "sqs:SendMessage", "Resource": QUEUE,
          "Condition": { "ArnEquals": { "aws:SourceArn": TOPIC },
                         "StringEquals": { "aws:SourceAccount": "123456789012" } } },
        { "Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": QUEUE,
          "Condition": { "Bool": { "aws:SecureTransport": "false" } } },
    ]))
}

#[test]
fn a_queue_admits_its_own_topic_and_nothing_else() {
    let decide_for = |principal, context: &[(&'static str, &str)]| {
        decide(
            &[],
            &[&queue_policy()],
            &request(principal, "sqs:SendMessage", QUEUE, context),
        )
    };
    let own = [
        ("aws:SourceArn", TOPIC),
        ("aws:SourceAccount", "123456789012"),
        ("aws:SecureTransport", "true"),
    ];
    assert_eq!(decide_for(SNS, &own), Decision::Allowed);
    let other_topic = [("aws:SourceArn", QUEUE), own[1], own[2]];
    assert_eq!(decide_for(SNS, &other_topic), Decision::ImplicitDeny);
    let other_account = [own[0], ("aws:SourceAccount", "999999999999"), own[2]];
    assert_eq!(decide_for(SNS, &other_account), Decision::ImplicitDeny);
    assert_eq!(
        decide_for(SNS, &own[1..]),
        Decision::ImplicitDeny,
        "a missing source is no source"
    );
    let plain_http = [own[0], own[1], ("aws:SecureTransport", "false")];
    assert_eq!(
        decide_for(SNS, &plain_http),
        Decision::ExplicitDeny {
            statement: "TlsOnly".to_owned()
        }
    );
    assert_eq!(
        decide_for(Principal::Service("events.amazonaws.com"), &own),
        Decision::ImplicitDeny
    );
    assert_eq!(decide_for(Principal::Role(ROLE), &own), Decision::ImplicitDeny);
}

#[test]
fn one_of_both_sides_is_enough_for_a_role() {
    let statement = |principal: Option<Value>| {
        let mut statement = missing_statement("sqs:SendMessage", QUEUE);
        if let Some(principal) = principal {
            statement["Principal"] = principal;
        }
        policy(statement)
    };
    let own = statement(None);
    let of_queue = statement(Some(json!({ "AWS": ROLE })));
    let send = request(Principal::Role(ROLE), "sqs:SendMessage", QUEUE, &[]);
    assert_eq!(decide(&[&own], &[], &send), Decision::Allowed);
    assert_eq!(decide(&[], &[&of_queue], &send), Decision::Allowed);
    assert_eq!(decide(&[], &[], &send), Decision::ImplicitDeny);
    let other = request(
        Principal::Role("arn:aws:iam::123456789012:role/other"),
        send.action,
        QUEUE,
        &[],
    );
    assert_eq!(decide(&[], &[&of_queue], &other), Decision::ImplicitDeny);
}

#[test]
fn a_service_has_no_policies_of_its_own() {
    let own = policy(missing_statement("sqs:SendMessage", QUEUE));
    let send = request(SNS, "sqs:SendMessage", QUEUE, &[]);
    assert_eq!(decide(&[&own], &[], &send), Decision::ImplicitDeny);
}

#[test]
fn a_policy_on_the_wrong_side_grants_nothing() {
    let without_principal = policy(missing_statement("sqs:SendMessage", QUEUE));
    let mut statement = missing_statement("sqs:SendMessage", QUEUE);
    statement["Principal"] = json!("*");
    let with_principal = policy(statement);
    let send = request(Principal::Role(ROLE), "sqs:SendMessage", QUEUE, &[]);
    assert_eq!(decide(&[], &[&without_principal], &send), Decision::ImplicitDeny);
    assert_eq!(decide(&[&with_principal], &[], &send), Decision::ImplicitDeny);
}

#[test]
fn a_deny_on_either_side_wins_wherever_it_stands() {
    let allow = policy(missing_statement("sqs:*", "*"));
    let deny = policy(json!([
        { "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*" },
        { "Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*" },
    ]));
    let of_queue = policy(
        json!({ "Sid": "Closed", "Effect": "Deny", "Principal": { "AWS": "123456789012" },
        "Action": "sqs:*", "Resource": QUEUE }),
    );
    let send = request(Principal::Role(ROLE), "sqs:SendMessage", QUEUE, &[]);
    let denied_by = |name: &str| Decision::ExplicitDeny {
        statement: name.to_owned(),
    };
    assert_eq!(decide(&[&allow, &deny], &[], &send), denied_by("#2"));
    assert_eq!(decide(&[&deny, &allow], &[], &send), denied_by("#2"));
    assert_eq!(decide(&[&allow], &[&of_queue], &send), denied_by("Closed"));
}

#[test]
fn an_allow_for_the_account_leaves_the_decision_to_the_roles_own_policies() {
    let root = json!({ "AWS": "arn:aws:iam::123456789012:root" });
    let of_queue =
        policy(json!({ "Effect": "Allow", "Principal": root, "Action": "sqs:*", "Resource": QUEUE }));
    let send = request(Principal::Role(ROLE), "sqs:SendMessage", QUEUE, &[]);
    assert_eq!(decide(&[], &[&of_queue], &send), Decision::ImplicitDeny);
}

#[test]
fn actions_ignore_case_and_resources_do_not() {
    let own = policy(json!({ "Effect": "Allow", "Action": ["sqs:send*"],
        "Resource": "arn:aws:sqs:us-east-1:123456789012:*" }));
    let decide_for = |action, resource| {
        decide(
            &[&own],
            &[],
            &request(Principal::Role(ROLE), action, resource, &[]),
        ) == Decision::Allowed
    };
    assert!(decide_for("sqs:SendMessage", QUEUE));
    assert!(!decide_for("sqs:ReceiveMessage", QUEUE));
    assert!(!decide_for(
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:123456789012:appointment-queue-pe"
    ));
    assert!(!decide_for("sqs:SendMessage", &QUEUE.to_uppercase()));
}

/// Whether a statement under this condition block applies to a call with this context.
#[track_caller]
fn check(condition: Value, context: &[(&'static str, &str)], expected: bool) {
    let own = policy(
        json!({ "Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": condition.clone() }),
    );
    let decision = decide(
        &[&own],
        &[],
        &request(Principal::Role(ROLE), "sqs:SendMessage", QUEUE, context),
    );
    assert_eq!(
        decision == Decision::Allowed,
        expected,
        "{condition} with {context:?}"
    );
}

#[test]
fn string_operators_compare_whole_texts() {
    let account = |operator: &str, value: &str| json!({ operator: { "aws:SourceAccount": value } });
    check(
        account("StringEquals", "12"),
        &[("aws:SourceAccount", "12")],
        true,
    );
    check(
        account("StringEquals", "1*"),
        &[("aws:SourceAccount", "12")],
        false,
    );
    check(
        account("StringNotEquals", "12"),
        &[("aws:SourceAccount", "12")],
        false,
    );
    check(
        account("StringNotEquals", "13"),
        &[("aws:SourceAccount", "12")],
        true,
    );
    check(account("StringLike", "1?"), &[("aws:SourceAccount", "12")], true);
    check(
        account("StringLike", "1?"),
        &[("aws:SourceAccount", "123")],
        false,
    );
    check(
        account("StringNotLike", "1*"),
        &[("aws:SourceAccount", "123")],
        false,
    );
}

#[test]
fn a_list_of_values_is_an_or_and_under_a_negation_a_nor() {
    let one_of = json!({ "StringEquals": { "AWS:sourceaccount": ["1", "2"] } });
    check(one_of.clone(), &[("aws:SourceAccount", "2")], true);
    check(one_of, &[("aws:SourceAccount", "3")], false);
    let none_of = json!({ "StringNotEquals": { "aws:SourceAccount": ["1", "2"] } });
    check(none_of.clone(), &[("aws:SourceAccount", "2")], false);
    check(none_of, &[("aws:SourceAccount", "3")], true);
}

#[test]
fn every_key_of_every_operator_has_to_hold() {
    let both = json!({ "StringEquals": { "aws:SourceAccount": "1", "aws:PrincipalAccount": "123456789012" },
        "Bool": { "aws:SecureTransport": true } });
    let held = [("aws:SourceAccount", "1"), ("aws:SecureTransport", "true")];
    check(both.clone(), &held, true);
    check(both.clone(), &held[..1], false);
    check(
        both,
        &[("aws:SourceAccount", "1"), ("aws:SecureTransport", "false")],
        false,
    );
}

#[test]
fn a_missing_key_fails_unless_negated_or_if_exists() {
    for (operator, holds) in [
        ("StringEquals", false),
        ("StringLike", false),
        ("ArnEquals", false),
        ("ArnLike", false),
        ("StringNotEquals", true),
        ("StringNotLike", true),
        ("ArnNotEquals", true),
        ("ArnNotLike", true),
        ("StringEqualsIfExists", true),
        ("StringNotEqualsIfExists", true),
        ("ArnLikeIfExists", true),
    ] {
        check(json!({ operator: { "aws:SourceArn": TOPIC } }), &[], holds);
    }
    check(json!({ "Bool": { "aws:SecureTransport": "false" } }), &[], false);
    check(
        json!({ "BoolIfExists": { "aws:SecureTransport": "false" } }),
        &[],
        true,
    );
    check(
        json!({ "StringEqualsIfExists": { "aws:SourceArn": TOPIC } }),
        &[("aws:SourceArn", "other")],
        false,
    );
}

#[test]
fn a_wildcard_in_an_arn_condition_stays_within_its_part() {
    let source = |pattern: &str| json!({ "ArnLike": { "aws:SourceArn": pattern } });
    let rule = "arn:aws:events:us-east-1:123456789012:rule/bus/confirmation:1";
    check(
        source("arn:aws:events:*:*:rule/*"),
        &[("aws:SourceArn", rule)],
        true,
    );
    check(
        source("arn:aws:events:us-*:123456789012:rule/bus/*:?"),
        &[("aws:SourceArn", rule)],
        true,
    );
    check(
        source("arn:*:events:us-east-1:123456789012:rule/*"),
        &[("aws:SourceArn", rule)],
        true,
    );
    check(
        source("arn:aws:ev*:123456789012:rule:*:1"),
        &[("aws:SourceArn", rule)],
        false,
    );
    check(source("arn:aws:sns:*:*:*"), &[("aws:SourceArn", rule)], false);
    check(source("arn:aws:*:*:*:*"), &[("aws:SourceArn", "no arn")], false);
    check(
        json!({ "ArnEquals": { "aws:PrincipalArn": "arn:aws:iam::*:role/create*" } }),
        &[],
        true,
    );
}

#[test]
fn the_missing_statement_is_what_was_missing() {
    let statement = missing_statement(
        "dynamodb:PutItem",
        "arn:aws:dynamodb:us-east-1:1:table/appointments",
    );
    assert_eq!(
        statement.to_string(),
        r#"{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"arn:aws:dynamodb:us-east-1:1:table/appointments"}"#
    );
}
