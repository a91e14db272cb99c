//! Random conditions and values from one small alphabet, so that they meet often.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// A value of a field: no list, no object.
pub(crate) fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(Value::from),
        2 => number(),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

/// A condition that every service takes.
pub(crate) fn condition() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => common_condition(),
        1 => range().prop_map(|terms| json!({ "numeric": terms })),
        1 => any::<bool>().prop_map(|wanted| json!({ "exists": wanted })),
    ]
}

/// A condition that `quamina` reads as AWS does.
pub(crate) fn common_condition() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => scalar(),
        1 => text().prop_map(|text| json!({ "prefix": text })),
        1 => text().prop_map(|text| json!({ "suffix": text })),
        1 => text().prop_map(|text| json!({ "equals-ignore-case": text })),
        1 => proptest::collection::vec(text(), 1..3).prop_map(|texts| json!({ "anything-but": texts })),
        1 => proptest::collection::vec(number(), 1..3).prop_map(|numbers| json!({ "anything-but": numbers })),
        1 => number().prop_map(|number| json!({ "numeric": ["=", number] })),
    ]
}

/// Short texts over two letters in both cases, never empty.
pub(crate) fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(vec!['a', 'A', 'b']), 1..4).prop_map(String::from_iter)
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3_i64..4).prop_map(Value::from),
        (-6_i32..7).prop_map(|halves| json!(f64::from(halves) / 2.0))
    ]
}

fn range() -> impl Strategy<Value = Value> {
    prop_oneof![
        (select(vec!["<", "<=", ">", ">="]), number()).prop_map(|(sign, at)| json!([sign, at])),
        (
            select(vec![">", ">="]),
            -3_i64..4,
            select(vec!["<", "<="]),
            1_i64..4
        )
            .prop_map(|(lower, at, upper, width)| json!([lower, at, upper, at + width])),
    ]
}
