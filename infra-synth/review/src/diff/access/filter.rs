//! Filter policies and event patterns, compared by what they match.

use std::collections::BTreeMap;

use crate::diff::value::Value;

/// Which messages or events go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Those where every field matches one of its patterns; all of them if no field is named.
    Fields(BTreeMap<String, Vec<Value>>),
    /// A filter that can only be compared as it is.
    Opaque(Value),
}

impl Filter {
    /// `place`: what the fields are of, where two filters may look at different things.
    pub(crate) fn read(pattern: Option<&Value>, place: &str) -> Self {
        let mut fields = BTreeMap::new();
        match pattern {
            None => Self::Fields(fields),
            Some(pattern) if flatten(pattern, place, &mut fields).is_some() => Self::Fields(fields),
            Some(pattern) => Self::Opaque(pattern.clone()),
        }
    }

    /// Whether every message that goes through `narrower` goes through this one. `false` also where that cannot be told.
    pub(crate) fn covers(&self, narrower: &Self) -> bool {
        match (self, narrower) {
            (Self::Fields(wide), _) if wide.is_empty() => true,
            (Self::Fields(wide), Self::Fields(narrow)) => wide.iter().all(|(field, wide)| {
                narrow
                    .get(field)
                    .is_some_and(|narrow| narrow.iter().all(|narrow| any_covers(wide, narrow)))
            }),
            (wide, narrow) => wide == narrow,
        }
    }

    /// What goes through here and not through `other`, in words.
    pub(crate) fn beyond(&self, other: &Self) -> Vec<String> {
        let (Self::Fields(ours), Self::Fields(theirs)) = (self, other) else {
            return vec!["that the filter lets through, which can only be compared as it is,".to_owned()];
        };
        let mut words = Vec::new();
        for (field, theirs) in theirs {
            match ours.get(field) {
                None => {
                    let values: Vec<String> = theirs.iter().map(words_for).collect();
                    words.push(format!("whose `{field}` is anything but {}", values.join(" or ")));
                }
                Some(ours) => words.extend(
                    ours.iter()
                        .filter(|ours| !any_covers(theirs, ours))
                        .map(|ours| format!("whose `{field}` is {}", words_for(ours))),
                ),
            }
        }
        words
    }

    /// `None` if it lets everything through.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            Self::Fields(fields) if fields.is_empty() => None,
            Self::Fields(fields) => {
                let words: Vec<String> = fields
                    .iter()
                    .map(|(field, values)| {
                        let values: Vec<String> = values.iter().map(words_for).collect();
                        format!("{field} is {}", values.join(" or "))
                    })
                    .collect();
                Some(words.join(" and "))
            }
            Self::Opaque(pattern) => Some(pattern.to_string()),
        }
    }
}

fn flatten(pattern: &Value, place: &str, fields: &mut BTreeMap<String, Vec<Value>>) -> Option<()> {
    for (name, value) in pattern.as_map()? {
        if name.starts_with('$') {
            return None;
        }
        // A field whose name has a dot in it is not a field of a field.
        let name = name.replace('.', "\\.");
        let path = if place.is_empty() {
            name
        } else {
            format!("{place}.{name}")
        };
        match value {
            Value::List(patterns) => {
                fields.insert(path, patterns.clone());
            }
            Value::Map(_) => flatten(value, &path, fields)?,
            Value::Text(_) => return None,
        }
    }
    Some(())
}

fn any_covers(wide: &[Value], narrow: &Value) -> bool {
    wide.iter().any(|wide| covers(wide, narrow))
}

fn covers(wide: &Value, narrow: &Value) -> bool {
    if wide == narrow {
        return true;
    }
    let Some((operator, argument)) = only_entry(wide) else {
        return false;
    };
    let other = only_entry(narrow);
    let text = narrow.as_literal();
    match operator {
        // Whatever else is asked of a field, it has to be there.
        "exists" => {
            argument.get("json").and_then(Value::as_flag) == Some(true)
                && other.is_none_or(|(name, _)| name != "exists")
        }
        "prefix" | "suffix" => {
            let Some(ours) = argument.as_literal() else {
                return false;
            };
            let same_operator = other
                .filter(|(name, _)| *name == operator)
                .and_then(|(_, theirs)| theirs.as_literal());
            text.or(same_operator).is_some_and(|theirs| {
                if operator == "prefix" {
                    theirs.starts_with(ours)
                } else {
                    theirs.ends_with(ours)
                }
            })
        }
        "equals-ignore-case" => {
            matches!((argument.as_literal(), text), (Some(ours), Some(theirs)) if ours.eq_ignore_ascii_case(theirs))
        }
        "anything-but" => {
            let Some(ours) = plain_list(argument) else {
                return false;
            };
            match (text, other) {
                (Some(_), _) => !ours.contains(&narrow),
                (None, Some(("anything-but", theirs))) => {
                    plain_list(theirs).is_some_and(|theirs| ours.iter().all(|ours| theirs.contains(ours)))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

fn only_entry(value: &Value) -> Option<(&str, &Value)> {
    let fields = value.as_map()?;
    let (name, argument) = fields.iter().next()?;
    (fields.len() == 1 && name != "json").then_some((name.as_str(), argument))
}

/// The texts that are listed, if nothing else is.
fn plain_list(value: &Value) -> Option<Vec<&Value>> {
    value
        .elements()
        .iter()
        .map(|item| item.as_literal().map(|_| item))
        .collect()
}

fn words_for(pattern: &Value) -> String {
    match pattern.as_map() {
        Some(fields) if fields.len() == 1 && fields.contains_key("json") => fields["json"].to_string(),
        Some(fields) => fields
            .iter()
            .map(|(operator, argument)| format!("{operator} {}", words_for(argument)))
            .collect::<Vec<_>>()
            .join(" and "),
        None => pattern.to_string(),
    }
}
