use std::collections::BTreeMap;

use aws_sdk_cloudformation::{
    Client,
    operation::{
        create_change_set::CreateChangeSetOutput, delete_change_set::DeleteChangeSetOutput,
        delete_stack::DeleteStackOutput, describe_change_set::DescribeChangeSetOutput,
        describe_events::DescribeEventsOutput, list_change_sets::ListChangeSetsOutput,
    },
    types::{ChangeSetStatus, ChangeSetSummary, DeploymentMode, OperationEvent},
};
use aws_smithy_mocks::{Rule, mock};

use super::{ID, deployed_in, stack_in, stacks, template};
use crate::stacks::{ChangeSet, ChangeSetKind, ChangeSetRequest, DeployedStack, TemplateSource};

fn request<'a>(deployed: Option<&'a DeployedStack>) -> ChangeSetRequest<'a> {
    ChangeSetRequest {
        stack: "appointment-dev",
        deployed,
        template: TemplateSource::Body(template().as_value().to_string()),
        parameters: BTreeMap::from([
            ("VpcId".to_owned(), None),
            ("Code".to_owned(), Some("k".to_owned())),
        ]),
        revert_drift: false,
        import_existing: false,
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
    let validated = mock!(Client::describe_events).then_output(|| DescribeEventsOutput::builder().build());
    let prepared = stacks(&[
        &created, &described, &validated, &deleted, &standing, &waiting, &gone,
    ])
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
        kind: ChangeSetKind::Creation { made_stack },
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
async fn a_stack_that_only_a_review_made_is_created_and_a_deployed_one_updated() {
    for (status, is_creation) in [("REVIEW_IN_PROGRESS", true), ("UPDATE_ROLLBACK_COMPLETE", false)] {
        let (created, described, _) = change_set_that_ends_in(ChangeSetStatus::CreateComplete, "");
        let deployed = deployed_in(status);
        let prepared = stacks(&[&created, &described])
            .prepare(request(Some(&deployed)))
            .await;
        assert_eq!(prepared.unwrap().unwrap().is_creation(), is_creation, "{status}");
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
async fn what_cloudformation_finds_before_it_makes_a_change_set_is_told() {
    let (created, described, deleted) = change_set_that_ends_in(
        ChangeSetStatus::Failed,
        "validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]",
    );
    let found = mock!(Client::describe_events)
        .match_requests(|request| request.change_set_name() == Some("arn:change-set"))
        .then_output(|| {
            let event = OperationEvent::builder()
                .validation_path("/Resources/AppointmentTable")
                .validation_status_reason("a table named appointments exists already")
                .build();
            DescribeEventsOutput::builder().operation_events(event).build()
        });
    let deployed = deployed_in("UPDATE_COMPLETE");
    let prepared = stacks(&[&created, &described, &found, &deleted])
        .prepare(request(Some(&deployed)))
        .await;
    let error = prepared.unwrap_err().to_string();
    assert!(
        error.contains("/Resources/AppointmentTable: a table named appointments exists already"),
        "{error}"
    );
    assert_eq!(deleted.num_calls(), 1);
}

#[tokio::test]
async fn what_exists_already_is_taken_in_only_where_that_is_asked_for() {
    for (import_existing, said) in [(true, Some(true)), (false, None)] {
        let (_, described, _) = change_set_that_ends_in(ChangeSetStatus::CreateComplete, "");
        let created = mock!(Client::create_change_set)
            .match_requests(move |request| request.import_existing_resources() == said)
            .then_output(|| {
                CreateChangeSetOutput::builder()
                    .id("arn:change-set")
                    .stack_id(ID)
                    .build()
            });
        let request = ChangeSetRequest {
            import_existing,
            ..request(None)
        };
        let prepared = stacks(&[&created, &described]).prepare(request).await;
        assert!(prepared.unwrap().is_some());
    }
}

#[tokio::test]
async fn what_was_changed_by_hand_is_set_back_only_where_that_is_asked_for() {
    for (status, revert_drift, mode) in [
        ("UPDATE_COMPLETE", true, Some(DeploymentMode::RevertDrift)),
        ("UPDATE_COMPLETE", false, None),
        ("REVIEW_IN_PROGRESS", true, None),
    ] {
        let (_, described, _) = change_set_that_ends_in(ChangeSetStatus::CreateComplete, "");
        let created = mock!(Client::create_change_set)
            .match_requests(move |request| request.deployment_mode() == mode.as_ref())
            .then_output(|| {
                CreateChangeSetOutput::builder()
                    .id("arn:change-set")
                    .stack_id(ID)
                    .build()
            });
        let deployed = deployed_in(status);
        let request = ChangeSetRequest {
            revert_drift,
            ..request(Some(&deployed))
        };
        let prepared = stacks(&[&created, &described]).prepare(request).await;
        assert!(prepared.unwrap().is_some(), "{status}");
        assert_eq!(created.num_calls(), 1, "{status}");
    }
}
