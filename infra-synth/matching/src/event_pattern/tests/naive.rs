//! The rules once more, by brute force: flatten the event, try every choice of one occurrence a field.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A leaf of the event: its path, its value, and for each list around it the element it is in.
type Leaf = (String, Value, BTreeMap<String, usize>);

pub(crate) fn matches(pattern: &Value, event: &Value) -> bool {
    let mut leaves = Vec::new();
    flatten(event, "", "", &BTreeMap::new(), &mut leaves);
    let mut fields = BTreeMap::new();
    flatten_pattern(pattern, "", &mut fields);
    let mut candidates = vec![BTreeMap::new()];
    for (path, conditions) in fields {
        let occurrences: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.0 == path).collect();
        let mut next = Vec::new();
        for candidate in candidates {
            let admitted: Vec<_> = occurrences
                .iter()
                .filter(|leaf| consistent(&candidate, &leaf.2))
                .collect();
            if admitted.is_empty() && conditions.contains(&json!({ "exists": false })) {
                next.push(candidate.clone());
            }
            for (_, value, elements) in admitted {
                if conditions.iter().any(|condition| accepts(condition, value)) {
                    let mut bound = candidate.clone();
                    bound.extend(elements.clone());
                    next.push(bound);
                }
            }
        }
        candidates = next;
    }
    !candidates.is_empty()
}

fn consistent(left: &BTreeMap<String, usize>, right: &BTreeMap<String, usize>) -> bool {
    right
        .iter()
        .all(|(list, element)| left.get(list).is_none_or(|bound| bound == element))
}

/// `place` names every element by its index, `path` leaves the indices out.
fn flatten(
    value: &Value,
    path: &str,
    place: &str,
    elements: &BTreeMap<String, usize>,
    leaves: &mut Vec<Leaf>,
) {
    match value {
        Value::Object(entries) => {
            for (name, entry) in entries {
                flatten(
                    entry,
                    &format!("{path}.{name}"),
                    &format!("{place}.{name}"),
                    elements,
                    leaves,
                );
            }
        }
        Value::Array(list) => {
            for (index, element) in list.iter().enumerate() {
                let mut elements = elements.clone();
                if element.is_object() || element.is_array() {
                    elements.insert(place.to_owned(), index);
                }
                flatten(element, path, &format!("{place}[{index}]"), &elements, leaves);
            }
        }
        _ => leaves.push((path.to_owned(), value.clone(), elements.clone())),
    }
}

fn flatten_pattern(level: &Value, path: &str, fields: &mut BTreeMap<String, Vec<Value>>) {
    for (name, entry) in level.as_object().expect("a level") {
        let path = format!("{path}.{name}");
        match entry {
            Value::Array(conditions) => drop(fields.insert(path, conditions.clone())),
            _ => flatten_pattern(entry, &path, fields),
        }
    }
}

fn accepts(condition: &Value, value: &Value) -> bool {
    let Value::Object(operator) = condition else {
        return equal(condition, value);
    };
    let (name, operand) = operator.iter().next().expect("an operator");
    let text = value.as_str();
    let wanted = operand.as_str().unwrap_or_default();
    match name.as_str() {
        "prefix" => text.is_some_and(|text| text.starts_with(wanted)),
        "suffix" => text.is_some_and(|text| text.ends_with(wanted)),
        "equals-ignore-case" => text.is_some_and(|text| text.eq_ignore_ascii_case(wanted)),
        "anything-but" => !operand
            .as_array()
            .expect("a list")
            .iter()
            .any(|one| equal(one, value)),
        "exists" => operand == &json!(true),
        "numeric" => value.as_f64().is_some_and(|number| {
            operand.as_array().expect("terms").chunks(2).all(|term| {
                let at = term[1].as_f64().expect("a bound");
                match term[0].as_str().expect("a comparison") {
                    "=" => number == at,
                    "<" => number < at,
                    "<=" => number <= at,
                    ">" => number > at,
                    _ => number >= at,
                }
            })
        }),
        other => panic!("no such operator: {other}"),
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}
