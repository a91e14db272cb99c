#![expect(
    clippy::needless_pass_by_value,
    reason = "a `json!` literal reads better without a borrow"
)]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{FilterPolicy, MessageAttribute};
use crate::condition::PatternError;

mod properties;

/// Message attributes by name, type and value.
fn attributes(listed: &[(&str, &str, &str)]) -> BTreeMap<String, MessageAttribute> {
    listed
        .iter()
        .map(|(name, data_type, value)| {
            let attribute = MessageAttribute {
                data_type: (*data_type).to_owned(),
                value: (*value).to_owned(),
            };
            ((*name).to_owned(), attribute)
        })
        .collect()
}

#[track_caller]
fn check(policy: Value, listed: &[(&str, &str, &str)], expected: bool) {
    let parsed = FilterPolicy::parse(&policy).expect("a sound policy");
    assert_eq!(
        parsed.matches(&attributes(listed)),
        expected,
        "{policy} on {listed:?}"
    );
}

#[track_caller]
fn refusal(policy: Value) -> String {
    FilterPolicy::parse(&policy)
        .expect_err("a policy to refuse")
        .to_string()
}

#[test]
fn each_country_queue_takes_its_own_country() {
    let created = |country| {
        [
            ("country", "String", country),
            ("eventType", "String", "APPOINTMENT_CREATED"),
        ]
    };
    check(json!({ "country": ["PE"] }), &created("PE"), true);
    check(json!({ "country": ["PE"] }), &created("CL"), false);
    check(json!({ "country": ["PE"] }), &created("pe"), false);
    check(
        json!({ "country": ["PE"] }),
        &[("eventType", "String", "APPOINTMENT_CREATED")],
        false,
    );
}

#[test]
fn every_attribute_has_to_match_and_one_of_its_values_is_enough() {
    let policy = json!({ "country": ["PE", "CL"], "eventType": [{ "prefix": "APPOINTMENT_" }] });
    let message = |country, event| [("country", "String", country), ("eventType", "String", event)];
    check(policy.clone(), &message("CL", "APPOINTMENT_CREATED"), true);
    check(policy.clone(), &message("AR", "APPOINTMENT_CREATED"), false);
    check(policy, &message("PE", "PATIENT_CREATED"), false);
}

#[test]
fn a_number_matches_attributes_of_type_number_only() {
    check(
        json!({ "price": [{ "numeric": ["=", 301.5] }] }),
        &[("price", "Number", "3.015e2")],
        true,
    );
    check(
        json!({ "price": [{ "numeric": [">", 0, "<=", 150] }] }),
        &[("price", "Number", "150")],
        true,
    );
    check(
        json!({ "price": [{ "numeric": [">", 0] }] }),
        &[("price", "String", "150")],
        false,
    );
    check(json!({ "price": [150] }), &[("price", "Number", "150.0")], true);
    check(json!({ "price": ["150"] }), &[("price", "Number", "150")], false);
    check(
        json!({ "price": [{ "numeric": [">", 0] }] }),
        &[("price", "Number", "many")],
        false,
    );
}

#[test]
fn a_list_attribute_matches_when_any_of_its_elements_does() {
    let interests = [(
        "interests",
        "String.Array",
        r#"["rugby", "baseball", 5, true, null]"#,
    )];
    check(json!({ "interests": ["rugby"] }), &interests, true);
    check(json!({ "interests": [5] }), &interests, true);
    check(json!({ "interests": [true] }), &interests, true);
    check(json!({ "interests": [null] }), &interests, true);
    check(json!({ "interests": ["tennis"] }), &interests, false);
    check(
        json!({ "interests": [{ "anything-but": ["rugby"] }] }),
        &interests,
        true,
    );
    check(
        json!({ "interests": ["rugby"] }),
        &[("interests", "String.Array", "rugby")],
        false,
    );
    check(
        json!({ "interests": ["rugby"] }),
        &[("interests", "String", r#"["rugby"]"#)],
        false,
    );
}

#[test]
fn anything_but_needs_the_attribute() {
    check(
        json!({ "a": [{ "anything-but": ["x", "y"] }] }),
        &[("a", "String", "z")],
        true,
    );
    check(
        json!({ "a": [{ "anything-but": ["x", "y"] }] }),
        &[("a", "String", "x")],
        false,
    );
    check(
        json!({ "a": [{ "anything-but": ["x", "y"] }] }),
        &[("b", "String", "z")],
        false,
    );
    check(
        json!({ "a": [{ "anything-but": [100, 500] }] }),
        &[("a", "Number", "100.1")],
        true,
    );
    check(
        json!({ "a": [{ "anything-but": { "prefix": "x-" } }] }),
        &[("a", "String", "x-1")],
        false,
    );
    check(
        json!({ "a": [{ "anything-but": ["x"] }, { "exists": false }] }),
        &[("b", "String", "z")],
        true,
    );
}

#[test]
fn exists_asks_for_a_value_and_its_absence_for_any_other_attribute() {
    check(
        json!({ "store": [{ "exists": true }] }),
        &[("store", "String", "fans")],
        true,
    );
    check(
        json!({ "store": [{ "exists": true }] }),
        &[("store", "String.Array", "[]")],
        false,
    );
    check(
        json!({ "store": [{ "exists": true }] }),
        &[("other", "String", "fans")],
        false,
    );
    check(
        json!({ "store": [{ "exists": false }] }),
        &[("store", "String", "fans")],
        false,
    );
    check(
        json!({ "store": [{ "exists": false }] }),
        &[("other", "String", "fans")],
        true,
    );
    check(json!({ "store": [{ "exists": false }] }), &[], false);
}

#[test]
fn a_binary_attribute_counts_as_absent() {
    check(json!({ "a": ["eA=="] }), &[("a", "Binary", "eA==")], false);
    check(
        json!({ "a": [{ "exists": false }] }),
        &[("a", "Binary", "eA==")],
        false,
    );
    check(
        json!({ "a": [{ "exists": false }] }),
        &[("a", "Binary", "eA=="), ("b", "String", "x")],
        true,
    );
}

#[test]
fn what_sns_has_not_on_attributes_is_refused_by_name_and_place() {
    assert_eq!(
        refusal(json!({ "a": { "b": ["c"] } })),
        "`/a` is an object, expected a list of values (message attributes have no nested fields)"
    );
    assert_eq!(
        refusal(json!({ "$or": [{ "a": ["x"] }, { "b": ["x"] }] })),
        "`/$or` uses `$or`, which is not supported here; use one subscription for each alternative"
    );
    assert_eq!(
        refusal(json!({ "a": [{ "anything-but": { "suffix": "x" } }] })),
        "`/a/0/anything-but/suffix` uses `anything-but with suffix`, which is not supported here; \
         use values or `prefix` in `anything-but`"
    );
    assert!(refusal(json!({ "a": [{ "cidr": "10.0.0.0/24" }] })).contains("`cidr`"));
    assert!(refusal(json!({ "a": [{ "numeric": ["<", 2e9] }] })).contains("-1000000000 to 1000000000"));
    assert!(matches!(
        FilterPolicy::parse(&json!([])),
        Err(PatternError::NotAnObject { .. })
    ));
    assert!(matches!(
        FilterPolicy::parse(&json!({})),
        Err(PatternError::Empty { .. })
    ));
}

#[test]
fn a_policy_beyond_the_limits_of_sns_is_refused() {
    let six = json!({ "a": [1], "b": [1], "c": [1], "d": [1], "e": [1], "f": [1] });
    assert_eq!(
        refusal(six),
        "the filter policy names 6 attributes, at most 5 are allowed"
    );
    let values = |count: usize| Value::from((0..count).collect::<Vec<_>>());
    check(
        json!({ "a": values(15), "b": values(10) }),
        &[("a", "Number", "1"), ("b", "Number", "1")],
        true,
    );
    assert_eq!(
        refusal(json!({ "a": values(15), "b": values(11) })),
        "the filter policy has 165 combinations of values, at most 150 are allowed"
    );
}
