use std::collections::BTreeSet;

use super::{Change, weigh};
use crate::diff::review::{Finding, Verdict};
use crate::diff::value::Value;

/// What SQS keeps messages for if nothing is said: four days.
const DEFAULT_RETENTION: f64 = 345_600.0;
/// What EventBridge tries if nothing is said: this often, for a day.
const DEFAULT_ATTEMPTS: f64 = 185.0;
const DEFAULT_EVENT_AGE: f64 = 86_400.0;
/// The largest message of SQS and SNS if nothing is said, in bytes.
const DEFAULT_MESSAGE_SIZE: f64 = 262_144.0;

pub(super) fn queue(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "SqsManagedSseEnabled" | "KmsMasterKeyId" => {
            let encrypted = |resource: &crate::diff::model::Resource| {
                resource.property("KmsMasterKeyId").is_some()
                    || weigh::is_on(resource.property("SqsManagedSseEnabled"))
            };
            if encrypted(change.old_resource) && !encrypted(change.new_resource) {
                change.found(Verdict::Broadening, "messages are no longer encrypted at rest")
            } else if change.property == "KmsMasterKeyId" {
                weigh::key(change, "messages")
            } else {
                change.harmless()
            }
        }
        "MessageRetentionPeriod" => weigh::lowered(
            change,
            DEFAULT_RETENTION,
            "messages that wait are deleted earlier, those already older at once",
        ),
        "MaximumMessageSize" => message_size(change),
        "RedrivePolicy" => Some(weigh::dead_letters(change, change.old, change.new, "messages")),
        "RedriveAllowPolicy" => redrive_allow(change),
        _ => None,
    }
}

fn message_size(change: &Change<'_>) -> Option<Vec<Finding>> {
    let size = |value: Option<&Value>| value.map_or(Some(DEFAULT_MESSAGE_SIZE), Value::as_number);
    match (size(change.old)?, size(change.new)?) {
        (old, new) if new >= old => change.harmless(),
        _ => change.found(Verdict::Narrowing, "larger messages are refused"),
    }
}

/// Which queues may take this one for their dead letters.
fn redrive_allow(change: &Change<'_>) -> Option<Vec<Finding>> {
    let permission = |value: Option<&Value>| match value
        .map(|value| value.get("redrivePermission").and_then(Value::as_literal))
    {
        Some(Some("denyAll")) => Some(0),
        Some(Some("byQueue")) => Some(1),
        None | Some(Some("allowAll")) => Some(2),
        Some(_) => None,
    };
    let sources = |value: Option<&Value>| -> BTreeSet<String> {
        let sources = value.and_then(|value| value.get("sourceQueueArns"));
        sources
            .map(|sources| sources.elements().iter().map(Value::to_string).collect())
            .unwrap_or_default()
    };
    let (old, new) = (permission(change.old)?, permission(change.new)?);
    let added: Vec<String> = sources(change.new)
        .difference(&sources(change.old))
        .cloned()
        .collect();
    if new > old {
        change.found(
            Verdict::Broadening,
            "more queues may send their dead letters here",
        )
    } else if new == 1 && old == 1 && !added.is_empty() {
        change.found(
            Verdict::Broadening,
            format!("{} may send dead letters here", added.join(", ")),
        )
    } else {
        change.found(
            Verdict::Narrowing,
            "fewer queues may send their dead letters here",
        )
    }
}

pub(super) fn topic(change: &Change<'_>) -> Option<Vec<Finding>> {
    match (change.property, change.old, change.new) {
        ("KmsMasterKeyId", ..) => weigh::key(change, "messages"),
        ("ArchivePolicy", Some(_), None) => {
            change.found(Verdict::Destructive, "archived messages are deleted")
        }
        ("ArchivePolicy" | "DataProtectionPolicy", None, Some(_)) => change.harmless(),
        ("DataProtectionPolicy", Some(_), None) => change.found(
            Verdict::Broadening,
            "sensitive data in messages are no longer looked for",
        ),
        ("MaximumMessageSize", ..) => message_size(change),
        _ => None,
    }
}

pub(super) fn subscription(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "RedrivePolicy" => Some(weigh::dead_letters(change, change.old, change.new, "messages")),
        "RawMessageDelivery" => {
            let raw = |value: Option<&Value>| value.is_some_and(|value| value.as_flag() != Some(false));
            if raw(change.old) == raw(change.new) {
                change.harmless()
            } else {
                change.found(Verdict::Unjudged, "the receiver gets messages in another form; whether it reads that is not in the template")
            }
        }
        _ => None,
    }
}

pub(super) fn bus(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "DeadLetterConfig" => Some(weigh::dead_letters(change, change.old, change.new, "events")),
        "KmsKeyIdentifier" => weigh::key(change, "events"),
        "LogConfig" => {
            let tells = |value: Option<&Value>| {
                value
                    .and_then(|value| value.get("IncludeDetail"))
                    .is_some_and(|detail| detail.as_literal() != Some("NONE"))
            };
            if tells(change.new) && !tells(change.old) {
                change.found(Verdict::Broadening, "what is in the events goes into a log")
            } else {
                change.harmless()
            }
        }
        _ => None,
    }
}

pub(super) fn archive(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        // None, and zero, keep for ever.
        "RetentionDays" => {
            let days = |value: Option<&Value>| match value {
                None => Some(f64::INFINITY),
                Some(value) => value
                    .as_number()
                    .map(|days| if days == 0.0 { f64::INFINITY } else { days }),
            };
            match (days(change.old)?, days(change.new)?) {
                (old, new) if new >= old => change.harmless(),
                _ => change.found(Verdict::Destructive, "archived events are deleted earlier"),
            }
        }
        "KmsKeyIdentifier" => weigh::key(change, "archived events"),
        _ => None,
    }
}

pub(super) fn rule(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "Targets" => Some(targets(change)),
        "RoleArn" => change.found(Verdict::Unjudged, "the rule calls its targets with another role"),
        "ScheduleExpression" => match (change.old, change.new) {
            (Some(_), Some(_)) => change.found(
                Verdict::Unjudged,
                "its targets are called at other times; what that leaves undone is not in the template",
            ),
            // Whether they are called at all is said under access.
            _ => change.harmless(),
        },
        _ => None,
    }
}

fn targets(change: &Change<'_>) -> Vec<Finding> {
    let by_id = |value: Option<&Value>| -> Vec<(Option<Value>, Value)> {
        let targets = value.map(Value::elements).unwrap_or_default();
        targets
            .iter()
            .map(|target| (target.get("Id").cloned(), target.clone()))
            .collect()
    };
    let old = by_id(change.old);
    let mut findings = Vec::new();
    for (id, new) in by_id(change.new) {
        let Some((_, old)) = old.iter().find(|(other, _)| *other == id) else {
            let target = new.get("DeadLetterConfig");
            findings.extend(weigh::dead_letters(change, None, target, "events"));
            continue;
        };
        let (before, after) = (old.get("DeadLetterConfig"), new.get("DeadLetterConfig"));
        findings.extend(weigh::dead_letters(change, before, after, "events"));
        if after.is_none() && fewer_tries(old, &new) {
            findings.push(Finding::new(
                Verdict::Destructive,
                "events that fail are tried less often and then dropped",
            ));
        }
        let judged = ["Id", "Arn", "DeadLetterConfig", "RetryPolicy"];
        let (Some(old), Some(new)) = (old.as_map(), new.as_map()) else {
            continue;
        };
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            if !judged.contains(&name.as_str()) && old.get(name) != new.get(name) {
                findings.push(Finding::new(
                    Verdict::Unjudged,
                    format!("what `{name}` makes of a target's events is not judged"),
                ));
            }
        }
    }
    findings
}

fn fewer_tries(old: &Value, new: &Value) -> bool {
    [
        ("MaximumRetryAttempts", DEFAULT_ATTEMPTS),
        ("MaximumEventAgeInSeconds", DEFAULT_EVENT_AGE),
    ]
    .into_iter()
    .any(|(name, default)| {
        let number = |target: &Value| {
            target
                .get("RetryPolicy")
                .and_then(|policy| policy.get(name))
                .map_or(Some(default), Value::as_number)
        };
        !matches!((number(old), number(new)), (Some(old), Some(new)) if new >= old)
    })
}
