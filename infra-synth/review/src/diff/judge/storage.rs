use std::collections::BTreeMap;

use super::{Change, weigh};
use crate::diff::review::{Finding, Verdict};
use crate::diff::value::Value;

pub(super) fn table(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "AttributeDefinitions" => change.harmless(),
        "DeletionProtectionEnabled" => weigh::guard(
            change,
            Verdict::Destructive,
            "deletion protection is taken away: the table can be deleted",
        ),
        "PointInTimeRecoverySpecification" => recovery(change),
        "SSESpecification" => {
            let (old, new) = change.field("SSEEnabled");
            let lost = weigh::guard_between(
                old,
                new,
                Verdict::Broadening,
                "items are no longer encrypted with a key of the account",
            )?;
            if lost.is_empty() && change.differs("KMSMasterKeyId") {
                let (old, new) = change.field("KMSMasterKeyId");
                return weigh::key_between(change, old, new, "items");
            }
            Some(lost)
        }
        "GlobalSecondaryIndexes" => Some(indexes(change)),
        "TimeToLiveSpecification" => {
            let expires = |value: Option<&Value>| {
                value.is_some_and(|value| value.get("Enabled").and_then(Value::as_flag) != Some(false))
            };
            if !expires(change.new) || expires(change.old) && !change.differs("AttributeName") {
                change.harmless()
            } else {
                change.found(Verdict::Destructive, "items are deleted by their age")
            }
        }
        "StreamSpecification" => match (change.old, change.new) {
            (None, Some(_)) if change.field("ResourcePolicy").1.is_none() => change.harmless(),
            (Some(_), None) => change.found(Verdict::Destructive, "the stream ends, with the records in it"),
            (Some(_), Some(_)) if change.differs("StreamViewType") => change.found(
                Verdict::Destructive,
                "the stream is made anew: the records in it are lost to its readers",
            ),
            _ => None,
        },
        "KinesisStreamSpecification" => match (change.old, change.new) {
            (Some(_), None) => change.found(Verdict::Destructive, "changes no longer reach the stream"),
            _ => change.found(
                Verdict::Broadening,
                "every change of an item is copied to a stream",
            ),
        },
        _ => None,
    }
}

fn recovery(change: &Change<'_>) -> Option<Vec<Finding>> {
    let (old, new) = change.field("PointInTimeRecoveryEnabled");
    let lost = weigh::guard_between(
        old,
        new,
        Verdict::Destructive,
        "point-in-time recovery is taken away: the backups of 35 days are deleted",
    )?;
    let (old, new) = change.field("RecoveryPeriodInDays");
    let days = |value: Option<&Value>| value.map_or(Some(35.0), Value::as_number);
    match (days(old)?, days(new)?) {
        (old, new) if lost.is_empty() && new < old => {
            change.found(Verdict::Destructive, "backups reach back less far")
        }
        _ => Some(lost),
    }
}

fn indexes(change: &Change<'_>) -> Vec<Finding> {
    let by_name = |value: Option<&Value>| -> BTreeMap<String, Value> {
        let indexes = value.map(Value::elements).unwrap_or_default();
        indexes
            .iter()
            .map(|index| {
                (
                    index.get("IndexName").map(Value::to_string).unwrap_or_default(),
                    index.clone(),
                )
            })
            .collect()
    };
    let new = by_name(change.new);
    let mut findings = Vec::new();
    for (name, old) in by_name(change.old) {
        match new.get(&name) {
            None => findings.push(Finding::new(
                Verdict::Destructive,
                format!("the index {name} is deleted: queries on it fail"),
            )),
            Some(new)
                if ["KeySchema", "Projection"]
                    .iter()
                    .any(|field| old.get(field) != new.get(field)) =>
            {
                findings.push(Finding::new(
                    Verdict::Destructive,
                    format!("the index {name} is deleted and built again: until then queries on it fail"),
                ));
            }
            Some(_) => {}
        }
    }
    findings
}

pub(super) fn log_group(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "RetentionInDays" => weigh::lowered(
            change,
            f64::INFINITY,
            "log entries are deleted earlier, those already older at once",
        ),
        "DeletionProtectionEnabled" => weigh::guard(
            change,
            Verdict::Destructive,
            "deletion protection is taken away: the log group can be deleted",
        ),
        "KmsKeyId" => weigh::key(change, "log entries"),
        "DataProtectionPolicy" => match (change.old, change.new) {
            (None, _) => change.harmless(),
            (Some(_), None) => change.found(
                Verdict::Broadening,
                "sensitive data in log entries are no longer masked",
            ),
            _ => None,
        },
        "BearerTokenAuthenticationEnabled" if weigh::is_on(change.new) => change.found(
            Verdict::Broadening,
            "whoever holds a bearer token may write log entries",
        ),
        _ => None,
    }
}

pub(super) fn bucket(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "PublicAccessBlockConfiguration" => {
            let parts = [
                "BlockPublicAcls",
                "BlockPublicPolicy",
                "IgnorePublicAcls",
                "RestrictPublicBuckets",
            ];
            let findings = parts.into_iter().filter_map(|part| {
                let (old, new) = change.field(part);
                weigh::guard_between(
                    old,
                    new,
                    Verdict::Broadening,
                    &format!("`{part}` no longer keeps the public out"),
                )
            });
            Some(findings.flatten().collect())
        }
        "BucketEncryption" => weigh::key(change, "objects"),
        "VersioningConfiguration" => {
            let on = |value: Option<&Value>| {
                value
                    .and_then(|value| value.get("Status"))
                    .and_then(Value::as_literal)
                    == Some("Enabled")
            };
            if on(change.old) && !on(change.new) {
                change.found(
                    Verdict::Destructive,
                    "objects that are overwritten or deleted are lost",
                )
            } else {
                change.harmless()
            }
        }
        "ObjectLockConfiguration" | "ObjectLockEnabled" if change.new.is_none() => {
            change.found(Verdict::Destructive, "objects are no longer kept from deletion")
        }
        _ => None,
    }
}

pub(super) fn key(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "EnableKeyRotation" => weigh::guard(change, Verdict::Broadening, "the key is no longer rotated"),
        // A key is enabled unless it says otherwise.
        "Enabled" if change.new.is_none() || weigh::is_on(change.new) => change.harmless(),
        "Enabled" => change.found(Verdict::Destructive, "what the key has encrypted cannot be read"),
        "PendingWindowInDays" => weigh::lowered(
            change,
            30.0,
            "a deleted key can be brought back for a shorter time",
        ),
        _ => None,
    }
}

pub(super) fn secret(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "GenerateSecretString" | "SecretString" => {
            change.found(Verdict::Destructive, "the secret gets another value")
        }
        "KmsKeyId" => weigh::key(change, "its values"),
        _ => None,
    }
}
