use indexmap::IndexMap;
use infra_synth_cfn::{
    Handle, Seconds, Stack,
    constructs::{FunctionSettings, LambdaFunction},
    resources::{DeadLetterConfig, Permission, RetryPolicy, Rule, Schedule, Table, Target},
};
use schedule_core::names;

use super::Kinds;
use crate::{messaging::Messaging, observability};

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
    let function = stack.add_function(
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
    observability::leave_untraced(stack, "RepublishPending");
    table.grant_query_index(names::PENDING_INDEX, &function);
    table.grant_update(&function);
    messaging.topic.grant_publish(&function);

    let target = Target {
        // The next run does all that a late one would have done.
        retry_policy: Some(RetryPolicy {
            maximum_retry_attempts: 2,
            maximum_event_age: Seconds(60),
        }),
        dead_letter_config: Some(DeadLetterConfig {
            arn: messaging.undelivered_schedule.arn(),
        }),
        ..Target::function("republish-pending", &function.arn())
    };
    let rule = Rule {
        name: Some(kinds.settings.name(Messaging::REPUBLISH_RULE).into()),
        description: Some("Calls the function that announces again what has waited too long"),
        ..Rule::on_schedule(Schedule::every_minutes(1), target)
    };
    let rule = stack.add("RepublishPendingRule", rule);
    stack.add(
        "RepublishPendingPermission",
        Permission::for_rule(function.arn(), &rule.arn()),
    );
    messaging.admit_schedule(stack, &rule);
    function
}
