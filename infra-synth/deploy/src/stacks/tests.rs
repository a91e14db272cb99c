//! Against answers of AWS that an emulator does not give.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_cloudformation::{
    Client,
    operation::{
        continue_update_rollback::ContinueUpdateRollbackOutput,
        create_change_set::CreateChangeSetOutput,
        delete_change_set::DeleteChangeSetOutput,
        delete_stack::DeleteStackOutput,
        describe_change_set::DescribeChangeSetOutput,
        describe_stack_events::DescribeStackEventsOutput,
        describe_stacks::{DescribeStacksError, DescribeStacksOutput},
        list_change_sets::ListChangeSetsOutput,
    },
    types::{self, ChangeSetStatus, ChangeSetSummary, ResourceStatus, Stack, StackEvent},
};
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
use infra_synth_cfn::{Stack as Declared, Template, resources::Topic};

use super::*;
use crate::{Event, Standing};

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

fn template() -> Template {
    let mut stack = Declared::new("test");
    stack.add("Announcements", Topic::default());
    stack.synth().unwrap()
}

/// Newest first, as CloudFormation lists them, on two pages.
fn failed_history() -> Rule {
    mock!(Client::describe_stack_events)
        .sequence()
        .output(|| {
            DescribeStackEventsOutput::builder()
                .stack_events(event("5", "Announcements", "DELETE_COMPLETE", ""))
                .stack_events(event(
                    "4",
                    "Orders",
                    "CREATE_FAILED",
                    "Resource creation cancelled",
                ))
                .next_token("2")
                .build()
        })
        .output(|| {
            DescribeStackEventsOutput::builder()
                .stack_events(event(
                    "3",
                    "Announcements",
                    "CREATE_FAILED",
                    "Topic name is taken\nby another stack",
                ))
                .stack_events(event("2", "Announcements", "CREATE_IN_PROGRESS", ""))
                .stack_events(event(
                    "1",
                    "Announcements",
                    "DELETE_FAILED",
                    "of an earlier operation",
                ))
                .build()
        })
        .build()
}

#[tokio::test]
async fn a_failure_names_its_first_cause_with_source_line_and_aws_message_in_full() {
    let rolled_back = mock!(Client::describe_stacks).then_output(|| stack_in("ROLLBACK_COMPLETE"));
    let history = failed_history();
    let stacks = stacks(&[&rolled_back, &history]);
    let mut seen = Vec::new();
    let mut report = |event: Event| seen.push(event);
    let since = Mark(Some("1".to_owned()));
    let template = template();
    let failure = stacks
        .follow(ID, &since, Some(&template), &mut report)
        .await
        .unwrap()
        .unwrap_err();

    let cause = failure.cause.clone().unwrap();
    assert_eq!(cause.logical_id, "Announcements");
    assert_eq!(cause.reason, "Topic name is taken\nby another stack");
    let words = failure.to_string();
    assert!(words.contains("stacks/tests.rs:"), "{words}");
    assert!(
        words.contains("next: ") && words.contains("infra-synth destroy --stack-name appointment-dev"),
        "{words}"
    );
    let order: Vec<_> = seen
        .iter()
        .filter_map(|event| match event {
            Event::Resource(event) => Some(event.id.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        order,
        ["2", "3", "4", "5"],
        "in the order they happened, without what was before"
    );
}

#[tokio::test]
async fn throttling_stops_the_watching_no_sooner_than_the_operation() {
    let throttled = mock!(Client::describe_stacks)
        .sequence()
        .error(|| {
            DescribeStacksError::generic(
                aws_sdk_cloudformation::error::ErrorMetadata::builder()
                    .code("Throttling")
                    .message("Rate exceeded")
                    .build(),
            )
        })
        .times(3)
        .output(|| stack_in("UPDATE_COMPLETE"))
        .build();
    let history =
        mock!(Client::describe_stack_events).then_output(|| DescribeStackEventsOutput::builder().build());
    let stacks = stacks(&[&throttled, &history]);
    let mut unanswered = Vec::new();
    let mut report = |event: Event| {
        if let Event::Unanswered { answer } = event {
            unanswered.push(answer);
        }
    };
    let stack = stacks
        .follow(ID, &Mark(None), None, &mut report)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stack.status, StackStatus::Done(Operation::Update));
    assert_eq!(
        unanswered,
        vec!["DescribeStacks: Throttling: Rate exceeded"; unanswered.len()]
    );
    assert_eq!(throttled.num_calls(), 4);
}

fn request<'a>(deployed: Option<&'a DeployedStack>) -> ChangeSetRequest<'a> {
    ChangeSetRequest {
        stack: "appointment-dev",
        deployed,
        template: TemplateSource::Body(template().as_value().to_string()),
        parameters: BTreeMap::from([
            ("VpcId".to_owned(), None),
            ("Code".to_owned(), Some("k".to_owned())),
        ]),
    }
}

fn change_set_that_ends_in(status: ChangeSetStatus, reason: &'static str) -> (Rule, Rule, Rule) {
    let created = mock!(Client::create_change_set).then_output(|| {
        CreateChangeSetOutput::builder()
            .id("arn:change-set")
            .stack_id(ID)
            .build()
    });
    let described = mock!(Client::describe_change_set).then_output(move || {
        DescribeChangeSetOutput::builder()
            .change_set_name("infra-synth-1")
            .status(status.clone())
            .status_reason(reason)
            .build()
    });
    let deleted = mock!(Client::delete_change_set).then_output(|| DeleteChangeSetOutput::builder().build());
    (created, described, deleted)
}

#[tokio::test]
async fn a_change_set_without_changes_is_no_failure_and_is_not_left_behind() {
    let (created, described, deleted) = change_set_that_ends_in(
        ChangeSetStatus::Failed,
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    );
    let deployed = deployed_in("UPDATE_COMPLETE");
    let prepared = stacks(&[&created, &described, &deleted])
        .prepare(request(Some(&deployed)))
        .await;
    assert_eq!(prepared.unwrap(), None);
    assert_eq!(deleted.num_calls(), 1);
}

#[tokio::test]
async fn a_change_that_cloudformation_refuses_is_told_in_its_words() {
    let (created, described, deleted) =
        change_set_that_ends_in(ChangeSetStatus::Failed, "Parameter VpcId: vpc-9 does not exist");
    let standing = mock!(Client::describe_stacks).then_output(|| stack_in("REVIEW_IN_PROGRESS"));
    let waiting = mock!(Client::list_change_sets).then_output(|| ListChangeSetsOutput::builder().build());
    let gone = mock!(Client::delete_stack).then_output(|| DeleteStackOutput::builder().build());
    let prepared = stacks(&[&created, &described, &deleted, &standing, &waiting, &gone])
        .prepare(request(None))
        .await;
    let error = prepared.unwrap_err().to_string();
    assert!(error.contains("vpc-9 does not exist"), "{error}");
    assert_eq!(gone.num_calls(), 1, "an empty stack is left behind");
}

/// Discards a change set of a stack that has come into this status meanwhile, where these change sets are still listed:
/// whether the stack was deleted with it.
async fn deletes_the_stack(made_stack: bool, status: &'static str, listed: &'static [&'static str]) -> bool {
    let (_, _, deleted) = change_set_that_ends_in(ChangeSetStatus::CreateComplete, "");
    let standing = mock!(Client::describe_stacks).then_output(|| stack_in(status));
    let waiting = mock!(Client::list_change_sets).then_output(|| {
        let summary = |id: &&str| ChangeSetSummary::builder().change_set_id(*id).build();
        ListChangeSetsOutput::builder()
            .set_summaries(Some(listed.iter().map(summary).collect()))
            .build()
    });
    let gone = mock!(Client::delete_stack)
        .match_requests(|request| request.stack_name() == Some(ID))
        .then_output(|| DeleteStackOutput::builder().build());
    let change_set = ChangeSet {
        id: "arn:change-set".to_owned(),
        name: "infra-synth-1".to_owned(),
        stack_id: ID.to_owned(),
        is_creation: true,
        made_stack,
        changes: Vec::new(),
    };
    stacks(&[&deleted, &standing, &waiting, &gone])
        .discard(&change_set)
        .await
        .unwrap();
    assert_eq!(deleted.num_calls(), 1);
    gone.num_calls() > 0
}

#[tokio::test]
async fn a_stack_goes_with_a_change_set_only_if_it_came_with_it_and_nobody_else_uses_it() {
    let review = "REVIEW_IN_PROGRESS";
    assert!(deletes_the_stack(true, review, &[]).await);
    assert!(deletes_the_stack(true, review, &["arn:change-set"]).await);
    assert!(!deletes_the_stack(true, review, &["arn:change-set", "arn:anothers"]).await);
    assert!(!deletes_the_stack(false, review, &[]).await);
    for used in ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"] {
        assert!(!deletes_the_stack(true, used, &[]).await, "{used}");
    }
}

#[tokio::test]
async fn what_runs_is_followed_from_where_it_began() {
    let of_stack = |id: &str, status: &str, reason: &str| {
        let event = event(id, "appointment-dev", status, reason);
        StackEvent::builder()
            .event_id(event.event_id().unwrap_or_default())
            .stack_id(ID)
            .stack_name("appointment-dev")
            .logical_resource_id("appointment-dev")
            .physical_resource_id(ID)
            .resource_type("AWS::CloudFormation::Stack")
            .resource_status(ResourceStatus::from(status))
            .resource_status_reason(reason)
            .build()
    };
    // Newest first; the events of an operation before it, too.
    let history = mock!(Client::describe_stack_events).then_output(move || {
        DescribeStackEventsOutput::builder()
            .stack_events(of_stack(
                "7",
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "The following resource(s) failed to update: [Announcements]. ",
            ))
            .stack_events(event(
                "6",
                "Announcements",
                "UPDATE_FAILED",
                "Topic name is taken",
            ))
            .stack_events(of_stack("5", "UPDATE_IN_PROGRESS", "User Initiated"))
            .stack_events(of_stack("4", "CREATE_COMPLETE", ""))
            .stack_events(event("3", "Orders", "CREATE_FAILED", "of the creation"))
            .stack_events(of_stack("2", "CREATE_IN_PROGRESS", "User Initiated"))
            .stack_events(of_stack("1", "REVIEW_IN_PROGRESS", "User Initiated"))
            .build()
    });
    let undone = mock!(Client::describe_stacks).then_output(|| stack_in("UPDATE_ROLLBACK_COMPLETE"));
    let stacks = stacks(&[&history, &undone]);
    let mark = stacks.mark_of_running(ID).await.unwrap();
    let template = template();
    let failure = stacks
        .follow(ID, &mark, Some(&template), &mut |_: Event| {})
        .await
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(
        failure.contains("first cause: `Announcements`") && failure.contains("declared at: "),
        "{failure}"
    );
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
async fn a_stack_that_only_a_review_made_is_created_and_a_deployed_one_updated() {
    for (status, is_creation) in [("REVIEW_IN_PROGRESS", true), ("UPDATE_ROLLBACK_COMPLETE", false)] {
        let (created, described, _) = change_set_that_ends_in(ChangeSetStatus::CreateComplete, "");
        let deployed = deployed_in(status);
        let prepared = stacks(&[&created, &described])
            .prepare(request(Some(&deployed)))
            .await;
        assert_eq!(prepared.unwrap().unwrap().is_creation, is_creation, "{status}");
    }
}

#[tokio::test]
async fn a_stack_that_is_stuck_or_busy_is_not_touched() {
    for status in [
        "ROLLBACK_COMPLETE",
        "UPDATE_ROLLBACK_FAILED",
        "UPDATE_IN_PROGRESS",
    ] {
        let deployed = deployed_in(status);
        // No rule: any call would fail the test.
        let error = stacks(&[])
            .prepare(request(Some(&deployed)))
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(status) && error.contains("infra-synth "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_undoing_that_stopped_goes_on_without_what_cannot_be_mended() {
    let started = mock!(Client::continue_update_rollback)
        .match_requests(|request| {
            request.stack_name() == Some("appointment-dev")
                && request.resources_to_skip() == ["Announcements"]
        })
        .then_output(|| ContinueUpdateRollbackOutput::builder().build());
    let undone = mock!(Client::describe_stacks)
        .sequence()
        .output(|| stack_in("UPDATE_ROLLBACK_IN_PROGRESS"))
        .output(|| stack_in("UPDATE_ROLLBACK_COMPLETE"))
        .build();
    let history =
        mock!(Client::describe_stack_events).then_output(|| DescribeStackEventsOutput::builder().build());
    let stacks = stacks(&[&started, &undone, &history]);
    stacks
        .continue_rollback("appointment-dev", &["Announcements".to_owned()])
        .await
        .unwrap();
    let failure = stacks
        .follow(ID, &Mark(None), None, &mut |_: Event| {})
        .await
        .unwrap()
        .unwrap_err();
    // No success of an update, and the stack can be deployed again.
    assert_eq!(failure.status.standing(), Standing::Deployed);
    assert!(failure.to_string().contains("as it was before"), "{failure}");
}

#[tokio::test]
async fn an_update_that_could_not_be_undone_tells_how_to_go_on() {
    let stuck = mock!(Client::describe_stacks).then_output(|| stack_in("UPDATE_ROLLBACK_FAILED"));
    let history = failed_history();
    let failure = stacks(&[&stuck, &history])
        .follow(ID, &Mark(Some("1".to_owned())), None, &mut |_: Event| {})
        .await
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(
        failure.contains("UPDATE_ROLLBACK_FAILED")
            && failure.contains("first cause: `Announcements`")
            && failure.contains("--continue-rollback"),
        "{failure}"
    );
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
    assert!(error.contains("protected against deletion"), "{error}");

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
