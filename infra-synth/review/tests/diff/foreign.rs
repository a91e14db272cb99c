//! Templates that are not ours, or not quite templates.

use infra_synth_cfn::Template;
use infra_synth_review::diff::{Gate, Verdict, compare};
use serde_json::{Value as Json, json};

use crate::edit::review_of_one;

fn review(old: &Json, new: &Json) -> infra_synth_review::diff::Review {
    compare(
        &Template::from_value(old.clone()),
        &Template::from_value(new.clone()),
    )
}

#[test]
fn what_is_malformed_is_compared_as_far_as_it_goes_and_passes_no_gate() {
    let old = json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}});
    for malformed in [
        json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": ["x"]}}}),
        json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Other": "text"}}),
        json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Other": {"Properties": {}}}}),
        json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Fn::Transform": {"Name": "x"}}}}}),
    ] {
        let review = review(&old, &malformed);
        for gate in [Gate::Any, Gate::Broadening, Gate::Destructive] {
            assert!(gate.offence(&review).is_some(), "{gate} lets {malformed} pass");
        }
    }
    assert!(review(&json!(null), &json!([])).is_empty());
}

#[test]
fn an_unknown_type_passes_no_gate() {
    let thing = |size| json!({"Type": "AWS::Unheard::Of", "Properties": {"Size": size}});
    let review = review_of_one(&thing(1), &thing(2));
    assert_eq!(
        review.verdicts().into_iter().collect::<Vec<_>>(),
        [Verdict::Unjudged]
    );
    let offence = Gate::Destructive.offence(&review).unwrap();
    assert!(
        offence.reasons[0].starts_with("could not be judged: It"),
        "{offence:?}"
    );
}

#[test]
fn two_spellings_of_one_value_are_one() {
    let function = |role: Json, size: Json| json!({"Type": "AWS::Lambda::Function", "Properties": {"Role": role, "MemorySize": size, "Description": {"Ref": "AWS::NoValue"}}});
    let old = function(json!({"Fn::Sub": "${R.Arn}"}), json!(128));
    let mut new = function(
        json!({"Fn::Join": ["", [{"Fn::GetAtt": ["R", "Arn"]}]]}),
        json!("128"),
    );
    new["Properties"]
        .as_object_mut()
        .unwrap()
        .shift_remove("Description");
    assert!(review_of_one(&old, &new).is_empty());
}

#[test]
fn the_order_of_statements_and_of_their_lists_means_nothing() {
    let policy = |statements: Json| json!({"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Q"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}});
    let one = json!({"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": ["sqs:A", "sqs:B"], "Resource": "*"});
    let same = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["sqs:B", "sqs:A"], "Resource": ["*"]});
    let two = json!({"Effect": "Deny", "Principal": "*", "Action": "sqs:C", "Resource": "*"});
    let review = review_of_one(&policy(json!([one, two])), &policy(json!([two, same])));
    assert!(review.is_empty(), "{review:?}");
}

#[test]
fn a_pattern_tells_a_number_from_a_text() {
    let rule = |value: Json| json!({"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"detail": {"n": [value]}}, "Targets": [{"Id": "t", "Arn": {"Ref": "T"}}]}});
    assert!(
        review_of_one(&rule(json!(1)), &rule(json!("1")))
            .verdicts()
            .contains(&Verdict::Destructive)
    );
}

#[test]
fn a_parameters_other_default_changes_what_refers_to_it() {
    let template = |default| {
        json!({
            "Parameters": {"Days": {"Type": "Number", "Default": default}},
            "Resources": {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": {"Ref": "Days"}}}},
        })
    };
    let review = review(&template(30), &template(1));
    assert!(
        review
            .resources
            .iter()
            .any(|resource| resource.logical_id == "Logs"),
        "{review:?}"
    );
    assert!(Gate::Destructive.offence(&review).is_some());
}

#[test]
fn of_a_template_whose_lines_nobody_knows_no_line_is_named() {
    use infra_synth_review::diff::{markdown, text};

    let queue = |seconds: u32| json!({"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": seconds}});
    let review = review_of_one(&queue(1), &queue(2));
    assert!(!text(&review, false).contains("declared"));
    assert!(markdown(&review).contains("**It** (AWS::SQS::Queue): no interruption\n"));
}
