//! Secrets that stand in a template, and references to secrets that leave it.

mod hidden;

use std::collections::BTreeMap;

use super::model::Model;
use super::properties::leaves;
use super::review::{Finding, Verdict};
use super::value::{Text, Value};
use crate::secret::{is_exposed, is_value_field};

pub(crate) use hidden::Hidden;

/// What stands where a secret stood.
pub(crate) const MASK: &str = "(a secret, not shown)";

/// What changes about secrets between two values of a property.
pub(crate) fn findings(
    path: &str,
    old: Option<(&Model<'_>, &Value)>,
    new: Option<(&Model<'_>, &Value)>,
) -> Vec<Finding> {
    let before: BTreeMap<String, Text> = old.map(|(_, value)| leaves(path, value)).unwrap_or_default();
    let after: BTreeMap<String, Text> = new.map(|(_, value)| leaves(path, value)).unwrap_or_default();
    // Whoever may read a secret is told under access; its name in a statement guards nothing.
    let guards = |path: &str| !path.contains(".Statement[");
    let referred = |text: &Text| old.is_some_and(|(model, _)| is_reference(text, model));
    let still = |text: &Text| new.is_some_and(|(model, _)| is_reference(text, model));
    let mut findings = Vec::new();
    for (path, text) in &after {
        let earlier = before.get(path);
        if earlier == Some(text) || still(text) {
            continue;
        }
        if is_secret(path, text) {
            findings.push(Finding::new(
                Verdict::Broadening,
                format!("`{path}` is a secret in plain text: everyone who reads the template has it"),
            ));
        } else if earlier.is_some_and(referred) && guards(path) {
            findings.push(Finding::new(
                Verdict::Broadening,
                format!("`{path}` is no longer taken from a secret"),
            ));
        }
    }
    for (path, text) in &before {
        if referred(text) && guards(path) && !after.contains_key(path) {
            findings.push(Finding::new(
                Verdict::Broadening,
                format!("the reference to a secret in `{path}` is gone: what it guarded may now be open"),
            ));
        }
    }
    findings
}

/// The value as it may be shown: without the secrets in it.
pub(crate) fn masked(path: &str, value: Value) -> Value {
    match value {
        Value::Text(text) if is_secret(path, &text) => Value::literal(MASK),
        Value::Text(_) => value,
        Value::List(items) => Value::List(
            items
                .into_iter()
                .enumerate()
                .map(|(position, item)| masked(&format!("{path}[{position}]"), item))
                .collect(),
        ),
        Value::Map(fields) => Value::Map(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let value = masked(&format!("{path}.{name}"), value);
                    (name, value)
                })
                .collect(),
        ),
    }
}

/// Whether CloudFormation fetches the value from where secrets are kept.
fn is_reference(text: &Text, model: &Model<'_>) -> bool {
    text.to_string().contains("{{resolve:") || text.references().any(|name| model.is_secret(name))
}

/// Whether what stands at the path is a secret in plain text.
pub(crate) fn is_secret(path: &str, text: &Text) -> bool {
    is_exposed(called(path), &text.known())
}

/// What the value at a path is called: by its field, or, where that only says that it is a value, by what holds it.
fn called(path: &str) -> &str {
    let whole = |path: &str| -> usize { path.rfind(['.', '[']).map_or(0, |at| at + 1) };
    let mut rest = path;
    loop {
        let start = whole(rest);
        let step = rest[start..].trim_end_matches(']');
        let is_position = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        if start == 0 || !(is_position || is_value_field(step)) {
            return step;
        }
        rest = &rest[..start - 1];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_name_look_or_randomness() {
        let secret = |name: &str, text: &str| {
            is_secret(
                &format!("Properties.Environment.Variables.{name}"),
                &Text::literal(text),
            )
        };
        assert!(secret("DB_PASSWORD", "hunter2"));
        assert!(secret("DATABASE", "mysql://root:hunter2@db/x"));
        assert!(secret("SETTING", "AKx9Qm3vT7bLp0Zr5WcYh2Ns"));
        assert!(!secret(
            "DB_HOST",
            "appointment-db.c3oi8oiu8nil.us-east-1.rds.amazonaws.com"
        ));
        assert!(!secret("DB_SECRET_ARN", "anything"));
        assert!(is_secret(
            "Properties.Tags[password].Value",
            &Text::literal("hunter2")
        ));
        assert!(is_secret(
            "Parameters.DbPassword.Default",
            &Text::literal("hunter2")
        ));
        assert!(!secret("DB_USER", "appointment_functions"));
        assert!(!secret(
            "DB_PASSWORD",
            "{{resolve:secretsmanager:db:SecretString:password}}"
        ));
    }
}
