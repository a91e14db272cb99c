//! SNS filter policies on message attributes: which messages a subscription takes.
//!
//! The semantics are those of
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html> with `FilterPolicyScope`
//! `MessageAttributes`. Where they differ from a rule's pattern: the policy has one level, a message without
//! any attribute matches nothing, not even `exists: false`, and `exists: true` asks for a value that is
//! neither null nor empty.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::condition::{Condition, Dialect, Number, PatternError, Scalar, kind, parse_conditions};

#[cfg(test)]
mod tests;

/// A subscription's filter policy, read once and matched against every message of the topic.
#[derive(Debug, Clone)]
pub struct FilterPolicy {
    attributes: Vec<(String, Vec<Condition>)>,
}

/// A message attribute as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageAttribute {
    /// `String`, `Number` or `String.Array`; an attribute of another type (`Binary`) is not filtered on.
    pub data_type: String,
    /// The text as sent; for `String.Array`, a JSON list.
    pub value: String,
}

/// How many attributes a policy may name, and how many combinations of their values there may be:
/// <https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html>.
const MOST_ATTRIBUTES: usize = 5;
const MOST_COMBINATIONS: usize = 150;

impl FilterPolicy {
    /// Reads a subscription's `FilterPolicy`.
    ///
    /// # Errors
    ///
    /// Names the place in the policy, as a JSON pointer, and what is wrong with it, or the limit of SNS that
    /// the policy exceeds.
    pub fn parse(policy: &Value) -> Result<FilterPolicy, PatternError> {
        let Value::Object(entries) = policy else {
            return Err(PatternError::NotAnObject {
                path: "/".to_owned(),
                found: kind(policy),
            });
        };
        if entries.is_empty() {
            return Err(PatternError::Empty {
                path: "/".to_owned(),
                expected: "attribute",
            });
        }
        let attributes = entries
            .iter()
            .map(|(name, entry)| {
                let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                Ok((name.clone(), parse_attribute(name, entry, pointer)?))
            })
            .collect::<Result<Vec<_>, PatternError>>()?;
        within_limits(&attributes)?;
        Ok(FilterPolicy { attributes })
    }

    /// Whether the subscription takes a message with these attributes.
    pub fn matches(&self, attributes: &BTreeMap<String, MessageAttribute>) -> bool {
        let filterable = |attribute: &&MessageAttribute| attribute.is_filterable();
        attributes.values().any(|attribute| filterable(&attribute))
            && self.attributes.iter().all(|(name, conditions)| {
                match attributes.get(name).filter(filterable) {
                    Some(attribute) => attribute.satisfies(conditions),
                    None => conditions.iter().any(Condition::accepts_absence),
                }
            })
    }
}

fn parse_attribute(name: &str, entry: &Value, pointer: String) -> Result<Vec<Condition>, PatternError> {
    if name == "$or" {
        return Err(PatternError::UnsupportedOperator {
            path: pointer,
            operator: name.to_owned(),
            supported: "one subscription for each alternative",
        });
    }
    let Value::Array(list) = entry else {
        let expected = "a list of values (message attributes have no nested fields)";
        return Err(PatternError::NotAList {
            path: pointer,
            found: kind(entry),
            expected,
        });
    };
    parse_conditions(list, &pointer, Dialect::Sns)
}

fn within_limits(attributes: &[(String, Vec<Condition>)]) -> Result<(), PatternError> {
    if attributes.len() > MOST_ATTRIBUTES {
        return Err(PatternError::TooManyKeys {
            count: attributes.len(),
            limit: MOST_ATTRIBUTES,
        });
    }
    let combinations = attributes.iter().fold(1_usize, |product, (_, values)| {
        product.saturating_mul(values.len())
    });
    if combinations > MOST_COMBINATIONS {
        return Err(PatternError::TooManyCombinations {
            count: combinations,
            limit: MOST_COMBINATIONS,
        });
    }
    Ok(())
}

impl MessageAttribute {
    fn is_filterable(&self) -> bool {
        matches!(self.data_type.as_str(), "String" | "Number" | "String.Array")
    }

    fn satisfies(&self, conditions: &[Condition]) -> bool {
        match self.data_type.as_str() {
            "String" => any_accepts(conditions, Scalar::Text(&self.value)),
            // SNS refuses a number or a list that does not parse when it is published; here it has no value.
            "Number" => serde_json::from_str::<serde_json::Number>(&self.value)
                .is_ok_and(|number| any_accepts(conditions, Scalar::Number(Number::from(&number)))),
            "String.Array" => serde_json::from_str::<Vec<Value>>(&self.value).is_ok_and(|elements| {
                elements
                    .iter()
                    .filter_map(Scalar::of)
                    .any(|element| any_accepts(conditions, element))
            }),
            _ => false,
        }
    }
}

fn any_accepts(conditions: &[Condition], value: Scalar<'_>) -> bool {
    conditions.iter().any(|condition| match condition {
        Condition::Exists(true) => !matches!(value, Scalar::Null | Scalar::Text("")),
        _ => condition.accepts(value),
    })
}
