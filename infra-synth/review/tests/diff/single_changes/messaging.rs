use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Unjudged};
use serde_json::json;

use super::all;
use crate::edit::{Push, Remove, Set};

#[test]
fn topics_and_queues_keep_their_messages_to_themselves() {
    all(&[
        (
            Remove("AppointmentTopic/Properties/KmsMasterKeyId"),
            &[Broadening],
            "no longer encrypted",
        ),
        (
            Set("AppointmentTopic/Properties/KmsMasterKeyId", json!("alias/other")),
            &[Unjudged],
            "another key",
        ),
        (
            Set("AppointmentTopic/Properties/TopicName", json!("other")),
            &[Destructive],
            "subscriptions and permissions that others made",
        ),
        (
            Set("AppointmentTopic/Properties/DisplayName", json!("Citas")),
            &[Harmless],
            "DisplayName: + Citas",
        ),
        (
            Set("AppointmentQueuePE/Properties/QueueName", json!("other")),
            &[Destructive],
            "the messages in it are lost",
        ),
        (
            Set("AppointmentQueuePE/Properties/FifoQueue", json!(true)),
            &[Unjudged, Destructive],
            "change the name with it",
        ),
        (
            Set("AppointmentQueuePE/Properties/VisibilityTimeout", json!(90)),
            &[Harmless],
            "VisibilityTimeout: 180 → 90",
        ),
        (
            Set("AppointmentQueuePE/Properties/MessageRetentionPeriod", json!(60)),
            &[Destructive],
            "deleted earlier",
        ),
        (
            Set(
                "AppointmentQueuePE/Properties/MessageRetentionPeriod",
                json!(1_209_600),
            ),
            &[Harmless],
            "no interruption",
        ),
        (
            Set("AppointmentQueuePE/Properties/SqsManagedSseEnabled", json!(false)),
            &[Broadening],
            "no longer encrypted",
        ),
        (
            Remove("AppointmentQueuePE/Properties/SqsManagedSseEnabled"),
            &[Broadening],
            "no longer encrypted",
        ),
        (
            Remove("AppointmentQueuePE/Properties/RedrivePolicy"),
            &[Destructive],
            "their dead-letter queue is taken away",
        ),
        (
            Set(
                "AppointmentQueuePE/Properties/RedrivePolicy/maxReceiveCount",
                json!(3),
            ),
            &[Harmless],
            "maxReceiveCount: 5 → 3",
        ),
        (
            Set(
                "AppointmentQueuePE/Properties/RedrivePolicy/deadLetterTargetArn",
                json!("arn:aws:sqs:us-east-1:1:x"),
            ),
            &[Broadening],
            "outside this stack",
        ),
        (
            Set(
                "AppointmentQueuePE/Properties/RedrivePolicy/deadLetterTargetArn",
                json!({"Fn::GetAtt": ["AppointmentQueueCL", "Arn"]}),
            ),
            &[Broadening],
            "whose messages `${ProcessAppointmentCLLambdaFunction.Arn}` works on",
        ),
        (
            Set(
                "AppointmentQueuePE/Properties/RedrivePolicy/deadLetterTargetArn",
                json!({"Fn::GetAtt": ["AppointmentQueueCLDeadLetterQueue", "Arn"]}),
            ),
            &[Harmless],
            "AppointmentQueueCLDeadLetterQueue",
        ),
        (
            Remove("AppointmentQueuePEDeadLetterQueue/Properties/RedriveAllowPolicy"),
            &[Broadening],
            "more queues may send",
        ),
        (
            Push(
                "AppointmentQueuePEDeadLetterQueue/Properties/RedriveAllowPolicy/sourceQueueArns",
                json!("arn:aws:sqs:us-east-1:1:x"),
            ),
            &[Broadening],
            "may send dead letters here",
        ),
        (
            Set("AppointmentQueuePE/DeletionPolicy", json!("Retain")),
            &[Harmless],
            "DeletionPolicy: Delete → Retain",
        ),
        (
            Remove("AppointmentQueuePE"),
            &[Destructive],
            "is deleted, and with it the messages in it",
        ),
    ]);
}
