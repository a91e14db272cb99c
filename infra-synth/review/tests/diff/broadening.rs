//! No edit of a policy that allows a request which the old one denied goes by as harmless.
//!
//! The judge is an evaluator of its own: it takes requests one by one and shares no code with the comparison, which
//! never looks at a request.

mod evaluator;

use infra_synth_review::diff::{Turn, Verdict};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value as Json, json};

use crate::edit::review_of_one;
use evaluator::{Request, allows};

const ACTIONS: [&str; 8] = [
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "SQS:sendmessage",
    "sqs:Send*",
    "sqs:?eceiveMessage",
    "sqs:*Message",
    "sqs:*",
    "*",
];
const RESOURCES: [&str; 6] = [
    "arn:aws:sqs:us-east-1:1:a",
    "arn:aws:sqs:us-east-1:1:b",
    "arn:aws:sqs:us-east-1:1:?",
    "arn:aws:sqs:us-east-1:1:*",
    "arn:aws:sqs:*:ab",
    "*",
];
/// The parts of a statement that an edit may take from another.
const PARTS: [&[&str]; 5] = [
    &["Effect"],
    &["Principal", "NotPrincipal"],
    &["Action", "NotAction"],
    &["Resource", "NotResource"],
    &["Condition"],
];

fn some_of(names: &'static [&'static str]) -> impl Strategy<Value = Json> {
    subsequence(names, 1..=3).prop_map(|names| json!(names))
}

fn principal() -> impl Strategy<Value = Json> {
    select(vec![
        json!("*"),
        json!({"AWS": "*"}),
        json!({"AWS": "arn:aws:iam::1:role/r"}),
        json!({"AWS": ["arn:aws:iam::1:role/r", "arn:aws:iam::1:role/s"]}),
        json!({"Service": "sns.amazonaws.com"}),
        json!({"Service": ["sns.amazonaws.com"], "AWS": "arn:aws:iam::1:role/s"}),
    ])
}

fn clauses() -> Vec<Json> {
    vec![
        json!({"StringEquals": {"aws:SourceAccount": "1"}}),
        json!({"StringEquals": {"aws:SourceAccount": ["1", "2"]}}),
        json!({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}),
        json!({"StringNotEquals": {"aws:sourceaccount": "2"}}),
        json!({"StringNotEquals": {"aws:sourceaccount": ["1", "2"]}}),
        json!({"StringLike": {"aws:SourceAccount": "?"}}),
        json!({"StringLike": {"aws:PrincipalTag/team": ["te*", "x"]}}),
        json!({"StringLike": {"aws:PrincipalTag/team": "tea?"}}),
        json!({"StringNotLike": {"aws:PrincipalTag/team": "te*"}}),
        json!({"StringEquals": {"aws:PrincipalTag/team": "team"}}),
        json!({"StringNotEquals": {"aws:PrincipalTag/team": "team"}}),
        json!({"Bool": {"aws:SecureTransport": "false"}}),
        json!({"Bool": {"aws:SecureTransport": true}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:1:*"}}),
        json!({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:1:t"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:*:t"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}),
        json!({"Null": {"aws:SourceArn": "true"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:*"}}),
        json!({"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:1:*"}}),
        json!({"ArnNotEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:1:t"}}),
        json!({"StringLikeIfExists": {"aws:PrincipalTag/team": "te*"}}),
    ]
}

fn condition() -> impl Strategy<Value = Json> {
    proptest::collection::vec(select(clauses()), 1..=2).prop_map(|clauses| {
        let mut block = Map::new();
        for clause in clauses {
            block.extend(clause.as_object().cloned().unwrap_or_default());
        }
        Json::Object(block)
    })
}

fn statement() -> impl Strategy<Value = Json> {
    // Excluding is rare in policies and rare here.
    let excludes = || prop::bool::weighted(0.2);
    (
        (prop::bool::weighted(0.7), excludes(), excludes(), excludes()),
        (
            principal(),
            some_of(&ACTIONS),
            some_of(&RESOURCES),
            prop::option::of(condition()),
        ),
    )
        .prop_map(
            |((allow, not_principal, not_action, not_resource), (principal, action, resource, condition))| {
                let mut fields = Map::new();
                fields.insert("Effect".into(), json!(if allow { "Allow" } else { "Deny" }));
                fields.insert(
                    if not_principal {
                        "NotPrincipal"
                    } else {
                        "Principal"
                    }
                    .into(),
                    principal,
                );
                fields.insert(if not_action { "NotAction" } else { "Action" }.into(), action);
                fields.insert(
                    if not_resource { "NotResource" } else { "Resource" }.into(),
                    resource,
                );
                if let Some(condition) = condition {
                    fields.insert("Condition".into(), condition);
                }
                Json::Object(fields)
            },
        )
}

#[derive(Debug, Clone)]
enum PolicyEdit {
    Add(Json),
    Remove(usize),
    Replace(usize, Json),
    /// A part of one statement, taken from another.
    Graft(usize, usize, Json),
}

fn edit() -> impl Strategy<Value = PolicyEdit> {
    prop_oneof![
        1 => statement().prop_map(PolicyEdit::Add),
        1 => (0..4_usize).prop_map(PolicyEdit::Remove),
        1 => (0..4_usize, statement()).prop_map(|(at, statement)| PolicyEdit::Replace(at, statement)),
        6 => (0..4_usize, 0..PARTS.len(), statement()).prop_map(|(at, part, from)| PolicyEdit::Graft(at, part, from)),
    ]
}

fn edited(statements: &[Json], edit: &PolicyEdit) -> Vec<Json> {
    let mut statements = statements.to_vec();
    let count = statements.len();
    match edit {
        PolicyEdit::Add(statement) => statements.push(statement.clone()),
        PolicyEdit::Remove(at) => drop(statements.remove(at % count)),
        PolicyEdit::Replace(at, statement) => statements[at % count] = statement.clone(),
        PolicyEdit::Graft(at, part, from) => {
            let fields = statements[at % count].as_object_mut().unwrap();
            for name in PARTS[*part] {
                fields.shift_remove(*name);
                if let Some(value) = from.get(*name) {
                    fields.insert((*name).to_owned(), value.clone());
                }
            }
        }
    }
    statements
}

fn queue_policy(statements: &[Json]) -> Json {
    json!({"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Q"}], "PolicyDocument": document(statements)}})
}

/// The same statements as a role's own: without principals, and parted over two policies.
fn role(statements: &[Json]) -> Json {
    let own: Vec<Json> = statements
        .iter()
        .map(|statement| {
            let mut fields = statement.as_object().cloned().unwrap_or_default();
            fields.retain(|name, _| name != "Principal" && name != "NotPrincipal");
            Json::Object(fields)
        })
        .collect();
    let (first, second) = own.split_at(own.len() / 2);
    json!({"Type": "AWS::IAM::Role", "Properties": {"Policies": [
        {"PolicyName": "a", "PolicyDocument": document(first)},
        {"PolicyName": "b", "PolicyDocument": document(second)},
    ]}})
}

fn document(statements: &[Json]) -> Json {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// A request that the new statements allow and the old ones do not.
fn newly_allowed(old: &[Json], new: &[Json]) -> Option<&'static Request> {
    Request::samples()
        .iter()
        .find(|request| allows(new, request) && !allows(old, request))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_queues_policy_that_allows_more_is_broadening(
        old in proptest::collection::vec(statement(), 1..4),
        edit in edit(),
    ) {
        let new = edited(&old, &edit);
        let verdicts = review_of_one(&queue_policy(&old), &queue_policy(&new)).verdicts();
        if let Some(request) = newly_allowed(&old, &new) {
            prop_assert!(verdicts.contains(&Verdict::Broadening), "{request:?} is new, yet {verdicts:?}");
        }
    }

    #[test]
    fn a_roles_policies_that_allow_more_are_broadening(
        old in proptest::collection::vec(statement(), 1..4),
        edit in edit(),
    ) {
        let new = edited(&old, &edit);
        let strip = |statements: &[Json]| -> Vec<Json> {
            let anyone = |statement: &Json| {
                let mut fields = statement.as_object().cloned().unwrap_or_default();
                fields.shift_remove("NotPrincipal");
                fields.insert("Principal".into(), json!("*"));
                Json::Object(fields)
            };
            statements.iter().map(anyone).collect()
        };
        let verdicts = review_of_one(&role(&old), &role(&new)).verdicts();
        if let Some(request) = newly_allowed(&strip(&old), &strip(&new)) {
            prop_assert!(verdicts.contains(&Verdict::Broadening), "{request:?} is new, yet {verdicts:?}");
        }
    }

    #[test]
    fn an_allowance_less_or_a_denial_more_is_not_called_broadening(
        old in proptest::collection::vec(statement(), 2..4),
        extra in statement(),
        at in 0..4_usize,
    ) {
        let mut new = old.clone();
        if new[at % old.len()]["Effect"] == "Allow" {
            new.remove(at % old.len());
        }
        if extra["Effect"] == "Deny" {
            new.push(extra);
        }
        let review = review_of_one(&queue_policy(&old), &queue_policy(&new));
        prop_assert!(review.access.iter().all(|access| access.turn == Turn::Impossible), "{review:?}");
    }
}

#[test]
fn the_samples_hold_requests_that_edits_open() {
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
    let allow = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:Send*", "Resource": "*"});
    assert!(newly_allowed(&[allow.clone(), deny.clone()], std::slice::from_ref(&allow)).is_some());
    assert!(newly_allowed(std::slice::from_ref(&allow), &[allow.clone(), deny]).is_none());
}

#[test]
fn every_condition_that_holds_where_another_does_not_is_told_from_it() {
    let statement = |effect: &str, condition: &Json| json!({"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition});
    let allow = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    let mut opened = 0;
    for one in clauses() {
        for other in clauses() {
            for (old, new) in [
                (vec![statement("Allow", &one)], vec![statement("Allow", &other)]),
                (
                    vec![allow.clone(), statement("Deny", &one)],
                    vec![allow.clone(), statement("Deny", &other)],
                ),
            ] {
                if newly_allowed(&old, &new).is_some() {
                    opened += 1;
                    let verdicts = review_of_one(&queue_policy(&old), &queue_policy(&new)).verdicts();
                    assert!(
                        verdicts.contains(&Verdict::Broadening),
                        "{one} → {other}: {verdicts:?}"
                    );
                }
            }
        }
    }
    assert!(opened > 300, "only {opened} of these changes open anything");
}
