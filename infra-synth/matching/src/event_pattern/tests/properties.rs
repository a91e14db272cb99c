//! Agreement with two other readings of the same rules: a naive one written here, and `quamina`.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use quamina::Quamina;
use serde_json::{Map, Value, json};

use crate::condition::samples::{common_condition, condition, scalar};
use crate::event_pattern::EventPattern;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_naive_reading_of_the_rules_agrees(pattern in pattern(leaf), event in event(any_list)) {
        let ours = EventPattern::parse(&pattern).expect("a sound pattern").matches(&event);
        prop_assert_eq!(ours, naive::matches(&pattern, &event));
    }

    #[test]
    fn quamina_agrees(pattern in pattern(common_leaf), event in event(scalar_list)) {
        let mut quamina = Quamina::new();
        quamina.add_pattern("rule", &pattern.to_string()).expect("a sound pattern");
        let ours = EventPattern::parse(&pattern).expect("a sound pattern").matches(&event);
        let theirs = quamina.has_matches(event.to_string().as_bytes()).expect("a sound event");
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn no_value_panics_the_parser(pattern in any_json()) {
        let _ = EventPattern::parse(&pattern);
    }
}

const NAMES: [&str; 3] = ["x", "y", "z"];

/// Fields at one or two levels, so that lists of objects matter.
fn pattern(leaf: fn() -> BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let level = |entry: BoxedStrategy<Value>| {
        proptest::collection::btree_map(select(&NAMES[..]), entry, 1..3)
            .prop_map(object)
            .boxed()
    };
    level(prop_oneof![leaf(), level(leaf())].boxed())
}

fn leaf() -> BoxedStrategy<Value> {
    proptest::collection::vec(condition(), 1..3)
        .prop_map(Value::from)
        .boxed()
}

/// `quamina` confuses `equals-ignore-case` with other conditions of its list: one condition at a time.
fn common_leaf() -> BoxedStrategy<Value> {
    common_condition()
        .prop_map(|condition| json!([condition]))
        .boxed()
}

fn event(list: fn(BoxedStrategy<Value>) -> BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let value = scalar().prop_recursive(4, 24, 3, move |inner| {
        prop_oneof![
            2 => list(inner.clone().boxed()),
            3 => proptest::collection::btree_map(select(&NAMES[..]), inner, 0..4).prop_map(object),
        ]
    });
    proptest::collection::btree_map(select(&NAMES[..]), value, 0..4).prop_map(object)
}

fn any_list(inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    proptest::collection::vec(inner, 0..3)
        .prop_map(Value::from)
        .boxed()
}

/// `quamina` takes an object in a list for a value of the list's field, which EventBridge does not.
fn scalar_list(_: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    proptest::collection::vec(scalar(), 0..3)
        .prop_map(Value::from)
        .boxed()
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = ["prefix", "anything-but", "numeric", "exists", "$or", "x"];
    scalar().prop_recursive(5, 24, 3, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(select(names.to_vec()), inner, 0..3).prop_map(object),
        ]
    })
}

fn object(entries: BTreeMap<&'static str, Value>) -> Value {
    Value::Object(
        entries
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<Map<_, _>>(),
    )
}

/// The rules once more, by brute force: flatten the event, try every choice of one occurrence a field.
mod naive {
    use super::*;

    /// A leaf of the event: its path, its value, and for each list around it the element it is in.
    type Leaf = (String, Value, BTreeMap<String, usize>);

    pub(super) fn matches(pattern: &Value, event: &Value) -> bool {
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
}
