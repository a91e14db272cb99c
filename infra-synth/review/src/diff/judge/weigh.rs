//! Judgements that many properties share.

use super::Change;
use crate::diff::review::{Finding, Verdict};
use crate::diff::value::{Text, Value};

/// Whether a flag is known to be on. One that is not known protects nobody.
pub(super) fn is_on(value: Option<&Value>) -> bool {
    value.and_then(Value::as_flag) == Some(true)
}

/// A flag that protects: taking it away is what `verdict` and `reason` say.
pub(super) fn guard(change: &Change<'_>, verdict: Verdict, reason: &str) -> Option<Vec<Finding>> {
    guard_between(change.old, change.new, verdict, reason)
}

pub(super) fn guard_between(
    old: Option<&Value>,
    new: Option<&Value>,
    verdict: Verdict,
    reason: &str,
) -> Option<Vec<Finding>> {
    // One that was not known to be on may have been.
    let was_off = old.is_none_or(|old| old.as_flag() == Some(false));
    Some(if is_on(new) || was_off {
        Vec::new()
    } else {
        vec![Finding::new(verdict, reason)]
    })
}

/// A number of which less loses data, counting an absent one as `absent`.
pub(super) fn lowered(change: &Change<'_>, absent: f64, reason: &str) -> Option<Vec<Finding>> {
    let number = |value: Option<&Value>| value.map_or(Some(absent), Value::as_number);
    match (number(change.old), number(change.new)) {
        (Some(old), Some(new)) if new >= old => change.harmless(),
        (Some(_), Some(_)) => change.found(Verdict::Destructive, reason),
        _ => change.found(
            Verdict::Unjudged,
            format!("whether `{}` falls cannot be seen", change.property),
        ),
    }
}

/// The key of an encryption.
pub(super) fn key(change: &Change<'_>, of: &str) -> Option<Vec<Finding>> {
    key_between(change, change.old, change.new, of)
}

pub(super) fn key_between(
    change: &Change<'_>,
    old: Option<&Value>,
    new: Option<&Value>,
    of: &str,
) -> Option<Vec<Finding>> {
    let is_ours = |key: &Value| key.as_text().is_some_and(|key| change.is_ours(key));
    // A key of AWS's own for one service; that of SQS no other service can use, and so sends nothing there any more.
    let managed = new
        .and_then(Value::as_literal)
        .and_then(|key| key.strip_prefix("alias/aws/"));
    match (old, new) {
        (None, Some(_)) if managed.is_some_and(|service| service != "sqs") => change.harmless(),
        (None, Some(new)) if !is_ours(new) => change.found(
            Verdict::Unjudged,
            format!(
                "{of} are encrypted with `{new}`, which is not in the template: who may use it, and take it away, is not \
                 judged"
            ),
        ),
        (None, _) => change.harmless(),
        (Some(_), None) => change.found(
            Verdict::Broadening,
            format!("{of} are no longer encrypted with the key"),
        ),
        (Some(_), Some(_)) => change.found(
            Verdict::Unjudged,
            format!("{of} are encrypted with another key; who may use it is not judged"),
        ),
    }
}

/// Where dead letters go.
pub(super) fn dead_letters(
    change: &Change<'_>,
    old: Option<&Value>,
    new: Option<&Value>,
    what: &str,
) -> Vec<Finding> {
    match (target_of(old), target_of(new)) {
        (Some(_), None) => {
            vec![Finding::new(
                Verdict::Destructive,
                format!("{what} that fail are dropped: their dead-letter queue is taken away"),
            )]
        }
        (before, Some(target)) if before != Some(target) && !change.is_ours(target) => {
            vec![Finding::new(
                Verdict::Broadening,
                format!("{what} that fail go to `{target}`, outside this stack"),
            )]
        }
        (before, Some(target)) if before != Some(target) => readers(change, target)
            .map(|reader| {
                Finding::new(
                    Verdict::Broadening,
                    format!("{what} that fail go to `{target}`, whose messages `{reader}` works on"),
                )
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The functions that get a queue's messages.
fn readers<'c>(change: &'c Change<'_>, queue: &'c Text) -> impl Iterator<Item = &'c Value> {
    change
        .new_model
        .of_type("AWS::Lambda::EventSourceMapping")
        .filter(move |mapping| mapping.property("EventSourceArn").and_then(Value::as_text) == Some(queue))
        .filter_map(|mapping| mapping.property("FunctionName"))
}

fn target_of(value: Option<&Value>) -> Option<&Text> {
    let value = value?;
    ["deadLetterTargetArn", "TargetArn", "Arn", "Destination"]
        .into_iter()
        .find_map(|name| value.get(name))
        .and_then(Value::as_text)
}

/// A list of which more opens more.
pub(super) fn groups(change: &Change<'_>, old: Option<&Value>, new: Option<&Value>) -> Vec<Finding> {
    let elements = |value: Option<&Value>| value.map(Value::elements).unwrap_or_default().to_vec();
    let (old, new) = (elements(old), elements(new));
    let added: Vec<String> = new
        .iter()
        .filter(|group| !old.contains(group))
        .map(Value::to_string)
        .collect();
    let property = change.property;
    if !added.is_empty() {
        vec![Finding::new(
            Verdict::Broadening,
            format!(
                "`{property}`: what the security group {} lets through is open to it",
                added.join(", ")
            ),
        )]
    } else if new.is_empty() && !old.is_empty() {
        vec![Finding::new(
            Verdict::Broadening,
            format!("`{property}`: without a security group the VPC's default one counts"),
        )]
    } else if old.len() != new.len() {
        vec![Finding::new(
            Verdict::Narrowing,
            format!("`{property}`: a security group is taken away"),
        )]
    } else {
        Vec::new()
    }
}
