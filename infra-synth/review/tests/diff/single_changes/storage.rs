use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Narrowing, Unjudged};
use serde_json::{Value as Json, json};

use super::all;
use crate::edit::{Push, Remove, Set};

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
            "DeletionProtectionEnabled: + true",
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

fn statement(statement: &Json) -> Json {
    json!({"Version": "2012-10-17", "Statement": [statement]})
}
