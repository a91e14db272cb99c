//! Agreement with two other readings of the same rules: a naive one written here, and `quamina`.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use quamina::Quamina;
use serde_json::{Map, Value, json};

use super::naive;

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
