//! A review as a person or a machine reads it.

mod json;
mod markdown;
mod text;

pub use json::{SCHEMA_VERSION, json};
pub use markdown::markdown;
pub use text::text;

use super::review::{Effect, PropertyChange, ResourceChange, Review, Verdict};
use super::value::Value;

/// Longer values are cut in a line for people; the JSON has them whole.
const LONGEST_VALUE: usize = 160;

/// `old → new`, or that it is added or removed.
fn values(old: Option<&Value>, new: Option<&Value>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => format!("{} → {}", short(old), short(new)),
        (None, Some(new)) => format!("+ {}", short(new)),
        (Some(old), None) => format!("− {}", short(old)),
        (None, None) => String::new(),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string().replace(['\n', '\r'], " ");
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn property(change: &PropertyChange) -> String {
    let path = change.path.strip_prefix("Properties.").unwrap_or(&change.path);
    format!("{path}: {}", values(change.old.as_ref(), change.new.as_ref()))
}

/// Where a resource is declared, as far as that is worth a word: of a foreign template no line is known at all.
fn declared<'r>(review: &'r Review, resource: &'r ResourceChange) -> Option<&'r str> {
    let is_ours = review.resources.iter().any(|one| one.source.is_some());
    match (&resource.source, resource.effect) {
        (Some(source), _) => Some(source),
        (None, Effect::Deletion) if is_ours => Some("removed: no line declares it any more"),
        (None, _) if is_ours => Some("not declared here"),
        (None, _) => None,
    }
}

/// The worst first.
fn worst(review: &Review) -> Vec<Verdict> {
    review.verdicts().into_iter().rev().collect()
}

/// In a sentence: how the whole is to be taken.
fn verdict_in_words(review: &Review) -> String {
    if review.is_empty() {
        return "Nothing changes.".to_owned();
    }
    let mut parts = Vec::new();
    for verdict in worst(review) {
        let number = review.reasons(verdict).len();
        match verdict {
            Verdict::Destructive => parts.push(format!("DESTRUCTIVE ({number})")),
            Verdict::Broadening => parts.push(format!("BROADENING ({number})")),
            Verdict::Unjudged => parts.push(format!("COULD NOT BE JUDGED ({number})")),
            Verdict::Narrowing => parts.push(format!("narrowing ({number})")),
            Verdict::Harmless => {}
        }
    }
    if parts.is_empty() {
        "Harmless: nothing is opened, nothing is lost.".to_owned()
    } else {
        format!("{}.", parts.join(", "))
    }
}
