use aws_sdk_cloudformation::{
    Client,
    operation::{
        continue_update_rollback::ContinueUpdateRollbackOutput,
        describe_stack_events::DescribeStackEventsOutput, describe_stacks::DescribeStacksError,
    },
    types::StackEvent,
};
use aws_smithy_mocks::{Rule, mock};

use super::{ID, event, of_stack, stack_in, stacks, template};
use crate::{
    Event, Operation, StackStatus, Standing, SuggestedOptions,
    stacks::{DeployedStack, Failure, Mark},
};

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
        // Whoever looks again finds nothing new.
        .output(|| {
            DescribeStackEventsOutput::builder()
                .stack_events(event("5", "Announcements", "DELETE_COMPLETE", ""))
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
        .follow(
            ID,
            &since,
            Some(&template),
            Some(Operation::Creation),
            &mut report,
        )
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
        .times(2)
        .build();
    let history = mock!(Client::describe_stack_events).then_output(|| {
        let done = event("1", "Announcements", "UPDATE_COMPLETE", "");
        DescribeStackEventsOutput::builder().stack_events(done).build()
    });
    let stacks = stacks(&[&throttled, &history]);
    let mut unanswered = Vec::new();
    let mut report = |event: Event| {
        if let Event::Unanswered { answer } = event {
            unanswered.push(answer);
        }
    };
    let stack = stacks
        .follow(ID, &Mark(None), None, Some(Operation::Update), &mut report)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stack.status, StackStatus::Done(Operation::Update));
    assert_eq!(
        unanswered,
        vec!["DescribeStacks: Throttling: Rate exceeded"; unanswered.len()]
    );
    assert_eq!(
        throttled.num_calls(),
        5,
        "a status that was read before any event is read again"
    );
}

/// Follows an operation whose events, newest first, and status are these.
async fn followed(
    status: &'static str,
    expected: Option<Operation>,
    events: fn() -> Vec<StackEvent>,
) -> Result<DeployedStack, Failure> {
    let ended = mock!(Client::describe_stacks).then_output(move || stack_in(status));
    let history = mock!(Client::describe_stack_events).then_output(move || {
        DescribeStackEventsOutput::builder()
            .set_stack_events(Some(events()))
            .build()
    });
    stacks(&[&ended, &history])
        .suggesting(SuggestedOptions {
            stage: vec![("--stage", "prod".to_owned())],
            ..SuggestedOptions::default()
        })
        .follow(ID, &Mark(None), None, expected, &mut |_: Event| {})
        .await
        .unwrap()
}

#[tokio::test]
async fn the_end_of_another_operation_is_no_success() {
    let events = || vec![of_stack("1", "UPDATE_COMPLETE", "")];
    let update = Some(Operation::Update);
    assert!(followed("UPDATE_COMPLETE", update, events).await.is_ok());
    // A deletion that CloudFormation gave up, and a stack that was deleted while it was updated.
    let deletion = Some(Operation::Deletion);
    assert!(followed("UPDATE_COMPLETE", deletion, events).await.is_err());
    assert!(followed("DELETE_COMPLETE", update, events).await.is_err());
    assert!(followed("DELETE_COMPLETE", None, events).await.is_ok());
}

#[tokio::test]
async fn a_failure_of_the_stack_as_a_whole_tells_what_aws_says_of_it() {
    let failure = followed("UPDATE_ROLLBACK_COMPLETE", Some(Operation::Update), || {
        vec![
            of_stack("3", "UPDATE_ROLLBACK_COMPLETE", ""),
            of_stack(
                "2",
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "Export appointments cannot be deleted as it is in use by billing",
            ),
            of_stack("1", "UPDATE_IN_PROGRESS", "User Initiated"),
        ]
    });
    let failure = failure.await.unwrap_err().to_string();
    assert!(failure.contains("it is in use by billing"), "{failure}");
    assert!(
        failure.contains("infra-synth deploy --stack-name appointment-dev --stage prod again"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_status_of_before_the_operation_is_not_taken_for_its_end() {
    let status = mock!(Client::describe_stacks)
        .sequence()
        .output(|| stack_in("UPDATE_COMPLETE"))
        .times(2)
        .output(|| stack_in("UPDATE_IN_PROGRESS"))
        .output(|| stack_in("UPDATE_ROLLBACK_COMPLETE"))
        .build();
    let history = mock!(Client::describe_stack_events)
        .sequence()
        .output(|| DescribeStackEventsOutput::builder().build())
        .times(2)
        .output(|| {
            let failed = event("1", "Announcements", "UPDATE_FAILED", "Topic name is taken");
            DescribeStackEventsOutput::builder().stack_events(failed).build()
        })
        .times(2)
        .build();
    let failure = stacks(&[&status, &history])
        .follow(ID, &Mark(None), None, Some(Operation::Update), &mut |_: Event| {})
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(failure.status, StackStatus::UpdateUndone);
}

#[tokio::test]
async fn what_runs_is_followed_from_where_it_began() {
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
        .follow(ID, &mark, Some(&template), None, &mut |_: Event| {})
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
    let history = mock!(Client::describe_stack_events).then_output(|| {
        let begun = of_stack("1", "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated");
        DescribeStackEventsOutput::builder().stack_events(begun).build()
    });
    let stacks = stacks(&[&started, &undone, &history]);
    stacks
        .continue_rollback("appointment-dev", &["Announcements".to_owned()])
        .await
        .unwrap();
    let failure = stacks
        .follow(
            ID,
            &Mark(None),
            None,
            Some(Operation::UpdateUndoing),
            &mut |_: Event| {},
        )
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
        .follow(
            ID,
            &Mark(Some("1".to_owned())),
            None,
            Some(Operation::Update),
            &mut |_: Event| {},
        )
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
