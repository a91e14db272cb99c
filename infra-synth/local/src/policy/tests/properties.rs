//! What holds of every policy.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::{ROLE, SNS, policy, request};
use crate::policy::{Decision, PolicyDocument, Principal, decide};

/// A call as its parts: the principal, the action, the resource, the context.
type Call = (
    Principal<'static>,
    &'static str,
    &'static str,
    Vec<(&'static str, &'static str)>,
);

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_more_allow_never_takes_a_call_away(own in statements(), of in statements(), more in statement(), call in call()) {
        let mut more = more;
        more["Effect"] = json!("Allow");
        let before = outcome(&own, &of, &call);
        let after = outcome(&own, &[of.clone(), vec![more.clone()]].concat(), &call);
        let after_own = outcome(&[own.clone(), vec![more]].concat(), &of, &call);
        if before != Decision::ImplicitDeny {
            prop_assert_eq!(&after, &before);
            prop_assert_eq!(&after_own, &before);
        }
    }

    #[test]
    fn one_more_deny_never_gives_a_call(own in statements(), of in statements(), more in statement(), call in call()) {
        let mut more = more;
        more["Effect"] = json!("Deny");
        let before = outcome(&own, &of, &call);
        let after = outcome(&own, &[of.clone(), vec![more]].concat(), &call);
        prop_assert!(after != Decision::Allowed || before == Decision::Allowed);
    }

    #[test]
    fn a_deny_of_everything_always_wins(own in statements(), of in statements(), call in call()) {
        let everything = json!({ "Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*" });
        let decision = outcome(&own, &[of, vec![everything]].concat(), &call);
        let denied = matches!(decision, Decision::ExplicitDeny { .. });
        prop_assert!(denied, "{decision:?}");
    }

    #[test]
    fn the_order_of_statements_decides_nothing_but_who_is_named(own in statements(), of in statements(), call in call()) {
        let kind = |decision| std::mem::discriminant(&decision);
        let backwards = |statements: &[Value]| statements.iter().rev().cloned().collect::<Vec<_>>();
        prop_assert_eq!(
            kind(outcome(&own, &of, &call)),
            kind(outcome(&backwards(&own), &backwards(&of), &call))
        );
    }

    #[test]
    fn iam_rs_agrees_on_the_policies_of_a_role(own in statements(), call in call()) {
        let call = (Principal::Role(ROLE), call.1, call.2, call.3);
        let theirs = second_opinion(&without_principals(&own), &call);
        let ours = match outcome(&own, &[], &call) {
            Decision::Allowed => iam_rs::Decision::Allow,
            Decision::ExplicitDeny { .. } => iam_rs::Decision::Deny,
            Decision::ImplicitDeny => iam_rs::Decision::NotApplicable,
        };
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_naive_reading_agrees(own in statements(), of in statements(), call in call()) {
        let decision = outcome(&own, &of, &call);
        let named = naive::outcome(&own, &of, &call);
        prop_assert_eq!(std::mem::discriminant(&decision), std::mem::discriminant(&named));
    }
}

/// Decides with `own` as the caller's policy, where a principal has no place, and `of` as the resource's.
fn outcome(own: &[Value], of: &[Value], call: &Call) -> Decision {
    let own: PolicyDocument = policy(without_principals(own));
    let of = policy(json!(of));
    decide(&[&own], &[&of], &request(call.0, call.1, call.2, &call.3))
}

/// `iam-rs` takes only resources of six parts, and wildcards in `ArnLike` but not in `ArnEquals`; so do the samples.
fn second_opinion(statements: &Value, (_, action, resource, context): &Call) -> iam_rs::Decision {
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    let policy = iam_rs::IAMPolicy::from_json(&document.to_string()).expect("a sound policy");
    let mut known = iam_rs::Context::new();
    for (key, value) in context {
        let value = match *value {
            "true" => iam_rs::ContextValue::Boolean(true),
            text => iam_rs::ContextValue::String(text.to_owned()),
        };
        known.insert((*key).to_owned(), value);
    }
    let request = iam_rs::IAMRequest::new_with_context(
        iam_rs::Principal::Aws(iam_rs::PrincipalId::String(ROLE.to_owned())),
        *action,
        iam_rs::Arn::parse(resource).expect("an ARN"),
        known,
    );
    iam_rs::evaluate_policy(&policy, &request).expect("a decision")
}

fn without_principals(statements: &[Value]) -> Value {
    let mut statements = statements.to_vec();
    for statement in &mut statements {
        statement
            .as_object_mut()
            .expect("a statement")
            .shift_remove("Principal");
    }
    json!(statements)
}

fn call() -> impl Strategy<Value = Call> {
    let context = vec![
        ("aws:SourceArn", "arn:aws:sns:us-east-1:123456789012:t"),
        ("aws:SourceAccount", "1"),
        ("aws:SecureTransport", "true"),
    ];
    (
        select(vec![
            Principal::Role(ROLE),
            Principal::Role("arn:aws:iam::123456789012:role/b"),
            SNS,
        ]),
        select(vec!["sqs:SendMessage", "sqs:ReceiveMessage", "sns:Publish"]),
        select(vec![
            "arn:aws:sqs:us-east-1:123456789012:a",
            "arn:aws:sqs:us-east-1:123456789012:ab",
            "arn:aws:sns:us-east-1:123456789012:a",
        ]),
        subsequence(context, 0..=3),
    )
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(statement(), 0..4)
}

fn statement() -> impl Strategy<Value = Value> {
    let principal = select(vec![
        json!("*"),
        json!({ "AWS": ROLE }),
        json!({ "AWS": "123456789012" }),
        json!({ "Service": "sns.amazonaws.com" }),
    ]);
    let condition = select(vec![
        json!({}),
        json!({}),
        json!({ "ArnLike": { "aws:SourceArn": "arn:aws:sns:*:123456789012:t" } }),
        json!({ "StringNotEquals": { "aws:SourceAccount": ["1", "2"] } }),
        json!({ "BoolIfExists": { "aws:SecureTransport": "false" } }),
    ]);
    let actions = subsequence(vec!["sqs:SendMessage", "SQS:*Message", "sns:Publish", "*"], 1..=2);
    let resources = subsequence(
        vec![
            "arn:aws:sqs:us-east-1:123456789012:a",
            "arn:aws:sqs:*:*:*b",
            "arn:aws:sqs:us-east-?:123456789012:*",
            "*",
        ],
        1..=2,
    );
    (
        select(vec!["Allow", "Allow", "Deny"]),
        principal,
        actions,
        resources,
        condition,
    )
        .prop_map(|(effect, principal, actions, resources, condition)| {
            json!({ "Effect": effect, "Principal": principal, "Action": actions, "Resource": resources,
                "Condition": condition })
        })
}

/// The same decision from the JSON, statement by statement, without any preparation.
mod naive {
    use super::*;

    pub(super) fn outcome(own: &[Value], of: &[Value], call: &Call) -> Decision {
        let role = matches!(call.0, Principal::Role(_));
        let own = own.iter().filter(|statement| role && applies(statement, call));
        let of = of
            .iter()
            .filter(|statement| speaks_of(statement, call.0) && applies(statement, call));
        let effects: Vec<&str> = own
            .chain(of)
            .map(|statement| statement["Effect"].as_str().expect("an effect"))
            .collect();
        if effects.contains(&"Deny") {
            Decision::ExplicitDeny {
                statement: String::new(),
            }
        } else if effects.is_empty() {
            Decision::ImplicitDeny
        } else {
            Decision::Allowed
        }
    }

    fn speaks_of(statement: &Value, caller: Principal<'_>) -> bool {
        let principal = &statement["Principal"];
        match caller {
            Principal::Service(name) => principal == "*" || principal["Service"] == *name,
            Principal::Role(role) => {
                let account = principal["AWS"] == "123456789012" && statement["Effect"] == "Deny";
                principal == "*" || principal["AWS"] == *role || account
            }
        }
    }

    fn applies(statement: &Value, (_, action, resource, context): &Call) -> bool {
        let any = |element: &str, found: &str, case: fn(&str) -> String| {
            let listed = statement[element].as_array().expect("a list").iter();
            listed
                .filter_map(Value::as_str)
                .any(|one| like(&case(one), &case(found)))
        };
        let action = any("Action", action, str::to_lowercase);
        let resource = any("Resource", resource, str::to_owned);
        let value = |key: &str| {
            context
                .iter()
                .find(|(known, _)| *known == key)
                .map(|(_, value)| *value)
        };
        let condition = &statement["Condition"];
        let source = condition.get("ArnLike").is_none()
            || value("aws:SourceArn") == Some("arn:aws:sns:us-east-1:123456789012:t");
        let account = condition.get("StringNotEquals").is_none() || value("aws:SourceAccount") != Some("1");
        let transport =
            condition.get("BoolIfExists").is_none() || value("aws:SecureTransport") != Some("true");
        action && resource && source && account && transport
    }

    fn like(pattern: &str, found: &str) -> bool {
        match pattern.chars().next() {
            None => found.is_empty(),
            Some('*') => (0..=found.len()).any(|taken| like(&pattern[1..], &found[taken..])),
            Some('?') => !found.is_empty() && like(&pattern[1..], &found[1..]),
            Some(_) => !found.is_empty() && pattern[..1] == found[..1] && like(&pattern[1..], &found[1..]),
        }
    }
}
