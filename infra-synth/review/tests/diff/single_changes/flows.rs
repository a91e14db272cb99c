use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Unjudged};
use serde_json::json;

use super::all;
use crate::edit::{Push, Remove, Set};

#[test]
fn filters_and_patterns_are_compared_by_what_they_match() {
    all(&[
        (
            Set("SubscriptionPE/Properties/FilterPolicy/country", json!(["CL"])),
            &[Broadening, Destructive],
            "messages whose `country` is PE no longer reach appointment-queue-pe",
        ),
        (
            Push("SubscriptionPE/Properties/FilterPolicy/country", json!("CL")),
            &[Broadening],
            "messages whose `country` is CL reach appointment-queue-pe",
        ),
        (
            Remove("SubscriptionPE/Properties/FilterPolicy"),
            &[Broadening],
            "messages whose `country` is anything but PE reach appointment-queue-pe",
        ),
        (
            Set(
                "SubscriptionPE/Properties/FilterPolicy/country",
                json!([{"prefix": "P"}]),
            ),
            &[Broadening],
            "prefix P reach",
        ),
        (
            Set("SubscriptionPE/Properties/FilterPolicy/eventType", json!(["X"])),
            &[Destructive],
            "whose `eventType` is anything but X no longer reach",
        ),
        (
            Set(
                "SubscriptionPE/Properties/FilterPolicyScope",
                json!("MessageBody"),
            ),
            &[Broadening, Destructive],
            "no longer reach",
        ),
        (
            Set("SubscriptionPE/Properties/RawMessageDelivery", json!(true)),
            &[Unjudged],
            "another form",
        ),
        (
            Remove("SubscriptionPE/Properties/RedrivePolicy"),
            &[Destructive],
            "dead-letter queue is taken away",
        ),
        (
            Set(
                "SubscriptionPE/Properties/Endpoint",
                json!({"Fn::GetAtt": ["AppointmentQueueCL", "Arn"]}),
            ),
            &[Broadening, Destructive],
            "messages of appointment-notifications-topic no longer reach appointment-queue-pe",
        ),
        (
            Remove("SubscriptionPE"),
            &[Destructive],
            "no longer reach appointment-queue-pe",
        ),
        (
            Set(
                "AppointmentConfirmationRule/Properties/EventPattern/detail-type",
                json!(["Other"]),
            ),
            &[Broadening, Destructive],
            "events whose `detail-type` is AppointmentConfirmation no longer reach appointment-confirmation-queue",
        ),
        (
            Set("AppointmentConfirmationRule/Properties/State", json!("DISABLED")),
            &[Destructive],
            "no longer reach appointment-confirmation-queue",
        ),
        (
            Remove("AppointmentConfirmationRule/Properties/EventBusName"),
            &[Unjudged, Broadening, Destructive],
            "forced by EventBusName",
        ),
        (
            Set(
                "AppointmentConfirmationRule/Properties/Targets/0/Arn",
                json!("arn:aws:sqs:us-east-1:1:x"),
            ),
            &[Broadening, Destructive],
            "begin to reach arn:aws:sqs:us-east-1:1:x",
        ),
        (
            Remove("AppointmentConfirmationRule/Properties/Targets/0/DeadLetterConfig"),
            &[Destructive],
            "dead-letter queue is taken away",
        ),
        (
            Set(
                "AppointmentConfirmationRule/Properties/Targets/0/RetryPolicy/MaximumRetryAttempts",
                json!(0),
            ),
            &[Harmless],
            "MaximumRetryAttempts: 185 → 0",
        ),
        (
            Set(
                "AppointmentConfirmationRule/Properties/Targets/0/InputPath",
                json!("$.detail"),
            ),
            &[Unjudged],
            "`InputPath`",
        ),
        (
            Set("AppointmentEventBus/Properties/Name", json!("other")),
            &[Destructive],
            "rules and archives that others have put on it are lost",
        ),
    ]);
}

#[test]
fn what_starts_a_function_goes_on_starting_it() {
    all(&[
        (
            Set(
                "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue/Properties/BatchSize",
                json!(1),
            ),
            &[Harmless],
            "10 → 1",
        ),
        (
            Remove(
                "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue/Properties/FunctionResponseTypes",
            ),
            &[Destructive],
            "failed messages are deleted",
        ),
        (
            Remove(
                "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue/Properties/ScalingConfig",
            ),
            &[Harmless],
            "ScalingConfig",
        ),
        (
            Set(
                "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue/Properties/Enabled",
                json!(false),
            ),
            &[Destructive],
            "no longer reach appointment-dev-processConfirmation",
        ),
        (
            Set(
                "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue/Properties/EventSourceArn",
                json!({"Fn::GetAtt": ["AppointmentQueuePE", "Arn"]}),
            ),
            &[Broadening, Destructive],
            "records of appointment-queue-pe begin to reach",
        ),
        (
            Set(
                "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue/Properties/FilterCriteria",
                json!({"Filters": [{"Pattern": "{}"}]}),
            ),
            &[Destructive],
            "no longer reach",
        ),
    ]);
}
