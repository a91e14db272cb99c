use std::collections::{BTreeMap, BTreeSet};

use super::{Change, weigh};
use crate::diff::properties::{differences, leaves};
use crate::diff::review::{Finding, Verdict};
use crate::diff::secrets::is_secret;
use crate::diff::value::{Text, Value};

pub(super) fn function(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "Code" => {
            let elsewhere = ["S3Bucket", "SourceKMSKeyArn"];
            let repository = |value: Option<&Value>| value.map(|uri| repository(&uri.to_string()).to_owned());
            let (old_image, new_image) = change.field("ImageUri");
            let is_reference = |value: Option<&Value>| {
                value.is_some_and(|key| key.as_text().is_some_and(|key| key.references().next().is_some()))
            };
            let (old_key, new_key) = change.field("S3Key");
            if elsewhere.iter().any(|field| change.differs(field))
                || repository(old_image) != repository(new_image)
            {
                change.found(
                    Verdict::Unjudged,
                    "the code comes from another place; who may write there is not in the template",
                )
            } else if old_key != new_key && is_reference(old_key) && is_reference(new_key) {
                change.found(
                    Verdict::Unjudged,
                    "the code is what another parameter names: perhaps another function's",
                )
            } else {
                change.harmless()
            }
        }
        "Handler" => change.found(
            Verdict::Unjudged,
            "the code starts at another place; what that runs is not in the template",
        ),
        "CodeSigningConfigArn" => match (change.old, change.new) {
            (None, Some(_)) => change.harmless(),
            (_, None) => change.found(Verdict::Broadening, "code that nobody has signed runs"),
            _ => None,
        },
        "DeadLetterConfig" => Some(weigh::dead_letters(change, change.old, change.new, "events")),
        // A host, a table or a country is read from here: role and network bound what is reached, but do not choose it.
        "Environment" => Some(environment(change)),
        "ImageConfig" => change.found(
            Verdict::Unjudged,
            "the image starts in another way; what that runs is not in the template",
        ),
        "KmsKeyArn" => weigh::key(change, "environment variables"),
        "Layers" => {
            let layers = |value: Option<&Value>| value.map(Value::elements).unwrap_or_default().to_vec();
            let old = layers(change.old);
            let added: Vec<String> = layers(change.new)
                .iter()
                .filter(|layer| !old.contains(layer))
                .map(Value::to_string)
                .collect();
            if added.is_empty() {
                change.found(
                    Verdict::Unjudged,
                    "other layers, or the same in another order, are what the code runs with",
                )
            } else {
                change.found(
                    Verdict::Broadening,
                    format!(
                        "code of the layer {} runs with the function's role",
                        added.join(", ")
                    ),
                )
            }
        }
        "LoggingConfig" => Some(logging(change)),
        "ReservedConcurrentExecutions" => match change.new {
            Some(new) if new.as_number().is_none_or(|most| most == 0.0) => change.found(
                Verdict::Destructive,
                "the function no longer runs: every call of it is refused",
            ),
            _ => change.harmless(),
        },
        "Role" => another_role(change),
        "VpcConfig" => Some(network(change)),
        _ => None,
    }
}

fn logging(change: &Change<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for level in ["ApplicationLogLevel", "SystemLogLevel"] {
        let (old, new) = change.field(level);
        if !matches!((severity(old), severity(new)), (Some(old), Some(new)) if new <= old) {
            let reason = format!("by another `{level}` fewer log entries may be written");
            findings.push(Finding::new(Verdict::Unjudged, reason));
        }
    }
    let (old, new) = change.field("LogGroup");
    match new.map(|group| (group, group.as_text())) {
        _ if old == new => {}
        Some((_, Some(group))) if change.is_ours(group) => {}
        Some((group, _)) => findings.push(Finding::new(
            Verdict::Unjudged,
            format!(
                "log entries go to `{group}`, outside this stack: who reads them there is not in the template"
            ),
        )),
        None => findings.push(Finding::new(
            Verdict::Unjudged,
            "log entries go to a log group that Lambda makes, which keeps them for ever",
        )),
    }
    findings
}

/// From which severity on entries are written: `INFO`, if nothing is said.
fn severity(level: Option<&Value>) -> Option<usize> {
    let Some(level) = level else { return Some(2) };
    ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
        .iter()
        .position(|known| level.as_literal() == Some(known))
}

/// An image's address without its tag and digest.
fn repository(uri: &str) -> &str {
    let uri = uri.split('@').next().unwrap_or(uri);
    match uri.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => uri,
    }
}

/// One finding a variable. One that is a secret is found as such, which says more.
fn environment(change: &Change<'_>) -> Vec<Finding> {
    let variables = |value: Option<&Value>| -> BTreeMap<String, Text> {
        value
            .and_then(|value| value.get("Variables"))
            .map(|variables| leaves("Variables", variables))
            .unwrap_or_default()
    };
    let (old, new) = (variables(change.old), variables(change.new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut findings = Vec::new();
    for path in names {
        let (before, after) = (old.get(path), new.get(path));
        if before == after || after.is_some_and(|text| is_secret(path, text)) {
            continue;
        }
        let name = path.trim_start_matches("Variables.");
        let told = match (before, after) {
            (None, _) => format!("the function is told `{name}`"),
            (_, None) => format!("the function is no longer told `{name}`"),
            _ => format!("the function is told another `{name}`"),
        };
        findings.push(Finding::new(
            Verdict::Unjudged,
            format!("{told}; what it makes of that is not in the template"),
        ));
    }
    findings
}

fn another_role(change: &Change<'_>) -> Option<Vec<Finding>> {
    let text = |value: Option<&Value>| value.and_then(Value::as_text).cloned();
    let (Some(old), Some(new)) = (text(change.old), text(change.new)) else {
        return None;
    };
    match change.access.through_another_role(&old, &new) {
        Ok(gained) if gained.is_empty() => change.found(
            Verdict::Narrowing,
            format!("it runs as `{new}`, which may do nothing that `{old}` may not"),
        ),
        Ok(gained) => change.found(
            Verdict::Broadening,
            format!("it runs as `{new}` and may from then on: {}", gained.join("; ")),
        ),
        Err(reason) => change.found(Verdict::Unjudged, reason),
    }
}

fn network(change: &Change<'_>) -> Vec<Finding> {
    let inside = |value: Option<&Value>| {
        value.is_some_and(|value| {
            value
                .get("SubnetIds")
                .is_some_and(|subnets| !matches!(subnets, Value::List(items) if items.is_empty()))
        })
    };
    match (inside(change.old), inside(change.new)) {
        (true, false) => {
            vec![Finding::new(
                Verdict::Broadening,
                "it leaves the VPC: no security group holds it back, and the internet is open to it",
            )]
        }
        (false, true) => vec![Finding::new(
            Verdict::Broadening,
            "it enters a VPC, and reaches what its security groups let it reach there",
        )],
        (false, false) => Vec::new(),
        (true, true) => {
            let (old, new) = change.field("SecurityGroupIds");
            let mut findings = weigh::groups(change, old, new);
            if change.differs("SubnetIds") {
                findings.push(Finding::new(
                    Verdict::Unjudged,
                    "what its other subnets have routes to is not in the template",
                ));
            }
            let (old, new) = change.field("Ipv6AllowedForDualStack");
            if weigh::is_on(new) && !weigh::is_on(old) {
                findings.push(Finding::new(Verdict::Broadening, "it may connect by IPv6"));
            }
            findings
        }
    }
}

pub(super) fn event_source(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "FunctionResponseTypes" => {
            let reports = |value: Option<&Value>| {
                value.is_some_and(|value| {
                    value
                        .elements()
                        .iter()
                        .any(|kind| kind.as_literal() == Some("ReportBatchItemFailures"))
                })
            };
            match (reports(change.old), reports(change.new)) {
                (true, false) => change.found(
                    Verdict::Destructive,
                    "failures that the function reports one by one are ignored: failed messages are deleted",
                ),
                _ => change.harmless(),
            }
        }
        "DestinationConfig" => destination(change),
        "MaximumRecordAgeInSeconds" | "MaximumRetryAttempts" => {
            let number = |value: Option<&Value>| match value.map(Value::as_number) {
                None => Some(f64::INFINITY),
                Some(number) => number.map(|number| if number < 0.0 { f64::INFINITY } else { number }),
            };
            match (number(change.old)?, number(change.new)?) {
                (old, new) if new >= old => change.harmless(),
                _ => change.found(Verdict::Destructive, "records that fail are dropped earlier"),
            }
        }
        "KmsKeyArn" => weigh::key(change, "filters"),
        _ => None,
    }
}

pub(super) fn invoke_config(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "DestinationConfig" => destination(change),
        "MaximumEventAgeInSeconds" => {
            weigh::lowered(change, 21_600.0, "events that fail are dropped earlier")
        }
        "MaximumRetryAttempts" => {
            weigh::lowered(change, 2.0, "events that fail are dropped after fewer attempts")
        }
        _ => None,
    }
}

fn destination(change: &Change<'_>) -> Option<Vec<Finding>> {
    let (old, new) = change.field("OnFailure");
    let mut findings = weigh::dead_letters(change, old, new, "events");
    let (old, new) = change.field("OnSuccess");
    for difference in differences("OnSuccess", old, new) {
        match difference.new {
            Some(target) if !target.texts().iter().any(|text| change.is_ours(text)) => {
                findings.push(Finding::new(
                    Verdict::Broadening,
                    format!("results go to {target}, outside this stack"),
                ));
            }
            Some(_) => {}
            None => findings.push(Finding::new(
                Verdict::Destructive,
                "results no longer go where they went",
            )),
        }
    }
    Some(findings)
}

pub(super) fn role(change: &Change<'_>) -> Option<Vec<Finding>> {
    match (change.property, change.old, change.new) {
        ("PermissionsBoundary", None, Some(_)) => {
            change.found(Verdict::Narrowing, "a boundary limits what the role may do")
        }
        ("PermissionsBoundary", _, None) => change.found(
            Verdict::Broadening,
            "the boundary of what the role may do is taken away",
        ),
        ("PermissionsBoundary", ..) => {
            change.found(Verdict::Unjudged, "another boundary limits what the role may do")
        }
        // An hour, if nothing is said.
        ("MaxSessionDuration", old, new) => {
            let seconds = |value: Option<&Value>| value.map_or(Some(3_600.0), Value::as_number);
            match (seconds(old)?, seconds(new)?) {
                (old, new) if new <= old => change.harmless(),
                _ => change.found(
                    Verdict::Broadening,
                    "who has taken on the role keeps it for longer",
                ),
            }
        }
        _ => None,
    }
}
