//! Event patterns and filter policies, as far as judging a template needs them.
//!
//! A condition that is not known here is an error that names it, never a guess: the finding is then that the rule
//! could not be judged. Semantics: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>
//! and <https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html>.

use serde_json::{Map, Value as Json};

use crate::wiring::{covers, items, number};

/// A condition that is not understood, as the template writes it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the condition `{0}` is not understood here")]
pub(crate) struct Unknown(String);

impl Unknown {
    pub(crate) fn condition(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Whether a pattern lets an event through: every field that it names must match.
pub(crate) fn matches(pattern: &Json, event: &Json) -> Result<bool, Unknown> {
    let Some(fields) = pattern.as_object() else {
        return Err(Unknown(pattern.to_string()));
    };
    for (name, wanted) in fields {
        let kept = match (name.as_str(), wanted) {
            ("$or", Json::Array(branches)) => any(branches, |branch| matches(branch, event))?,
            (_, Json::Object(_)) => matches(wanted, event.get(name).unwrap_or(&Json::Null))?,
            (_, Json::Array(conditions)) => {
                // An array in an event matches if any of its elements does.
                let found = event.get(name).map(items);
                match found {
                    Some(values) if !values.is_empty() => any(&values, |value| {
                        any(conditions, |condition| holds(condition, Some(value)))
                    })?,
                    _ => any(conditions, |condition| holds(condition, None))?,
                }
            }
            _ => return Err(Unknown(wanted.to_string())),
        };
        if !kept {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds(condition: &Json, value: Option<&Json>) -> Result<bool, Unknown> {
    let Some(operator) = condition.as_object() else {
        return Ok(value == Some(condition));
    };
    let unknown = || Unknown(condition.to_string());
    let Some((name, argument)) = single(operator) else {
        return Err(unknown());
    };
    if name == "exists" {
        return argument
            .as_bool()
            .map(|wanted| wanted == value.is_some())
            .ok_or_else(unknown);
    }
    let Some(value) = value else { return Ok(false) };
    let text = value.as_str();
    let compare = |by: fn(&str, &str) -> bool| {
        let argument = argument.as_str().ok_or_else(unknown)?;
        Ok(text.is_some_and(|text| by(text, argument)))
    };
    match name {
        "prefix" => compare(|text, argument| text.starts_with(argument)),
        "suffix" => compare(|text, argument| text.ends_with(argument)),
        "equals-ignore-case" => compare(|text, argument| text.to_lowercase() == argument.to_lowercase()),
        // `?` is a plain character here, other than in policies.
        "wildcard"
            if !argument
                .as_str()
                .is_some_and(|pattern| pattern.contains(['?', '\\'])) =>
        {
            compare(|text, pattern| covers(pattern, text) && same_case(pattern, text))
        }
        "anything-but" if argument.is_object() => Ok(!holds(argument, Some(value))?),
        "anything-but" => Ok(!items(argument).contains(&value)),
        "numeric" => numeric(argument, value).ok_or_else(unknown),
        _ => Err(unknown()),
    }
}

/// Event patterns mind the case, policies do not: each piece between the stars must stand in the text as it is.
fn same_case(pattern: &str, text: &str) -> bool {
    let mut rest = text;
    pattern.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// Pairs of a comparison and a number, all of which must hold; `None` if it is written otherwise.
fn numeric(argument: &Json, value: &Json) -> Option<bool> {
    let mut all = true;
    for pair in argument.as_array()?.chunks(2) {
        let [comparison, bound] = pair else { return None };
        let bound = number(bound)?;
        let Some(value) = number(value) else {
            return Some(false);
        };
        all &= match comparison.as_str()? {
            "=" => (value - bound).abs() < f64::EPSILON,
            "<" => value < bound,
            "<=" => value <= bound,
            ">" => value > bound,
            ">=" => value >= bound,
            _ => return None,
        };
    }
    Some(all)
}

fn single(fields: &Map<String, Json>) -> Option<(&str, &Json)> {
    let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
    Some((name, argument))
}

fn any<T>(items: &[T], mut holds: impl FnMut(&T) -> Result<bool, Unknown>) -> Result<bool, Unknown> {
    for item in items {
        if holds(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests;
