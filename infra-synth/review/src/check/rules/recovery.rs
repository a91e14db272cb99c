use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::Wiring;

pub(super) static TABLE_RECOVERABLE: Rule = Rule {
    id: "table-recoverable",
    severity: Severity::Error,
    title: "Tables can be put back to any second of the last days",
    why: "Without point-in-time recovery a wrong write is for ever",
    mend: "Set `PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled` to true",
    also_known_as: &[
        "AwsSolutions-DDB3",
        "HIPAA.Security-DynamoDBPITREnabled",
        "CKV_AWS_28",
        "dynamodb-pitr-enabled",
    ],
    look: table_recoverable,
};

pub(super) static TABLE_KEPT: Rule = Rule {
    id: "table-kept",
    severity: Severity::Error,
    title: "Tables outlive the stack, and nobody deletes one by accident",
    why: "A deleted or replaced table takes every appointment with it",
    mend: "Set `DeletionPolicy` and `UpdateReplacePolicy` to Retain and `DeletionProtectionEnabled` to true",
    also_known_as: &[],
    look: table_kept,
};

fn table_recoverable(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for table in wiring.of("AWS::DynamoDB::Table") {
        let path = "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled";
        looks.expect(
            table.flag(path),
            table,
            path,
            "the table has no point-in-time recovery",
        );
    }
}

fn table_kept(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for table in wiring.of("AWS::DynamoDB::Table") {
        let policy = |name: &str| table.body.get(name).and_then(Json::as_str).unwrap_or("Delete");
        for name in ["DeletionPolicy", "UpdateReplacePolicy"] {
            let kept = policy(name).starts_with("Retain");
            looks.expect(
                kept,
                table,
                name,
                format!("`{name}` is `{}`: the table's data goes", policy(name)),
            );
        }
        let path = "DeletionProtectionEnabled";
        looks.expect(table.flag(path), table, path, "one call deletes the table");
    }
}
