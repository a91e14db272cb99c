//! Single changes of our template, each with the verdict that an expert would give.

use std::collections::BTreeSet;

use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Narrowing, Unjudged};
use infra_synth_review::diff::{Verdict, text};
use serde_json::{Value as Json, json};

use crate::edit::{Edit, Push, Remove, Set, review_of};

/// The verdicts, and a piece of what the review says.
fn check(edits: &[Edit], verdicts: &[Verdict], says: &str) {
    let review = review_of(edits);
    let text = text(&review, false);
    let expected: BTreeSet<Verdict> = verdicts.iter().copied().collect();
    assert_eq!(review.verdicts(), expected, "{edits:?}\n{text}");
    assert!(text.contains(says), "{edits:?} does not say {says:?}\n{text}");
}

fn all(cases: &[(Edit, &[Verdict], &str)]) {
    for (edit, verdicts, says) in cases {
        check(std::slice::from_ref(edit), verdicts, says);
    }
}

#[test]
fn the_table_keeps_its_items() {
    all(&[
        (
            Set("AppointmentTable/Properties/TableName", json!("other")),
            &[Destructive],
            "replaced because of `TableName`: the new one starts empty",
        ),
        (
            Set(
                "AppointmentTable/Properties/KeySchema/0/AttributeName",
                json!("insuredId"),
            ),
            &[Unjudged, Destructive],
            "forced by KeySchema",
        ),
        (
            Set(
                "AppointmentTable/Properties/AttributeDefinitions/1/AttributeType",
                json!("N"),
            ),
            &[Unjudged, Destructive],
            "forced by AttributeDefinitions",
        ),
        (
            Push(
                "AppointmentTable/Properties/AttributeDefinitions",
                json!({"AttributeName": "status", "AttributeType": "S"}),
            ),
            &[Harmless],
            "some interruption",
        ),
        (
            Remove("AppointmentTable/Properties/GlobalSecondaryIndexes"),
            &[Destructive],
            "the index InsuredIdIndex is deleted",
        ),
        (
            Set(
                "AppointmentTable/Properties/GlobalSecondaryIndexes/0/Projection/ProjectionType",
                json!("KEYS_ONLY"),
            ),
            &[Destructive],
            "GlobalSecondaryIndexes[InsuredIdIndex].Projection.ProjectionType: ALL → KEYS_ONLY",
        ),
        (
            Set(
                "AppointmentTable/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
                json!(false),
            ),
            &[Destructive],
            "point-in-time recovery is taken away",
        ),
        (
            Remove("AppointmentTable/Properties/PointInTimeRecoverySpecification"),
            &[Destructive],
            "point-in-time recovery is taken away",
        ),
        (
            Set(
                "AppointmentTable/Properties/PointInTimeRecoverySpecification/RecoveryPeriodInDays",
                json!(7),
            ),
            &[Destructive],
            "reach back less far",
        ),
        (
            Set(
                "AppointmentTable/Properties/SSESpecification/SSEEnabled",
                json!(false),
            ),
            &[Broadening],
            "no longer encrypted",
        ),
        (
            Set(
                "AppointmentTable/Properties/SSESpecification/SSEEnabled",
                json!({"Ref": "VpcId"}),
            ),
            &[Broadening],
            "no longer encrypted",
        ),
        (
            Remove("AppointmentTable/Properties/DeletionProtectionEnabled"),
            &[Destructive],
            "deletion protection is taken away",
        ),
        (
            Set("AppointmentTable/Properties/BillingMode", json!("PROVISIONED")),
            &[Harmless],
            "no interruption",
        ),
        (
            Set(
                "AppointmentTable/Properties/TimeToLiveSpecification",
                json!({"AttributeName": "ttl", "Enabled": true}),
            ),
            &[Destructive],
            "deleted by their age",
        ),
        (
            Set(
                "AppointmentTable/Properties/StreamSpecification",
                json!({"StreamViewType": "NEW_IMAGE"}),
            ),
            &[Harmless],
            "StreamViewType",
        ),
        (
            Set(
                "AppointmentTable/Properties/KinesisStreamSpecification",
                json!({"StreamArn": "arn:aws:kinesis:x"}),
            ),
            &[Broadening],
            "copied to a stream",
        ),
        (
            Set("AppointmentTable/DeletionPolicy", json!("Delete")),
            &[Destructive],
            "no longer keeps it",
        ),
        (
            Remove("AppointmentTable/UpdateReplacePolicy"),
            &[Destructive],
            "when it is replaced, it is deleted",
        ),
        (
            Remove("AppointmentTable"),
            &[Narrowing],
            "leaves the stack and stays as it is",
        ),
        (
            Set(
                "AppointmentTable/Properties/ResourcePolicy",
                json!({"PolicyDocument": statement(&json!({"Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"}))}),
            ),
            &[Broadening],
            "dynamodb:GetItem by anyone on *",
        ),
        (
            Set("AppointmentTable/Properties/Colour", json!("blue")),
            &[Unjudged],
            "is not known here",
        ),
    ]);
}

fn statement(statement: &Json) -> Json {
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

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

#[test]
fn a_queues_policy_is_compared_by_statement() {
    all(&[
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/ArnEquals"),
            &[Broadening],
            "no longer only where aws:sourcearn like ${AppointmentTopic}\n",
        ),
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition"),
            &[Broadening],
            "no longer only where",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Principal",
                json!("*"),
            ),
            &[Broadening],
            "sqs:SendMessage by anyone",
        ),
        (
            Push(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Action",
                json!("sqs:ReceiveMessage"),
            ),
            &[Broadening],
            "an action is added",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Action",
                json!("sqs:*"),
            ),
            &[Broadening],
            "sqs:* by sns.amazonaws.com",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Resource",
                json!("*"),
            ),
            &[Broadening],
            "another resource than ${AppointmentQueuePE.Arn}",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/StringEquals/aws:SourceAccount",
                json!(["111111111111", "222222222222"]),
            ),
            &[Narrowing, Broadening],
            "aws:sourceaccount = 111111111111 or 222222222222",
        ),
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/1"),
            &[Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/1/Action",
                json!("sqs:SendMessage"),
            ),
            &[Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/1/Condition/Bool/aws:SecureTransport",
                json!("true"),
            ),
            &[Narrowing, Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0"),
            &[Narrowing],
            "ends",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/Bool",
                json!({"aws:SecureTransport": "true"}),
            ),
            &[Narrowing],
            "ends",
        ),
        (
            Remove("QueuePolicyPE"),
            &[Narrowing, Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Push(
                "QueuePolicyPE/Properties/Queues",
                json!({"Ref": "AppointmentQueueCL"}),
            ),
            &[Narrowing, Broadening],
            "another resource than ${AppointmentQueueCL.Arn}",
        ),
    ]);
    check(
        &[
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Action"),
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/NotAction",
                json!(["sqs:ReceiveMessage"]),
            ),
        ],
        &[Broadening],
        "everything but sqs:ReceiveMessage",
    );
}

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
fn the_network_stays_as_closed_as_it_was() {
    all(&[
        (
            Remove("EventBridgeVpcEndpoint/Properties/PolicyDocument"),
            &[Broadening],
            "* by anyone on *",
        ),
        (
            Set(
                "EventBridgeVpcEndpoint/Properties/PolicyDocument/Statement/0/Action",
                json!("events:*"),
            ),
            &[Broadening],
            "events:* by anyone",
        ),
        (
            Set(
                "EventBridgeVpcEndpoint/Properties/PrivateDnsEnabled",
                json!(false),
            ),
            &[Narrowing],
            "no longer find the endpoint",
        ),
        (
            Push(
                "EventBridgeVpcEndpoint/Properties/SecurityGroupIds",
                json!("sg-1"),
            ),
            &[Broadening],
            "the security group sg-1",
        ),
        (
            Set("EventBridgeVpcEndpoint/Properties/SubnetIds", json!(["subnet-1"])),
            &[Unjudged],
            "subnets",
        ),
        (
            Set(
                "EventBridgeVpcEndpoint/Properties/ServiceName",
                json!("com.amazonaws.us-east-1.sqs"),
            ),
            &[Unjudged],
            "the new one differs in `ServiceName`",
        ),
        (
            Remove("EventBridgeVpcEndpoint"),
            &[Narrowing, Destructive],
            "is deleted",
        ),
        (
            Remove("EndpointSecurityGroup/Properties/SecurityGroupEgress"),
            &[Broadening],
            "may connect to anywhere (0.0.0.0/0) on every port",
        ),
        (
            Push(
                "ProcessAppointmentSecurityGroup/Properties/SecurityGroupEgress",
                json!({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}),
            ),
            &[Broadening],
            "anywhere (0.0.0.0/0) on tcp 443",
        ),
        (
            Set(
                "ProcessAppointmentSecurityGroup/Properties/SecurityGroupIngress",
                json!([{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]),
            ),
            &[Broadening],
            "10.0.0.0/8 may connect to ${ProcessAppointmentSecurityGroup}",
        ),
        (
            Set("DatabaseIngress/Properties/ToPort", json!(65535)),
            &[Broadening],
            "tcp 3306-65535",
        ),
        (
            Set(
                "EndpointSecurityGroup/Properties/GroupDescription",
                json!("other"),
            ),
            &[Harmless],
            "replacement forced by GroupDescription",
        ),
        (Remove("EndpointIngress"), &[Narrowing], "may no longer connect"),
    ]);
    check(
        &[
            Remove("DatabaseIngress/Properties/SourceSecurityGroupId"),
            Set("DatabaseIngress/Properties/CidrIp", json!("0.0.0.0/0")),
        ],
        &[Narrowing, Broadening],
        "anywhere (0.0.0.0/0) may connect to ${DatabaseSecurityGroupId} on tcp 3306",
    );
}

#[test]
fn logs_are_kept_as_long_as_before() {
    all(&[
        (
            Set("CreateAppointmentLogGroup/Properties/RetentionInDays", json!(7)),
            &[Destructive],
            "deleted earlier",
        ),
        (
            Set("CreateAppointmentLogGroup/Properties/RetentionInDays", json!(30)),
            &[Harmless],
            "14 → 30",
        ),
        (
            Remove("CreateAppointmentLogGroup/Properties/RetentionInDays"),
            &[Harmless],
            "− 14",
        ),
        (
            Set(
                "CreateAppointmentLogGroup/Properties/DeletionProtectionEnabled",
                json!(true),
            ),
            &[Harmless],
            "false → true",
        ),
        (
            Set(
                "CreateAppointmentLogGroup/Properties/LogGroupName",
                json!("other"),
            ),
            &[Destructive],
            "log entries are lost with the old one",
        ),
        (
            Remove("CreateAppointmentLogGroup"),
            &[Destructive],
            "is deleted, and with it log entries",
        ),
    ]);
}

#[test]
fn a_role_may_no_more_than_before() {
    all(&[
        (
            Push(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement",
                json!({"Effect": "Allow", "Action": "dynamodb:*", "Resource": {"Fn::GetAtt": ["AppointmentTable", "Arn"]}}),
            ),
            &[Broadening],
            "dynamodb:* by CreateAppointmentRole on ${AppointmentTable.Arn}",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Resource",
                json!("*"),
            ),
            &[Broadening],
            "dynamodb:PutItem by CreateAppointmentRole on *",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Action",
                json!("dynamodb:Put*"),
            ),
            &[Broadening],
            "dynamodb:Put*",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Action",
                json!("DynamoDB:putitem"),
            ),
            &[Harmless],
            "no interruption",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/ManagedPolicyArns",
                json!(["arn:aws:iam::aws:policy/AdministratorAccess"]),
            ),
            &[Broadening],
            "everything in arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/ManagedPolicyArns",
                json!(["arn:aws:iam::1:policy/own"]),
            ),
            &[Unjudged, Broadening],
            "cannot be read here",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal",
                json!({"AWS": "*"}),
            ),
            &[Broadening],
            "sts:AssumeRole by anyone",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/AWS",
                json!("arn:aws:iam::1:root"),
            ),
            &[Broadening],
            "a principal is added",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/MaxSessionDuration",
                json!(43200),
            ),
            &[Broadening],
            "keeps it for longer",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/PermissionsBoundary",
                json!("arn:aws:iam::1:policy/x"),
            ),
            &[Narrowing],
            "limits",
        ),
        (
            Remove("CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/2"),
            &[Narrowing],
            "sns:Publish",
        ),
        (
            Set("CreateAppointmentRole/Properties/RoleName", json!("other")),
            &[Harmless],
            "replacement forced by RoleName",
        ),
        (
            Remove("ProcessAppointmentPERole/Properties/Policies/0/PolicyDocument/Statement/2"),
            &[Broadening],
            "no longer denied",
        ),
        (
            Set(
                "ProcessAppointmentPERole/Properties/Policies/0/PolicyDocument/Statement/2",
                json!({"Fn::If": ["C", {}, {}]}),
            ),
            &[Unjudged, Broadening],
            "cannot be read here",
        ),
    ]);
}

#[test]
fn a_function_runs_as_it_did() {
    all(&[
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/FunctionName",
                json!("other"),
            ),
            &[Harmless],
            "replacement forced by FunctionName",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/MemorySize",
                json!(512),
            ),
            &[Harmless],
            "256 → 512",
        ),
        (
            Set("CreateAppointmentLambdaFunction/Properties/Timeout", json!(5)),
            &[Harmless],
            "Timeout",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Runtime",
                json!("provided.al2"),
            ),
            &[Harmless],
            "Runtime",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Role",
                json!({"Fn::GetAtt": ["ProcessConfirmationRole", "Arn"]}),
            ),
            &[Broadening],
            "dynamodb:UpdateItem on ${AppointmentTable.Arn}",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Role",
                json!("arn:aws:iam::1:role/x"),
            ),
            &[Unjudged],
            "not in the template",
        ),
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/Environment/Variables/DB_PASSWORD",
                json!("hunter2"),
            ),
            &[Broadening],
            "a secret in plain text",
        ),
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/Environment/Variables/DB_NAME",
                json!("other"),
            ),
            &[Harmless],
            "DB_NAME: appointments → other",
        ),
        (
            Remove("ProcessAppointmentPELambdaFunction/Properties/VpcConfig"),
            &[Broadening],
            "it leaves the VPC",
        ),
        (
            Push(
                "ProcessAppointmentPELambdaFunction/Properties/VpcConfig/SecurityGroupIds",
                json!("sg-1"),
            ),
            &[Broadening],
            "sg-1",
        ),
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/VpcConfig/SubnetIds",
                json!(["subnet-1"]),
            ),
            &[Unjudged],
            "routes",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Code/S3Key",
                json!("other.zip"),
            ),
            &[Harmless],
            "Code.S3Key",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Code/S3Bucket",
                json!("other"),
            ),
            &[Unjudged],
            "another place",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Layers",
                json!(["arn:aws:lambda:us-east-1:1:layer:x:1"]),
            ),
            &[Broadening],
            "runs with the function's role",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/ReservedConcurrentExecutions",
                json!(0),
            ),
            &[Destructive],
            "no longer runs",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/ReservedConcurrentExecutions",
                json!(10),
            ),
            &[Harmless],
            "+ 10",
        ),
        (
            Remove("CreateAppointmentLambdaFunction"),
            &[Destructive],
            "is deleted",
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

#[test]
fn the_api_stays_as_closed_as_it_was() {
    all(&[
        (
            Set("HttpApi/Properties/CorsConfiguration/AllowOrigins", json!(["*"])),
            &[Broadening],
            "CORS: the origin everything is let through",
        ),
        (
            Set(
                "HttpApi/Properties/CorsConfiguration/AllowCredentials",
                json!(true),
            ),
            &[Broadening],
            "credentials",
        ),
        (
            Push(
                "HttpApi/Properties/CorsConfiguration/AllowHeaders",
                json!("authorization"),
            ),
            &[Broadening],
            "the header authorization",
        ),
        (
            Set("HttpApi/Properties/CorsConfiguration/MaxAge", json!(60)),
            &[Harmless],
            "86400 → 60",
        ),
        (
            Remove("HttpApi/Properties/CorsConfiguration"),
            &[Narrowing],
            "no longer let through",
        ),
        (
            Set("HttpApi/Properties/Name", json!("other")),
            &[Harmless],
            "Name",
        ),
        (
            Set("HttpApi/Properties/ProtocolType", json!("WEBSOCKET")),
            &[Destructive],
            "the URL that clients call",
        ),
        (
            Set("HttpApi/Properties/DisableExecuteApiEndpoint", json!(true)),
            &[Destructive],
            "no longer answers",
        ),
        (
            Set(
                "CreateAppointmentIntegration/Properties/IntegrationUri",
                json!("https://elsewhere.example"),
            ),
            &[Broadening],
            "outside this stack",
        ),
        (
            Set(
                "CreateAppointmentIntegration/Properties/TimeoutInMillis",
                json!(5000),
            ),
            &[Harmless],
            "5000",
        ),
        (
            Set(
                "CreateAppointmentRoute/Properties/RouteKey",
                json!("ANY /appointments"),
            ),
            &[Narrowing, Broadening],
            "ANY /appointments begins, for everybody",
        ),
        (
            Set(
                "CreateAppointmentRoute/Properties/AuthorizationType",
                json!("AWS_IAM"),
            ),
            &[Narrowing],
            "only whom AWS_IAM admits",
        ),
        (
            Remove("CreateAppointmentRoute"),
            &[Narrowing, Destructive],
            "POST /appointments ends",
        ),
        (
            Remove("CreateAppointmentPermission/Properties/SourceArn"),
            &[Broadening],
            "no longer only where aws:sourcearn",
        ),
        (
            Set("CreateAppointmentPermission/Properties/Principal", json!("*")),
            &[Broadening],
            "lambda:InvokeFunction by anyone",
        ),
        (Remove("CreateAppointmentPermission"), &[Narrowing], "ends"),
        (
            Remove("HttpApiStage/Properties/AccessLogSettings"),
            &[Destructive],
            "no longer logged",
        ),
        (
            Remove("HttpApiStage/Properties/DefaultRouteSettings"),
            &[Broadening],
            "no longer held back",
        ),
        (
            Set(
                "HttpApiStage/Properties/DefaultRouteSettings/DataTraceEnabled",
                json!(true),
            ),
            &[Broadening],
            "whole requests and answers are logged",
        ),
        (
            Set(
                "HttpApiStage/Properties/DefaultRouteSettings/ThrottlingRateLimit",
                json!(1),
            ),
            &[Harmless],
            "10000 → 1",
        ),
        (
            Set("HttpApiStage/Properties/StageName", json!("v1")),
            &[Destructive],
            "the URL that clients call",
        ),
    ]);
}

#[test]
fn what_stands_around_the_resources_is_judged_too() {
    all(&[
        (
            Set("//Parameters/AssetBucket/Default", json!("bucket")),
            &[Unjudged],
            "gets another value",
        ),
        (Remove("//Outputs/ApiUrl"), &[Harmless], "Outputs.ApiUrl"),
        (Set("//Description", json!("other")), &[Harmless], "Description"),
        (
            Set("//Conditions", json!({"C": {"Fn::Equals": ["a", "b"]}})),
            &[Unjudged],
            "is not judged",
        ),
        (
            Set("//Transform", json!("AWS::Serverless-2016-10-31")),
            &[Unjudged],
            "`Transform`",
        ),
        (
            Set("It", json!({"Type": "Custom::Thing"})),
            &[Unjudged],
            "is not known here",
        ),
        (
            Set("AppointmentTable/Type", json!("AWS::DynamoDB::GlobalTable")),
            &[Unjudged, Narrowing, Destructive],
            "another type under one logical id",
        ),
        (
            Set("AppointmentTable/DependsOn", json!(["AppointmentTopic"])),
            &[Harmless],
            "DependsOn",
        ),
        (
            Set("AppointmentTable/Condition", json!("C")),
            &[Unjudged],
            "`Condition`",
        ),
    ]);
}
