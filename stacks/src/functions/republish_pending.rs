use indexmap::IndexMap;
use infra_synth_cfn::{
    Handle, Seconds, Stack,
    constructs::{FunctionSettings, LambdaFunction},
    resources::{
        DeadLetterConfig, EventInvokeConfig, Permission, RetryPolicy, Rule, Schedule, Table, Target,
    },
};
use schedule_core::names;

use super::Kinds;
use crate::messaging::Messaging;

/// From run to run.
const PERIOD_MINUTES: u32 = 1;

/// How long the event of a run is of use: the next run does all that a late one would have done.
const MAXIMUM_EVENT_AGE: Seconds = Seconds(60 * PERIOD_MINUTES);

/// The function that announces again what waits, and the schedule that calls it.
///
/// It has no reserved concurrency, though one run at a time is all that is wanted: a reservation is refused in an
/// account that would keep less than 100 unreserved, as new ones do. Two runs at once do no harm, since each
/// announcement is claimed in the table before it is made; and a run ends in half the period.
pub(super) fn declare(
    stack: &mut Stack,
    kinds: &Kinds<'_>,
    table: &Handle<Table>,
    messaging: &Messaging,
) -> LambdaFunction {
    let function = kinds.add(
        stack,
        "RepublishPending",
        FunctionSettings {
            environment: IndexMap::from([
                (names::APPOINTMENTS_TABLE, table.name().text()),
                (names::SNS_TOPIC_ARN, messaging.topic.arn().text()),
            ]),
            ..kinds.worker(
                "republishPending",
                "Announces again the appointments that have waited too long",
                &kinds.parameters.republish_pending_code,
            )
        },
    );
    table.grant_query_index(names::PENDING_INDEX, &function);
    table.grant_update(&function);
    messaging.topic.grant_publish(&function);

    // EventBridge hands the event to Lambda's own queue, and there it would be repeated twice and wait for hours.
    stack.add(
        "RepublishPendingEventInvokeConfig",
        EventInvokeConfig {
            maximum_retry_attempts: Some(0),
            maximum_event_age: Some(MAXIMUM_EVENT_AGE),
            ..EventInvokeConfig::new(function.name())
        },
    );
    let target = Target {
        retry_policy: Some(RetryPolicy {
            maximum_retry_attempts: 2,
            maximum_event_age: MAXIMUM_EVENT_AGE,
        }),
        dead_letter_config: Some(DeadLetterConfig {
            arn: messaging.undelivered_schedule.arn(),
        }),
        ..Target::function("republish-pending", &function.arn())
    };
    let rule = Rule {
        name: Some(kinds.settings.name(Messaging::REPUBLISH_RULE).into()),
        description: Some("Calls the function that announces again what has waited too long"),
        ..Rule::on_schedule(Schedule::every_minutes(PERIOD_MINUTES), target)
    };
    let rule = stack.add("RepublishPendingRule", rule);
    stack.add(
        "RepublishPendingPermission",
        Permission::for_rule(function.arn(), &rule.arn()),
    );
    messaging.admit_schedule(stack, &rule);
    function
}
