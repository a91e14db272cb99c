//! What is refused when a policy is read, and in which words.
#![expect(
    clippy::needless_pass_by_value,
    reason = "a `json!` literal reads better without a borrow"
)]

use serde_json::{Value, json};

use crate::policy::PolicyDocument;

#[track_caller]
fn refusal(document: Value) -> String {
    PolicyDocument::parse(&document)
        .expect_err("a policy to refuse")
        .to_string()
}

/// A sound statement with one element changed.
fn with(element: &str, value: Value) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*" });
    statement[element] = value;
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn without(element: &str) -> Value {
    let mut document = with("Sid", json!("Some"));
    document["Statement"][0]
        .as_object_mut()
        .expect("a statement")
        .shift_remove(element);
    document
}

#[test]
fn an_element_that_is_not_evaluated_is_refused_by_name() {
    assert_eq!(
        refusal(with("NotAction", json!("sqs:*"))),
        "`/Statement/0` has the element `NotAction`, which is not supported here; list the actions in `Action`"
    );
    for element in ["NotResource", "NotPrincipal", "Efect"] {
        assert!(
            refusal(with(element, json!("*"))).contains(&format!("the element `{element}`")),
            "{element}"
        );
    }
    assert!(refusal(json!({ "Statement": [], "Rules": [] })).contains("`/` has the element `Rules`"));
    assert!(refusal(with("Principal", json!({ "Federated": "x" }))).contains("`Federated`"));
}

#[test]
fn an_unknown_condition_operator_or_key_is_refused_by_name() {
    let message = refusal(with(
        "Condition",
        json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } }),
    ));
    assert!(
        message.starts_with("`/Statement/0/Condition/IpAddress` uses the condition operator `IpAddress`")
    );
    for operator in [
        "NumericLessThan",
        "Null",
        "ForAllValues:StringEquals",
        "StringEqualsIgnoreCase",
    ] {
        let message = refusal(with("Condition", json!({ operator: { "aws:SourceArn": "x" } })));
        assert!(message.contains(&format!("`{operator}`")), "{message}");
    }
    assert_eq!(
        refusal(with(
            "Condition",
            json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } })
        )),
        "`/Statement/0/Condition/StringEquals/aws:SourceVpce` tests the context key `aws:SourceVpce`, which is not \
         known here; use one of `aws:PrincipalAccount`, `aws:PrincipalArn`, `aws:SecureTransport`, \
         `aws:SourceAccount`, `aws:SourceArn`, `lambda:SourceFunctionArn`"
    );
}

#[test]
fn a_condition_value_has_to_suit_its_operator() {
    let bool = with("Condition", json!({ "Bool": { "aws:SecureTransport": "no" } }));
    assert!(refusal(bool).contains("is `no`, expected true or false"));
    let arn = with(
        "Condition",
        json!({ "ArnLike": { "aws:SourceArn": "arn:aws:sns:*" } }),
    );
    assert!(refusal(arn).contains("is `arn:aws:sns:*`, expected an ARN of six parts"));
    let number = with("Condition", json!({ "StringEquals": { "aws:SourceAccount": 1 } }));
    assert!(refusal(number).ends_with("is not a text"));
}

#[test]
fn a_policy_variable_is_refused_wherever_it_stands() {
    for document in [
        with("Resource", json!("arn:aws:s3:::${aws:username}")),
        with(
            "Condition",
            json!({ "StringLike": { "aws:SourceArn": ["*", "${aws:PrincipalArn}"] } }),
        ),
    ] {
        assert!(refusal(document).contains("holds a policy variable"));
    }
}

#[test]
fn what_is_missing_or_misshapen_is_refused_by_place() {
    assert_eq!(refusal(json!([])), "`/` is not a policy object");
    assert_eq!(
        refusal(json!({ "Version": "2012-10-17" })),
        "`/` has no `Statement`"
    );
    assert_eq!(
        refusal(json!({ "Version": "2013", "Statement": [] })),
        "`/Version` is `2013`, expected `2012-10-17`"
    );
    assert_eq!(
        refusal(json!({ "Statement": ["x"] })),
        "`/Statement/0` is not a statement object"
    );
    for element in ["Effect", "Action", "Resource"] {
        assert_eq!(
            refusal(without(element)),
            format!("`/Statement/0` has no `{element}`")
        );
    }
    assert_eq!(
        refusal(with("Effect", json!("allow"))),
        "`/Statement/0/Effect` is `allow`, expected `Allow` or `Deny`"
    );
    assert!(
        refusal(with("Action", json!(["sqs:SendMessage", "SendMessage"])))
            .contains("`/Statement/0/Action/1`")
    );
    assert!(refusal(with("Action", json!([]))).contains("`/Statement/0/Action`"));
    assert!(refusal(with("Resource", json!("queue"))).contains("expected `*` or an ARN"));
    let partial = json!({ "AWS": "arn:aws:iam::123456789012:role/*" });
    assert!(refusal(with("Principal", partial)).contains("without wildcards"));
}

#[test]
fn a_trust_policy_names_no_resource() {
    let trust = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Service": ["lambda.amazonaws.com"] } } });
    assert!(PolicyDocument::parse(&trust).is_ok());
    let mut with_resource = trust;
    with_resource["Statement"]["Resource"] = json!("*");
    let refusal = PolicyDocument::parse(&with_resource).unwrap_err().to_string();
    assert!(refusal.contains("`Resource`"), "{refusal}");
}
