//! EventBridge rule patterns: which events a rule takes.
//!
//! The semantics are those of <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>
//! and, for lists of objects, of the engine that AWS publishes: fields of one list match together only within
//! one element of it, and `exists: false` looks at the elements that the fields before it (in the order of
//! their names) have left possible.

use serde_json::Value;

use crate::condition::{Condition, Dialect, PatternError, Scalar, kind, parse_conditions};

#[cfg(test)]
mod tests;

/// A rule's pattern, read once and matched against every event on the bus.
#[derive(Debug, Clone)]
pub struct EventPattern {
    /// In the order of their dotted names, in which they are matched.
    fields: Vec<Field>,
}

#[derive(Debug, Clone)]
struct Field {
    path: Vec<String>,
    conditions: Vec<Condition>,
}

impl EventPattern {
    /// Reads a rule's `EventPattern`.
    ///
    /// # Errors
    ///
    /// Names the place in the pattern, as a JSON pointer, and what stands there: an operator that is not
    /// supported, an operand of the wrong shape, or something that is no pattern at all.
    pub fn parse(pattern: &Value) -> Result<EventPattern, PatternError> {
        let mut fields = Vec::new();
        collect_fields(pattern, "", &mut Vec::new(), &mut fields)?;
        fields.sort_by_cached_key(|field| field.path.join("."));
        Ok(EventPattern { fields })
    }

    /// Whether the rule takes this event, given in full: `source`, `detail-type`, `detail` and the rest.
    pub fn matches(&self, event: &Value) -> bool {
        event.is_object() && matches_from(&self.fields, event, &mut Vec::new())
    }
}

fn collect_fields(
    level: &Value,
    pointer: &str,
    path: &mut Vec<String>,
    fields: &mut Vec<Field>,
) -> Result<(), PatternError> {
    let Value::Object(entries) = level else {
        return Err(PatternError::NotAnObject {
            path: or_root(pointer),
            found: kind(level),
        });
    };
    if entries.is_empty() {
        return Err(PatternError::Empty {
            path: or_root(pointer),
            expected: "field",
        });
    }
    for (name, entry) in entries {
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        if name == "$or" {
            return Err(PatternError::UnsupportedOperator {
                path: pointer,
                operator: name.clone(),
                supported: "one rule for each alternative",
            });
        }
        path.push(name.clone());
        match entry {
            Value::Object(_) => collect_fields(entry, &pointer, path, fields)?,
            Value::Array(list) => fields.push(Field {
                path: path.clone(),
                conditions: parse_conditions(list, &pointer, Dialect::EventBridge)?,
            }),
            _ => {
                let expected = "a list of values or an object of fields";
                return Err(PatternError::NotAList {
                    path: pointer,
                    found: kind(entry),
                    expected,
                });
            }
        }
        path.pop();
    }
    Ok(())
}

fn or_root(pointer: &str) -> String {
    if pointer.is_empty() {
        "/".to_owned()
    } else {
        pointer.to_owned()
    }
}

/// The element of a list, told apart by its address, that the fields matched so far are in.
type Membership<'a> = Vec<(&'a [Value], usize)>;

fn matches_from<'a>(fields: &[Field], event: &'a Value, membership: &mut Membership<'a>) -> bool {
    let Some((field, rest)) = fields.split_first() else {
        return true;
    };
    let absence_wanted = field.conditions.iter().any(Condition::accepts_absence);
    if absence_wanted
        && !any_value(event, &field.path, membership, &mut |_, _| true)
        && matches_from(rest, event, membership)
    {
        return true;
    }
    any_value(event, &field.path, membership, &mut |value, membership| {
        field.conditions.iter().any(|condition| condition.accepts(value))
            && matches_from(rest, event, membership)
    })
}

/// Whether `found` holds for any scalar at the path, among the list elements that `membership` admits.
fn any_value<'a>(
    value: &'a Value,
    path: &[String],
    membership: &mut Membership<'a>,
    found: &mut dyn FnMut(Scalar<'a>, &mut Membership<'a>) -> bool,
) -> bool {
    match value {
        Value::Array(list) => list
            .iter()
            .enumerate()
            .any(|(index, element)| match Scalar::of(element) {
                // A list of plain values is one field with several values, so it binds nothing to an element.
                Some(scalar) => path.is_empty() && found(scalar, membership),
                None => within_element(list, index, membership, |membership| {
                    any_value(element, path, membership, found)
                }),
            }),
        Value::Object(entries) => path.split_first().is_some_and(|(name, rest)| {
            entries
                .get(name)
                .is_some_and(|entry| any_value(entry, rest, membership, found))
        }),
        _ => path.is_empty() && Scalar::of(value).is_some_and(|scalar| found(scalar, membership)),
    }
}

fn within_element<'a>(
    list: &'a [Value],
    index: usize,
    membership: &mut Membership<'a>,
    search: impl FnOnce(&mut Membership<'a>) -> bool,
) -> bool {
    match membership.iter().find(|(known, _)| std::ptr::eq(*known, list)) {
        Some((_, bound)) if *bound != index => false,
        Some(_) => search(membership),
        None => {
            membership.push((list, index));
            let matched = search(membership);
            membership.pop();
            matched
        }
    }
}
