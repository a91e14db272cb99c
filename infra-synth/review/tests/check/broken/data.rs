use serde_json::json;

use super::Case;

const TABLE: &str = "AppointmentTable/Properties";
const QUEUE: &str = "AppointmentQueuePE/Properties";

pub(super) fn cases() -> Vec<Case> {
    vec![
        (
            "encryption that depends on a condition",
            |t| {
                t.set(
                    &format!("{TABLE}/SSESpecification/SSEEnabled"),
                    json!({"Fn::If": ["Production", true, false]}),
                );
            },
            &[
                "template-resolved AppointmentTable",
                "table-encrypted AppointmentTable",
            ],
        ),
        (
            "a table without encryption",
            |t| {
                t.remove(&format!("{TABLE}/SSESpecification"));
            },
            &["table-encrypted AppointmentTable"],
        ),
        (
            "a table without recovery",
            |t| {
                t.set(
                    &format!("{TABLE}/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled"),
                    json!(false),
                );
            },
            &["table-recoverable AppointmentTable"],
        ),
        (
            "a table that goes with the stack",
            |t| {
                t.set("AppointmentTable/DeletionPolicy", json!("Delete"));
            },
            &["table-kept AppointmentTable"],
        ),
        (
            "a table that goes when replaced",
            |t| {
                t.remove("AppointmentTable/UpdateReplacePolicy");
            },
            &["table-kept AppointmentTable"],
        ),
        (
            "a table without deletion protection",
            |t| {
                t.remove(&format!("{TABLE}/DeletionProtectionEnabled"));
            },
            &["table-kept AppointmentTable"],
        ),
        (
            "a queue without encryption",
            |t| {
                t.set(&format!("{QUEUE}/SqsManagedSseEnabled"), json!(false));
            },
            &["queue-encrypted AppointmentQueuePE"],
        ),
        (
            "a topic without encryption",
            |t| {
                t.remove("AppointmentTopic/Properties/KmsMasterKeyId");
            },
            &[
                "topic-encrypted AppointmentTopic",
                "topic-tls-only AppointmentTopic",
            ],
        ),
        (
            "a queue that takes plain HTTP",
            |t| {
                t.remove("QueuePolicyPE/Properties/PolicyDocument/Statement/1");
            },
            &["queue-tls-only AppointmentQueuePE"],
        ),
        (
            "a denial of plain HTTP that another condition narrows",
            |t| {
                t.set(
                    "QueuePolicyPE/Properties/PolicyDocument/Statement/1/Condition/StringEquals",
                    json!({"aws:SourceAccount": "1"}),
                );
            },
            &["queue-tls-only AppointmentQueuePE"],
        ),
        (
            "a password in the environment",
            |t| {
                t.set(
                    "ProcessAppointmentPELambdaFunction/Properties/Environment/Variables/DB_PASSWORD",
                    json!("kept-nowhere"),
                );
            },
            &["no-plaintext-secret ProcessAppointmentPELambdaFunction"],
        ),
        (
            "a key under a harmless name",
            |t| {
                t.set(
                    "CreateAppointmentLambdaFunction/Properties/Environment/Variables/EXTRA",
                    json!("AKIAIOSFODNN7EXAMPLE"),
                );
            },
            &["no-plaintext-secret CreateAppointmentLambdaFunction"],
        ),
        (
            "a password inside an intrinsic",
            |t| {
                t.set(
                    "CreateAppointmentLambdaFunction/Properties/Environment/Variables/URL",
                    json!({"Fn::Sub": "mysql://root:hunter2@${AppointmentTable}/x"}),
                );
            },
            &["no-plaintext-secret CreateAppointmentLambdaFunction"],
        ),
        (
            "a parameter that shows a password",
            |t| {
                t.0["Parameters"]["DatabasePassword"] = json!({"Type": "String"});
            },
            &["no-plaintext-secret DatabasePassword"],
        ),
    ]
}
