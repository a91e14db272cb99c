//! Agreement with other readings of the same policy, over the attributes as one flat object.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use quamina::Quamina;
use serde_json::{Value, json};

use crate::condition::samples::{common_condition, condition, scalar, text};
use crate::event_pattern::EventPattern;
use crate::filter_policy::{FilterPolicy, MessageAttribute};

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quamina_agrees(policy in policy(common_condition().boxed(), 1), message in message()) {
        let attributes: BTreeMap<String, MessageAttribute> =
            message.iter().map(|(name, value)| ((*name).to_owned(), attribute(value))).collect();
        let ours = FilterPolicy::parse(&policy).expect("a sound policy").matches(&attributes);
        let mut quamina = Quamina::new();
        quamina.add_pattern("policy", &policy.to_string()).expect("a sound pattern");
        let theirs = quamina.has_matches(event(&message).to_string().as_bytes()).expect("a sound event");
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_rule_of_the_same_text_agrees(policy in policy(condition().boxed(), 2), message in message()) {
        let attributes: BTreeMap<String, MessageAttribute> =
            message.iter().map(|(name, value)| ((*name).to_owned(), attribute(value))).collect();
        let ours = FilterPolicy::parse(&policy).expect("a sound policy").matches(&attributes);
        let rule = EventPattern::parse(&policy).expect("a sound pattern");
        prop_assert_eq!(ours, !message.is_empty() && rule.matches(&event(&message)));
    }

    #[test]
    fn attributes_that_the_policy_does_not_name_change_nothing(
        policy in policy(condition().boxed(), 2),
        message in message(),
        other in text(),
    ) {
        let policy = FilterPolicy::parse(&policy).expect("a sound policy");
        let mut attributes: BTreeMap<String, MessageAttribute> =
            message.iter().map(|(name, value)| ((*name).to_owned(), attribute(value))).collect();
        let before = policy.matches(&attributes);
        attributes.insert("unnamed".to_owned(), attribute(&json!(other)));
        prop_assert!(policy.matches(&attributes) == before || message.is_empty());
    }
}

const NAMES: [&str; 3] = ["country", "price", "interests"];

fn event(message: &BTreeMap<&str, Value>) -> Value {
    Value::Object(
        message
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    )
}

fn attribute(value: &Value) -> MessageAttribute {
    let (data_type, value) = match value {
        Value::String(text) => ("String", text.clone()),
        Value::Number(number) => ("Number", number.to_string()),
        other => ("String.Array", other.to_string()),
    };
    MessageAttribute {
        data_type: data_type.to_owned(),
        value,
    }
}

/// With up to `most` conditions an attribute; `quamina` confuses `equals-ignore-case` with others of its list.
fn policy(condition: BoxedStrategy<Value>, most: usize) -> impl Strategy<Value = Value> {
    let conditions = proptest::collection::vec(condition, 1..=most).prop_map(Value::from);
    proptest::collection::btree_map(select(&NAMES[..]), conditions, 1..4).prop_map(|entries| {
        Value::Object(
            entries
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    })
}

/// Texts, numbers, and lists of values that exist: SNS says of null, and of no value, that they do not.
fn message() -> impl Strategy<Value = BTreeMap<&'static str, Value>> {
    let present = || scalar().prop_filter("null is no value", |value| !value.is_null());
    let single = present().prop_filter("no attribute type holds it", |value| !value.is_boolean());
    let list = proptest::collection::vec(present(), 1..3).prop_map(Value::from);
    proptest::collection::btree_map(select(&NAMES[..]), prop_oneof![single, list], 0..4)
}
