//! A stack refuses what is not a template, and says where it was written.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on stops"
)]

use infra_synth_cfn::{
    Attributes, DeletionPolicy, Fault, Parameter, Stack, Value,
    kind::{QueueArn, Text, VpcId},
    resources::{Queue, RedriveAllowPolicy, RedrivePolicy, Topic},
};
use serde_json::json;

fn faults(stack: Stack) -> Vec<Fault> {
    stack.synth().expect_err("a fault").faults().to_vec()
}

#[test]
fn a_resource_knows_the_line_that_declared_it() {
    let mut stack = Stack::new("");
    let line = line!() + 1;
    stack.add("Queue", Queue::default());
    let template = stack.synth().unwrap();

    let source = template.source_of("Queue").unwrap();
    assert_eq!(
        source.to_string(),
        format!("infra-synth/cfn/tests/stack.rs:{line}")
    );
    assert_eq!(template.source_of("Another"), None);
}

#[test]
fn a_logical_id_that_stands_twice_is_named_with_both_lines() {
    let mut stack = Stack::new("");
    let first = line!() + 1;
    stack.add("Queue", Queue::default());
    stack.add("Queue", Topic::default());

    let message = stack.synth().unwrap_err().to_string();
    let (file, second) = ("infra-synth/cfn/tests/stack.rs", first + 1);
    assert!(message.contains("`Queue`"), "{message}");
    assert!(message.contains(&format!("{file}:{first}")), "{message}");
    assert!(message.contains(&format!("{file}:{second}")), "{message}");
}

#[test]
fn a_parameter_and_a_resource_cannot_share_a_logical_id() {
    let mut stack = Stack::new("");
    stack.parameter::<VpcId>("Thing", &Parameter::default());
    stack.add("Thing", Queue::default());
    assert!(matches!(&faults(stack)[..], [Fault::Duplicate { id, .. }] if id == "Thing"));
}

#[test]
fn an_output_may_be_called_like_the_resource_that_it_shows() {
    let mut stack = Stack::new("");
    let queue = stack.add("Queue", Queue::default());
    stack.output("Queue", "Where it is", &queue.url().text());
    stack.synth().unwrap();
}

#[test]
fn an_output_that_stands_twice_is_a_fault() {
    let mut stack = Stack::new("");
    stack.output("Url", "", &"a".into());
    stack.output("Url", "", &"b".into());
    assert!(matches!(&faults(stack)[..], [Fault::Duplicate { id, .. }] if id == "Url"));
}

#[test]
fn a_logical_id_takes_letters_and_digits_only() {
    for bad in ["", "queue-pe", "Cola.PE", "Añadida", &"x".repeat(256)] {
        let mut stack = Stack::new("");
        stack.add(bad, Queue::default());
        assert!(
            matches!(&faults(stack)[..], [Fault::BadLogicalId { id, .. }] if id == bad),
            "`{bad}`"
        );
    }
}

#[test]
fn a_reference_to_nothing_is_named_with_its_property_and_line() {
    let mut stack = Stack::new("");
    let line = line!() + 1;
    stack.add(
        "Queue",
        Queue {
            queue_name: Some(Value::sub("${Prefix}-queue")),
            ..Queue::default()
        },
    );

    let found = faults(stack);
    let [Fault::UnknownReference { id, path, target, at }] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(
        (id.as_str(), path.as_str(), target.as_str()),
        ("Queue", "Properties.QueueName", "Prefix")
    );
    assert_eq!(at.line, line);
}

#[test]
fn an_output_and_a_depends_on_are_checked_like_properties() {
    let mut stack = Stack::new("");
    stack.add_with("Queue", Queue::default(), Attributes::depends_on(&["Gone"]));
    stack.output("Url", "", &Value::<Text>::sub("${Lost.Arn}"));
    let targets: Vec<_> = faults(stack)
        .into_iter()
        .map(|fault| match fault {
            Fault::UnknownReference { target, .. } => target,
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(targets, ["Gone", "Lost"]);
}

#[test]
fn a_value_of_another_stack_is_a_reference_to_nothing() {
    let foreign = Stack::new("").add("Foreign", Queue::default());
    let mut stack = Stack::new("");
    let redrive = RedrivePolicy {
        dead_letter_target_arn: foreign.arn(),
        max_receive_count: 5,
    };
    stack.add(
        "Queue",
        Queue {
            redrive_policy: Some(redrive),
            ..Queue::default()
        },
    );
    assert!(matches!(&faults(stack)[..], [Fault::UnknownReference { target, .. }] if target == "Foreign"));
}

#[test]
fn queues_that_name_each_other_are_a_circle() {
    let arn_of = |id: &str| Value::<QueueArn>::sub(format!("${{{id}.Arn}}"));
    let mut stack = Stack::new("");
    let redrive = RedrivePolicy {
        dead_letter_target_arn: arn_of("Dead"),
        max_receive_count: 5,
    };
    stack.add(
        "Queue",
        Queue {
            redrive_policy: Some(redrive),
            ..Queue::default()
        },
    );
    let allow = RedriveAllowPolicy::ByQueue {
        source_queue_arns: vec![arn_of("Queue")],
    };
    stack.add(
        "Dead",
        Queue {
            redrive_allow_policy: Some(allow),
            ..Queue::default()
        },
    );

    assert!(matches!(&faults(stack)[..], [Fault::Circle { ids, .. }] if ids == &["Queue", "Dead"]));
}

#[test]
fn every_fault_is_told_at_once() {
    let mut stack = Stack::new("");
    stack.add("a-b", Queue::default());
    stack.add("Topic", Topic::default());
    stack.add("Topic", Topic::default());
    stack.output("Out", "", &Value::<Text>::sub("${Gone}"));
    assert_eq!(faults(stack).len(), 3);
}

#[test]
fn what_is_not_said_is_not_in_the_template() {
    let mut stack = Stack::new("Little");
    stack.add("Topic", Topic::default());
    let expected = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Little",
        "Resources": { "Topic": { "Type": "AWS::SNS::Topic" } },
    });
    assert_eq!(stack.synth().unwrap().to_value(), expected);
}

#[test]
fn a_resource_that_is_kept_after_a_failed_creation_is_also_kept_when_replaced() {
    let mut stack = Stack::new("");
    let kept = Attributes::on_removal(DeletionPolicy::RetainExceptOnCreate);
    stack.add_with("Topic", Topic::default(), kept);
    let template = stack.synth().unwrap().to_value();
    let topic = &template["Resources"]["Topic"];
    assert_eq!(topic["DeletionPolicy"], "RetainExceptOnCreate");
    assert_eq!(
        topic["UpdateReplacePolicy"], "Retain",
        "replacement knows no other way to keep"
    );
}

#[test]
fn an_exception_knows_its_line_and_is_no_part_of_the_template() {
    let declare = || {
        let mut stack = Stack::new("");
        stack.add("Topic", Topic::default());
        stack
    };
    let mut stack = declare();
    let line = line!() + 1;
    stack.except("Topic", "topic-encrypted", "says nothing of anybody");
    let template = stack.synth().unwrap();

    let [exception] = template.exceptions() else {
        panic!("one exception: {:?}", template.exceptions());
    };
    assert_eq!(
        (exception.logical_id.as_str(), exception.rule),
        ("Topic", "topic-encrypted")
    );
    assert_eq!(exception.at.line, line);
    assert_eq!(template.to_yaml(), declare().synth().unwrap().to_yaml());
}
