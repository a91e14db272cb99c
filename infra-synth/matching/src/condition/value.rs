use serde_json::Value;

use super::ignore_case::IgnoreCase;
use super::number::{Interval, Number};

/// One condition of a field's list; the field matches when any of its conditions does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    Null,
    Bool(bool),
    Text(String),
    Number(Number),
    Prefix(String),
    Suffix(String),
    EqualsIgnoreCase(IgnoreCase),
    Numeric(Interval),
    /// Accepts a present value that none of these accepts.
    AnythingBut(Vec<Condition>),
    /// Whether the field has to be present or absent; which of both holds is the caller's to know.
    Exists(bool),
}

/// A value that is neither a list nor an object.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    Text(&'a str),
    Number(Number),
}

impl<'a> Scalar<'a> {
    /// The scalar in a JSON value, unless it is a list or an object.
    pub(crate) fn of(value: &'a Value) -> Option<Scalar<'a>> {
        match value {
            Value::Null => Some(Scalar::Null),
            Value::Bool(flag) => Some(Scalar::Bool(*flag)),
            Value::String(text) => Some(Scalar::Text(text)),
            Value::Number(number) => Some(Scalar::Number(number.into())),
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}

impl Condition {
    /// Whether a value that is present satisfies this condition.
    pub(crate) fn accepts(&self, value: Scalar<'_>) -> bool {
        match (self, value) {
            (Condition::Exists(wanted), _) => *wanted,
            (Condition::AnythingBut(excluded), _) => !excluded.iter().any(|one| one.accepts(value)),
            (Condition::Null, Scalar::Null) => true,
            (Condition::Bool(wanted), Scalar::Bool(flag)) => *wanted == flag,
            (Condition::Text(wanted), Scalar::Text(text)) => wanted == text,
            (Condition::Number(wanted), Scalar::Number(number)) => *wanted == number,
            (Condition::Prefix(prefix), Scalar::Text(text)) => text.starts_with(prefix.as_str()),
            (Condition::Suffix(suffix), Scalar::Text(text)) => text.ends_with(suffix.as_str()),
            (Condition::EqualsIgnoreCase(wanted), Scalar::Text(text)) => wanted.equals(text),
            (Condition::Numeric(interval), Scalar::Number(number)) => interval.contains(number),
            _ => false,
        }
    }

    /// Whether an absent field satisfies this condition.
    pub(crate) fn accepts_absence(&self) -> bool {
        matches!(self, Condition::Exists(false))
    }
}
