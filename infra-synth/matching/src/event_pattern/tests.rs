#![expect(
    clippy::needless_pass_by_value,
    reason = "a `json!` literal reads better without a borrow"
)]

use serde_json::{Value, json};

use super::EventPattern;
use crate::condition::PatternError;

mod naive;
mod properties;

/// Whether the pattern, standing at `detail.field`, takes a field of that value (`None`: an absent field).
#[track_caller]
fn check(conditions: Value, field: Option<Value>, expected: bool) {
    let pattern =
        EventPattern::parse(&json!({ "detail": { "field": conditions } })).expect("a sound pattern");
    let event = match field {
        Some(value) => json!({ "detail": { "field": value, "other": 1 } }),
        None => json!({ "detail": { "other": 1 } }),
    };
    assert_eq!(pattern.matches(&event), expected, "{pattern:?} on {event}");
}

#[track_caller]
fn refusal(pattern: Value) -> String {
    EventPattern::parse(&pattern)
        .expect_err("a pattern to refuse")
        .to_string()
}

#[test]
fn the_confirmation_rule_takes_only_confirmations_of_the_appointment_service() {
    let rule = json!({ "source": ["appointment.service"], "detail-type": ["AppointmentConfirmation"] });
    let rule = EventPattern::parse(&rule).expect("a sound pattern");
    let event = |source: &str, detail_type: &str| {
        json!({ "version": "0", "source": source, "detail-type": detail_type,
            "detail": { "source": "other", "status": "CONFIRMED" } })
    };
    assert!(rule.matches(&event("appointment.service", "AppointmentConfirmation")));
    assert!(!rule.matches(&event("appointment.service", "AppointmentCancelled")));
    assert!(!rule.matches(&event("billing.service", "AppointmentConfirmation")));
    assert!(!rule.matches(&json!("appointment.service")));
}

#[test]
fn an_exact_value_matches_in_its_own_type_only() {
    check(json!(["5"]), Some(json!("5")), true);
    check(json!(["5"]), Some(json!(5)), false);
    check(json!([5]), Some(json!(5.0)), true);
    check(json!([5]), Some(json!("5")), false);
    check(json!([true]), Some(json!(true)), true);
    check(json!([true]), Some(json!("true")), false);
    check(json!([null]), Some(Value::Null), true);
    check(json!([null]), None, false);
    check(json!([""]), Some(json!("")), true);
    check(json!(["PE", "CL"]), Some(json!("CL")), true);
    check(json!(["PE"]), Some(json!("pe")), false);
}

#[test]
fn text_operators_look_at_texts_only() {
    check(
        json!([{ "prefix": "appointment." }]),
        Some(json!("appointment.service")),
        true,
    );
    check(json!([{ "prefix": "1" }]), Some(json!(12)), false);
    check(json!([{ "suffix": ".png" }]), Some(json!("a.png")), true);
    check(json!([{ "suffix": ".png" }]), Some(json!("a.PNG")), false);
    check(
        json!([{ "equals-ignore-case": "pending" }]),
        Some(json!("PENDING")),
        true,
    );
    check(
        json!([{ "equals-ignore-case": "pending" }]),
        Some(json!("PENDINGS")),
        false,
    );
}

#[test]
fn numeric_compares_numbers_only() {
    check(json!([{ "numeric": [">", 0, "<=", 5] }]), Some(json!(5)), true);
    check(json!([{ "numeric": [">", 0, "<=", 5] }]), Some(json!(0)), false);
    check(json!([{ "numeric": ["=", 301.8] }]), Some(json!(3.018e2)), true);
    check(json!([{ "numeric": ["<", 10] }]), Some(json!("5")), false);
    check(json!([{ "numeric": ["<", 10] }]), None, false);
}

#[test]
fn anything_but_needs_the_field_and_accepts_another_type() {
    check(json!([{ "anything-but": "a" }]), Some(json!("b")), true);
    check(json!([{ "anything-but": ["a", "b"] }]), Some(json!("b")), false);
    check(json!([{ "anything-but": "a" }]), None, false);
    check(json!([{ "anything-but": [5] }]), Some(json!(5.0)), false);
    check(json!([{ "anything-but": [5] }]), Some(json!("5")), true);
    check(
        json!([{ "anything-but": { "prefix": "us-" } }]),
        Some(json!("us-east-1")),
        false,
    );
    check(
        json!([{ "anything-but": { "prefix": ["us-", "eu-"] } }]),
        Some(json!("sa-east-1")),
        true,
    );
    check(
        json!([{ "anything-but": { "suffix": ".png" } }]),
        Some(json!("a.png")),
        false,
    );
    check(
        json!([{ "anything-but": { "equals-ignore-case": "A" } }]),
        Some(json!("a")),
        false,
    );
}

#[test]
fn exists_looks_at_leaves_and_an_object_is_none() {
    check(json!([{ "exists": true }]), Some(Value::Null), true);
    check(json!([{ "exists": true }]), Some(json!([])), false);
    check(json!([{ "exists": true }]), Some(json!({ "inner": 1 })), false);
    check(json!([{ "exists": true }]), None, false);
    check(json!([{ "exists": false }]), None, true);
    check(json!([{ "exists": false }]), Some(json!(0)), false);
    check(json!([{ "exists": false }, "PE"]), Some(json!("PE")), true);
    check(json!([{ "exists": false }, "PE"]), None, true);
    check(json!([{ "exists": false }, "PE"]), Some(json!("CL")), false);
}

#[test]
fn a_list_matches_when_any_of_its_elements_does() {
    check(json!(["b"]), Some(json!(["a", "b"])), true);
    check(json!(["c"]), Some(json!(["a", "b"])), false);
    check(json!([{ "anything-but": ["a"] }]), Some(json!(["a", "b"])), true);
    check(
        json!([{ "anything-but": ["a", "b"] }]),
        Some(json!(["a", "b"])),
        false,
    );
    check(json!(["c"]), Some(json!([["a"], ["c"]])), true);
}

#[test]
fn fields_of_a_list_of_objects_match_within_one_element() {
    let pattern = EventPattern::parse(&json!({ "staff": { "name": ["Ana"], "role": ["medic"] } }));
    let pattern = pattern.expect("a sound pattern");
    let split = json!({ "staff": [{ "name": "Ana", "role": "clerk" }, { "name": "Eva", "role": "medic" }] });
    let whole = json!({ "staff": [{ "name": "Eva", "role": "clerk" }, { "name": "Ana", "role": "medic" }] });
    assert!(!pattern.matches(&split));
    assert!(pattern.matches(&whole));
}

#[test]
fn an_unsupported_operator_is_refused_by_name_and_place() {
    assert_eq!(
        refusal(json!({ "detail": { "path": ["a", { "wildcard": "*/lib/*" }] } })),
        "`/detail/path/1/wildcard` uses `wildcard`, which is not supported here; use exact values, `prefix`, \
         `suffix`, `anything-but`, `exists`, `numeric` or `equals-ignore-case`"
    );
    for operator in ["cidr", "regexp", "exactly", "Prefix"] {
        let refused = EventPattern::parse(&json!({ "source": [{ (operator): "a" }] }));
        assert!(
            matches!(&refused, Err(PatternError::UnsupportedOperator { operator: named, .. }) if named == operator),
            "{refused:?}"
        );
    }
    assert_eq!(
        refusal(json!({ "detail": { "$or": [{ "a": [1] }, { "b": [1] }] } })),
        "`/detail/$or` uses `$or`, which is not supported here; use one rule for each alternative"
    );
    assert!(
        refusal(json!({ "a": [{ "anything-but": { "wildcard": "*" } }] }))
            .contains("`anything-but with wildcard`")
    );
    assert!(refusal(json!({ "a": [{ "prefix": { "equals-ignore-case": "a" } }] })).contains("`/a/0/prefix/"));
}

#[test]
fn a_pattern_that_is_none_is_refused_by_place() {
    assert_eq!(
        refusal(json!(["a"])),
        "`/` is a list, expected an object of field names"
    );
    assert_eq!(refusal(json!({})), "`/` is empty; name at least one field");
    assert_eq!(
        refusal(json!({ "a": "b" })),
        "`/a` is a string, expected a list of values or an object of fields"
    );
    assert_eq!(
        refusal(json!({ "a": [] })),
        "`/a` is empty; name at least one value or operator"
    );
    assert_eq!(
        refusal(json!({ "a": [{}] })),
        "`/a/0` holds 0 operators, expected exactly one"
    );
    assert!(refusal(json!({ "a/b": [[1]] })).starts_with("`/a~1b/0` is a list inside a list"));
}

#[test]
fn an_operand_of_the_wrong_shape_is_refused() {
    for conditions in [
        json!([{ "prefix": 1 }]),
        json!([{ "exists": "true" }]),
        json!([{ "anything-but": true }]),
        json!([{ "anything-but": [] }]),
        json!([{ "anything-but": ["a", 1] }]),
        json!([{ "anything-but": { "prefix": "" } }]),
        json!([{ "numeric": 5 }]),
        json!([{ "numeric": ["!=", 5] }]),
        json!([{ "numeric": [">", "5"] }]),
        json!([{ "numeric": ["<", 5, ">", 0] }]),
        json!([{ "numeric": [">", 5, "<", 5] }]),
        json!([{ "numeric": ["=", 5, "<", 6] }]),
        json!([{ "numeric": [">", 0, "<", 5, "<", 6] }]),
    ] {
        let refused = EventPattern::parse(&json!({ "a": conditions }));
        assert!(
            matches!(refused, Err(PatternError::Operand { .. })),
            "{conditions}: {refused:?}"
        );
    }
    assert!(refusal(json!({ "a": [{ "numeric": ["<", 6e9] }] })).contains("outside the range"));
}
