use serde_json::Value;

use super::error::PatternError;
use super::ignore_case::IgnoreCase;
use super::number::{Bound, Interval, Number};
use super::value::Condition;

/// Whose rules a list of conditions follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// An EventBridge rule's pattern.
    EventBridge,
    /// An SNS subscription's filter policy on message attributes.
    Sns,
}

/// Reads a field's list of conditions, which stands at `path` (a JSON pointer) in its document.
///
/// # Errors
///
/// Names whatever is not a value or a supported operator with a sound operand.
pub(crate) fn parse_conditions(
    list: &[Value],
    path: &str,
    dialect: Dialect,
) -> Result<Vec<Condition>, PatternError> {
    if list.is_empty() {
        return Err(PatternError::Empty {
            path: path.to_owned(),
            expected: "value or operator",
        });
    }
    list.iter()
        .enumerate()
        .map(|(index, value)| parse_condition(value, &format!("{path}/{index}"), dialect))
        .collect()
}

/// What a JSON value is, in words for an error.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

const OPERATORS: &str =
    "exact values, `prefix`, `suffix`, `anything-but`, `exists`, `numeric` or `equals-ignore-case`";

impl Dialect {
    /// The largest magnitude that `numeric` compares.
    /// EventBridge: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>;
    /// SNS: <https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html>.
    fn largest_number(self) -> i64 {
        match self {
            Dialect::EventBridge => 5_000_000_000,
            Dialect::Sns => 1_000_000_000,
        }
    }

    fn nested_in_anything_but(self) -> &'static str {
        match self {
            Dialect::EventBridge => "values, `prefix`, `suffix` or `equals-ignore-case` in `anything-but`",
            Dialect::Sns => "values or `prefix` in `anything-but`",
        }
    }
}

fn parse_condition(value: &Value, path: &str, dialect: Dialect) -> Result<Condition, PatternError> {
    let operator = match value {
        Value::Null => return Ok(Condition::Null),
        Value::Bool(flag) => return Ok(Condition::Bool(*flag)),
        Value::String(text) => return Ok(Condition::Text(text.clone())),
        Value::Number(number) => return Ok(Condition::Number(number.into())),
        Value::Array(_) => {
            return Err(PatternError::NestedList {
                path: path.to_owned(),
            });
        }
        Value::Object(operator) => operator,
    };
    let (name, operand) = only_entry(operator, path)?;
    let path = &format!("{path}/{name}");
    match name {
        "prefix" => Ok(Condition::Prefix(text(operand, path, "prefix")?)),
        "suffix" => Ok(Condition::Suffix(text(operand, path, "suffix")?)),
        "equals-ignore-case" => Ok(Condition::EqualsIgnoreCase(IgnoreCase::new(&text(
            operand,
            path,
            "equals-ignore-case",
        )?))),
        "exists" => match operand {
            Value::Bool(wanted) => Ok(Condition::Exists(*wanted)),
            _ => Err(bad_operand(path, "exists", "true or false")),
        },
        "numeric" => Ok(Condition::Numeric(parse_interval(operand, path, dialect)?)),
        "anything-but" => Ok(Condition::AnythingBut(parse_excluded(operand, path, dialect)?)),
        _ => Err(PatternError::UnsupportedOperator {
            path: path.clone(),
            operator: name.to_owned(),
            supported: OPERATORS,
        }),
    }
}

fn only_entry<'a>(
    object: &'a serde_json::Map<String, Value>,
    path: &str,
) -> Result<(&'a str, &'a Value), PatternError> {
    let mut entries = object.iter();
    match (entries.next(), entries.next()) {
        (Some((name, operand)), None) => Ok((name, operand)),
        _ => Err(PatternError::OperatorCount {
            path: path.to_owned(),
            count: object.len(),
        }),
    }
}

fn text(operand: &Value, path: &str, operator: &'static str) -> Result<String, PatternError> {
    match operand {
        Value::String(text) => Ok(text.clone()),
        Value::Object(nested) => {
            let (name, _) = only_entry(nested, path)?;
            Err(PatternError::UnsupportedOperator {
                path: format!("{path}/{name}"),
                operator: format!("{operator} with {name}"),
                supported: OPERATORS,
            })
        }
        _ => Err(bad_operand(path, operator, "a string")),
    }
}

fn bad_operand(path: &str, operator: &'static str, expected: &'static str) -> PatternError {
    PatternError::Operand {
        path: path.to_owned(),
        operator,
        expected,
    }
}

fn parse_excluded(operand: &Value, path: &str, dialect: Dialect) -> Result<Vec<Condition>, PatternError> {
    const EXPECTED: &str = "a string, a number, or a list of only strings or only numbers";
    let fault = || bad_operand(path, "anything-but", EXPECTED);
    match operand {
        Value::String(text) => Ok(vec![Condition::Text(text.clone())]),
        Value::Number(number) => Ok(vec![Condition::Number(number.into())]),
        Value::Array(list) => {
            let excluded: Option<Vec<Condition>> = list.iter().map(plain_value).collect();
            let excluded = excluded.ok_or_else(fault)?;
            let texts = excluded
                .iter()
                .filter(|one| matches!(one, Condition::Text(_)))
                .count();
            if excluded.is_empty() || (texts != 0 && texts != excluded.len()) {
                return Err(fault());
            }
            Ok(excluded)
        }
        Value::Object(nested) => {
            let (name, operand) = only_entry(nested, path)?;
            let path = &format!("{path}/{name}");
            match (name, dialect) {
                ("prefix", _) => excluded_texts(operand, path, "prefix", Condition::Prefix),
                ("suffix", Dialect::EventBridge) => {
                    excluded_texts(operand, path, "suffix", Condition::Suffix)
                }
                ("equals-ignore-case", Dialect::EventBridge) => {
                    excluded_texts(operand, path, "equals-ignore-case", |text| {
                        Condition::EqualsIgnoreCase(IgnoreCase::new(&text))
                    })
                }
                _ => Err(PatternError::UnsupportedOperator {
                    path: path.clone(),
                    operator: format!("anything-but with {name}"),
                    supported: dialect.nested_in_anything_but(),
                }),
            }
        }
        Value::Null | Value::Bool(_) => Err(fault()),
    }
}

fn plain_value(value: &Value) -> Option<Condition> {
    match value {
        Value::String(text) => Some(Condition::Text(text.clone())),
        Value::Number(number) => Some(Condition::Number(number.into())),
        _ => None,
    }
}

fn excluded_texts(
    operand: &Value,
    path: &str,
    operator: &'static str,
    condition: impl Fn(String) -> Condition,
) -> Result<Vec<Condition>, PatternError> {
    let one_or_more = match operand {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let texts: Option<Vec<Condition>> = one_or_more
        .iter()
        .map(|value| {
            value
                .as_str()
                .filter(|text| !text.is_empty())
                .map(|text| condition(text.to_owned()))
        })
        .collect();
    texts
        .filter(|texts| !texts.is_empty())
        .ok_or_else(|| bad_operand(path, operator, "a string that is not empty, or a list of them"))
}

fn parse_interval(operand: &Value, path: &str, dialect: Dialect) -> Result<Interval, PatternError> {
    const EXPECTED: &str = "one comparison such as `[\">=\", 1]`, or a lower and a greater upper bound such as `[\">\", 0, \"<=\", 5]`";
    let fault = || bad_operand(path, "numeric", EXPECTED);
    let terms = operand.as_array().ok_or_else(fault)?;
    let bound = |index: usize| -> Result<(&str, f64), PatternError> {
        match (terms.get(index), terms.get(index + 1)) {
            (Some(Value::String(comparison)), Some(Value::Number(number))) => {
                let at = Number::from(number).as_f64();
                let highest = dialect.largest_number();
                if at.abs() <= Number::Integer(highest.into()).as_f64() {
                    Ok((comparison, at))
                } else {
                    Err(PatternError::NumberOutOfRange {
                        path: path.to_owned(),
                        number: number.to_string(),
                        lowest: -highest,
                        highest,
                    })
                }
            }
            _ => Err(fault()),
        }
    };
    let lower_of = |comparison: &str, at| match comparison {
        ">" => Some(Bound { at, inclusive: false }),
        ">=" => Some(Bound { at, inclusive: true }),
        _ => None,
    };
    let upper_of = |comparison: &str, at| match comparison {
        "<" => Some(Bound { at, inclusive: false }),
        "<=" => Some(Bound { at, inclusive: true }),
        _ => None,
    };
    let (comparison, at) = bound(0)?;
    match terms.len() {
        2 if comparison == "=" => {
            let exactly = Some(Bound { at, inclusive: true });
            Ok(Interval {
                lower: exactly,
                upper: exactly,
            })
        }
        2 => {
            let interval = Interval {
                lower: lower_of(comparison, at),
                upper: upper_of(comparison, at),
            };
            if interval.lower.is_none() && interval.upper.is_none() {
                Err(fault())
            } else {
                Ok(interval)
            }
        }
        4 => {
            let lower = lower_of(comparison, at).ok_or_else(fault)?;
            let (comparison, at) = bound(2)?;
            let upper = upper_of(comparison, at)
                .filter(|upper| upper.at > lower.at)
                .ok_or_else(fault)?;
            Ok(Interval {
                lower: Some(lower),
                upper: Some(upper),
            })
        }
        _ => Err(fault()),
    }
}
