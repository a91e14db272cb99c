//! Secrets that stand in a template, and references to secrets that leave it.

use std::collections::BTreeMap;

use super::model::Model;
use super::properties::leaves;
use super::review::{Finding, Verdict};
use super::value::{Text, Value};

const NAMES: [&str; 9] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "credential",
    "accesskey",
    "connectionstring",
];
/// Endings of names that stand for the way to a secret and not for the secret.
const WAYS: [&str; 7] = ["arn", "id", "name", "url", "path", "seconds", "parameter"];
/// Shorter texts have no room for a key that is hard to guess.
const SHORTEST_KEY: usize = 20;
/// Bits a character: English words have about 3, base64 of random bytes close to 6, hexadecimal 4.
const RANDOM_ENOUGH: f64 = 3.5;

/// What changes about secrets between two values of a property.
pub(crate) fn findings(
    path: &str,
    old: Option<(&Model<'_>, &Value)>,
    new: Option<(&Model<'_>, &Value)>,
) -> Vec<Finding> {
    let before: BTreeMap<String, Text> = old.map(|(_, value)| leaves(path, value)).unwrap_or_default();
    let after: BTreeMap<String, Text> = new.map(|(_, value)| leaves(path, value)).unwrap_or_default();
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
        } else if earlier.is_some_and(referred) {
            findings.push(Finding::new(
                Verdict::Broadening,
                format!("`{path}` is no longer taken from a secret"),
            ));
        }
    }
    for (path, text) in &before {
        if referred(text) && !after.contains_key(path) {
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
        Value::Text(text) if is_secret(path, &text) => Value::literal("(a secret, not shown)"),
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

/// By its name, by the look of an address with a password, or by being too random for words.
fn is_secret(path: &str, text: &Text) -> bool {
    let Some(literal) = text.as_literal() else {
        return false;
    };
    if literal.is_empty() || literal.contains("{{resolve:") || text_is_flag(literal) {
        return false;
    }
    let name: String = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let named =
        NAMES.iter().any(|secret| name.contains(secret)) && !WAYS.iter().any(|way| name.ends_with(way));
    let valued =
        path.contains(".Variables.") || path.contains("StageVariables") || path.contains("SecretString");
    let holds_values = valued || name.contains("password") || name == "secretstring";
    holds_values && (named || password_in_address(literal) || valued && is_random(literal))
}

fn text_is_flag(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "true" | "false")
}

fn password_in_address(text: &str) -> bool {
    let Some((_, after)) = text.split_once("://") else {
        return false;
    };
    let authority = after.split('/').next().unwrap_or(after);
    authority
        .split_once('@')
        .is_some_and(|(user, _)| user.contains(':'))
}

fn is_random(text: &str) -> bool {
    let alphabet = |character: char| character.is_ascii_alphanumeric() || "+/=_-".contains(character);
    let mixed = text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(|c| c.is_ascii_alphabetic());
    text.len() >= SHORTEST_KEY
        && text.chars().all(alphabet)
        && mixed
        && bits_a_character(text) >= RANDOM_ENOUGH
}

fn bits_a_character(text: &str) -> f64 {
    let mut counts: BTreeMap<char, f64> = BTreeMap::new();
    for character in text.chars() {
        *counts.entry(character).or_default() += 1.0;
    }
    let length: f64 = counts.values().sum();
    counts
        .values()
        .map(|count| count / length)
        .map(|share| -share * share.log2())
        .sum()
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
        assert!(!secret("DB_USER", "appointment_functions"));
        assert!(!secret(
            "DB_PASSWORD",
            "{{resolve:secretsmanager:db:SecretString:password}}"
        ));
    }
}
