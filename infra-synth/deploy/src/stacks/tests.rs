//! Against answers of AWS that an emulator does not give.

use std::time::Duration;

use aws_sdk_cloudformation::{
    Client,
    operation::{delete_stack::DeleteStackOutput, describe_stacks::DescribeStacksOutput},
    types::{self, ResourceStatus, Stack, StackEvent},
};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use infra_synth_cfn::{Stack as Declared, Template, resources::Topic};

use super::*;

mod change_sets;
mod following;

const ID: &str = "arn:aws:cloudformation:us-east-1:123456789012:stack/appointment-dev/1";

fn stacks(rules: &[&Rule]) -> Stacks {
    let client = mock_client!(aws_sdk_cloudformation, RuleMode::MatchAny, rules);
    Stacks::new(client, Duration::from_millis(1))
}

fn stack_in(status: &str) -> DescribeStacksOutput {
    let stack = Stack::builder()
        .stack_name("appointment-dev")
        .stack_id(ID)
        .creation_time(aws_sdk_cloudformation::primitives::DateTime::from_secs(0))
        .stack_status(types::StackStatus::from(status))
        .build();
    DescribeStacksOutput::builder().stacks(stack).build()
}

fn event(id: &str, logical_id: &str, status: &str, reason: &str) -> StackEvent {
    StackEvent::builder()
        .event_id(id)
        .stack_id(ID)
        .stack_name("appointment-dev")
        .logical_resource_id(logical_id)
        .resource_type("AWS::SNS::Topic")
        .resource_status(ResourceStatus::from(status))
        .resource_status_reason(reason)
        .timestamp(aws_sdk_cloudformation::primitives::DateTime::from_secs(0))
        .build()
}

/// An event about the stack itself.
fn of_stack(id: &str, status: &str, reason: &str) -> StackEvent {
    StackEvent::builder()
        .event_id(id)
        .stack_id(ID)
        .stack_name("appointment-dev")
        .logical_resource_id("appointment-dev")
        .physical_resource_id(ID)
        .resource_type("AWS::CloudFormation::Stack")
        .resource_status(ResourceStatus::from(status))
        .resource_status_reason(reason)
        .build()
}

fn template() -> Template {
    let mut stack = Declared::new("test");
    stack.add("Announcements", Topic::default());
    stack.synth().unwrap()
}

#[tokio::test]
async fn a_deletion_that_stopped_goes_on_without_what_is_to_stay() {
    let begun = mock!(Client::delete_stack)
        .match_requests(|request| request.retain_resources() == ["Logs"])
        .then_output(|| DeleteStackOutput::builder().build());
    stacks(&[&begun])
        .delete(&deployed_in("DELETE_FAILED"), &template(), &["Logs".to_owned()])
        .await
        .unwrap();
    assert_eq!(begun.num_calls(), 1);
}

#[tokio::test]
async fn a_protected_stack_and_a_protected_resource_are_not_deleted() {
    let protected = DeployedStack {
        is_protected: true,
        ..deployed_in("CREATE_COMPLETE")
    };
    let error = stacks(&[])
        .delete(&protected, &template(), &[])
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("--no-enable-termination-protection --stack-name appointment-dev"),
        "{error}"
    );

    let resource = |policy: &str| {
        Template::from_value(serde_json::json!({"Resources": {"Logs": {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": policy,
            "Properties": {"DeletionProtectionEnabled": true},
        }}}))
    };
    let open = deployed_in("CREATE_COMPLETE");
    let error = stacks(&[])
        .delete(&open, &resource("Delete"), &[])
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("Logs"), "{error}");
    assert_eq!(retained(&resource("Retain")), ["Logs"]);
}

fn deployed_in(status: &str) -> DeployedStack {
    let output = stack_in(status);
    DeployedStack::read(&output.stacks()[0])
}
