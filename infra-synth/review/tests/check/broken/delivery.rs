use serde_json::json;

use super::Case;

const QUEUE: &str = "AppointmentQueuePE/Properties";

pub(super) fn cases() -> Vec<Case> {
    vec![
        (
            "a queue that refuses its topic",
            |t| {
                t.remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0");
            },
            &["queue-admits-its-feeder AppointmentQueuePE"],
        ),
        (
            "a queue that knows its topic by another's ARN",
            |t| {
                t.set(
                    "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/ArnEquals/aws:SourceArn",
                    json!({"Fn::GetAtt": ["AppointmentConfirmationRule", "Arn"]}),
                );
            },
            &["queue-admits-its-feeder AppointmentQueuePE"],
        ),
        (
            "a queue that admits every topic of the account",
            |t| {
                t.set("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition", json!({"ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:aws:sns:us-east-1:${AWS::AccountId}:*"}}}));
            },
            &["queue-admits-its-feeder AppointmentQueuePE"],
        ),
        (
            "a queue with the key that SNS cannot use",
            |t| {
                t.set(&format!("{QUEUE}/KmsMasterKeyId"), json!("alias/aws/sqs"));
            },
            &["queue-key-usable AppointmentQueuePE"],
        ),
        (
            "a queue with a key that is closed to SNS",
            |t| {
                t.set(&format!("{QUEUE}/KmsMasterKeyId"), json!({"Ref": "Key"}))
                    .add(
                        "Key",
                        json!({"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": []}}}),
                    );
            },
            &["queue-key-usable AppointmentQueuePE"],
        ),
        (
            "a filter on a country that nobody publishes",
            |t| {
                t.set(
                    "SubscriptionPE/Properties/FilterPolicy",
                    json!({"country": ["BR"]}),
                );
            },
            &[
                "filter-matches-a-message SubscriptionPE",
                "message-has-one-subscriber AppointmentTopic",
            ],
        ),
        (
            "a filter on an attribute that nobody publishes",
            |t| {
                t.set("SubscriptionPE/Properties/FilterPolicy", json!({"pais": ["PE"]}));
            },
            &[
                "filter-matches-a-message SubscriptionPE",
                "message-has-one-subscriber AppointmentTopic",
            ],
        ),
        (
            "two subscribers of one country",
            |t| {
                t.set(
                    "SubscriptionPE/Properties/FilterPolicy",
                    json!({"country": [{"exists": true}]}),
                );
            },
            &["message-has-one-subscriber AppointmentTopic"],
        ),
        (
            "a country without a subscriber",
            |t| {
                t.remove("SubscriptionCL");
            },
            &[
                "queue-admits-its-feeder AppointmentQueueCL",
                "queue-admits-its-feeder SubscriptionCLDeadLetterQueue",
                "message-has-one-subscriber AppointmentTopic",
                "queue-has-dead-letters SubscriptionCLDeadLetterQueue",
            ],
        ),
        (
            "a pattern on a source that nobody emits",
            |t| {
                t.set(
                    "AppointmentConfirmationRule/Properties/EventPattern/source",
                    json!(["appointments.service"]),
                );
            },
            &[
                "pattern-matches-an-event AppointmentConfirmationRule",
                "event-has-a-rule AppointmentEventBus",
            ],
        ),
        (
            "a pattern that takes one country's events alone",
            |t| {
                t.set(
                    "AppointmentConfirmationRule/Properties/EventPattern/detail",
                    json!({"countryISO": ["PE"]}),
                );
            },
            &["event-has-a-rule AppointmentEventBus"],
        ),
        (
            "a rule that is switched off",
            |t| {
                t.set("AppointmentConfirmationRule/Properties/State", json!("DISABLED"));
            },
            &["event-has-a-rule AppointmentEventBus"],
        ),
        (
            "a rule on the default bus",
            |t| {
                t.remove("AppointmentConfirmationRule/Properties/EventBusName");
            },
            &[
                "pattern-matches-an-event AppointmentConfirmationRule",
                "event-has-a-rule AppointmentEventBus",
            ],
        ),
        (
            "a queue without dead letters",
            |t| {
                t.remove(&format!("{QUEUE}/RedrivePolicy"));
            },
            &[
                "queue-has-dead-letters AppointmentQueuePE",
                "queue-has-dead-letters AppointmentQueuePEDeadLetterQueue",
            ],
        ),
        (
            "a subscription without dead letters",
            |t| {
                t.remove("SubscriptionPE/Properties/RedrivePolicy");
            },
            &[
                "queue-admits-its-feeder SubscriptionPEDeadLetterQueue",
                "queue-has-dead-letters SubscriptionPEDeadLetterQueue",
                "delivery-has-dead-letters SubscriptionPE",
            ],
        ),
        (
            "a rule without dead letters",
            |t| {
                t.remove("AppointmentConfirmationRule/Properties/Targets/0/DeadLetterConfig");
            },
            &[
                "queue-admits-its-feeder AppointmentConfirmationRuleDeadLetterQueue",
                "queue-has-dead-letters AppointmentConfirmationRuleDeadLetterQueue",
                "delivery-has-dead-letters AppointmentConfirmationRule",
            ],
        ),
        (
            "dead letters that live no longer than messages",
            |t| {
                t.remove("AppointmentQueuePEDeadLetterQueue/Properties/MessageRetentionPeriod");
            },
            &["dead-letter-retention AppointmentQueuePEDeadLetterQueue"],
        ),
        (
            "a dead-letter queue closed to its source",
            |t| {
                t.set(
                    "AppointmentQueuePEDeadLetterQueue/Properties/RedriveAllowPolicy",
                    json!({"redrivePermission": "denyAll"}),
                );
            },
            &["dead-letters-admitted AppointmentQueuePEDeadLetterQueue"],
        ),
        (
            "a dead-letter queue for another source",
            |t| {
                t.set(
                    "AppointmentQueuePEDeadLetterQueue/Properties/RedriveAllowPolicy/sourceQueueArns",
                    json!([{"Fn::GetAtt": ["AppointmentQueueCL", "Arn"]}]),
                );
            },
            &["dead-letters-admitted AppointmentQueuePEDeadLetterQueue"],
        ),
        (
            "messages that show up while they are worked on",
            |t| {
                t.set(&format!("{QUEUE}/VisibilityTimeout"), json!(179));
            },
            &["visibility-covers-timeout AppointmentQueuePE"],
        ),
        (
            "a function that takes longer",
            |t| {
                t.set("ProcessAppointmentPELambdaFunction/Properties/Timeout", json!(31));
            },
            &["visibility-covers-timeout AppointmentQueuePE"],
        ),
        (
            "a batching window on top",
            |t| {
                t.set("ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE/Properties/MaximumBatchingWindowInSeconds", json!(1));
            },
            &["visibility-covers-timeout AppointmentQueuePE"],
        ),
        (
            "a batch that fails as one",
            |t| {
                t.remove("ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE/Properties/FunctionResponseTypes");
            },
            &["batch-reports-failures ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE"],
        ),
    ]
}
