//! Queues, topics, buses.

use super::TypeRules;

pub(super) const RULES: &[TypeRules] = &[
    TypeRules {
        resource_type: "AWS::SQS::Queue",
        replaces: "FifoQueue QueueName",
        interrupts: "",
        plain: "ContentBasedDeduplication DeduplicationScope DelaySeconds FifoThroughputLimit \
            ReceiveMessageWaitTimeSeconds VisibilityTimeout KmsDataKeyReusePeriodSeconds",
        judged: "KmsMasterKeyId MaximumMessageSize MessageRetentionPeriod RedriveAllowPolicy RedrivePolicy \
            SqsManagedSseEnabled",
    },
    TypeRules {
        resource_type: "AWS::SQS::QueuePolicy",
        replaces: "",
        interrupts: "",
        plain: "",
        judged: "PolicyDocument Queues",
    },
    TypeRules {
        resource_type: "AWS::SQS::QueueInlinePolicy",
        replaces: "Queue",
        interrupts: "",
        plain: "",
        judged: "PolicyDocument",
    },
    TypeRules {
        resource_type: "AWS::SNS::Topic",
        replaces: "TopicName FifoTopic",
        interrupts: "",
        plain: "ContentBasedDeduplication DeliveryStatusLogging DisplayName FifoThroughputScope \
            SignatureVersion TracingConfig",
        judged: "ArchivePolicy DataProtectionPolicy KmsMasterKeyId MaximumMessageSize Subscription",
    },
    TypeRules {
        resource_type: "AWS::SNS::Subscription",
        replaces: "Endpoint Protocol TopicArn Region",
        interrupts: "",
        plain: "DeliveryPolicy ReplayPolicy",
        judged: "FilterPolicy FilterPolicyScope RawMessageDelivery RedrivePolicy SubscriptionRoleArn",
    },
    TypeRules {
        resource_type: "AWS::SNS::TopicPolicy",
        replaces: "",
        interrupts: "",
        plain: "",
        judged: "PolicyDocument Topics",
    },
    TypeRules {
        resource_type: "AWS::SNS::TopicInlinePolicy",
        replaces: "TopicArn",
        interrupts: "",
        plain: "",
        judged: "PolicyDocument",
    },
    TypeRules {
        resource_type: "AWS::Events::EventBus",
        replaces: "Name",
        interrupts: "",
        plain: "Description",
        judged: "DeadLetterConfig EventSourceName KmsKeyIdentifier LogConfig Policy",
    },
    TypeRules {
        resource_type: "AWS::Events::Rule",
        replaces: "Name EventBusName",
        interrupts: "",
        plain: "Description",
        judged: "EventPattern RoleArn ScheduleExpression State Targets",
    },
    TypeRules {
        resource_type: "AWS::Events::EventBusPolicy",
        replaces: "EventBusName StatementId",
        interrupts: "",
        plain: "",
        judged: "Action Condition Principal Statement",
    },
    TypeRules {
        resource_type: "AWS::Events::Archive",
        replaces: "ArchiveName SourceArn",
        interrupts: "",
        plain: "Description",
        judged: "EventPattern KmsKeyIdentifier RetentionDays",
    },
];
