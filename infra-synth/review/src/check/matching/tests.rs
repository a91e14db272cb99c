use serde_json::json;

use super::*;

fn check(pattern: &Json, expected: Result<bool, ()>) {
    let event = json!({"country": "PE", "price": 12, "tags": ["a", "b"], "detail": {"status": "CONFIRMED"}});
    assert_eq!(matches(pattern, &event).map_err(|_| ()), expected, "{pattern}");
}

#[test]
fn every_field_must_match_and_one_condition_of_it_is_enough() {
    check(&json!({"country": ["CL", "PE"]}), Ok(true));
    check(&json!({"country": ["PE"], "price": [13]}), Ok(false));
    check(&json!({"detail": {"status": ["CONFIRMED"]}}), Ok(true));
    check(&json!({"detail": {"status": {"deep": ["x"]}}}), Ok(false));
    check(&json!({"tags": ["b"]}), Ok(true));
}

#[test]
fn operators_mean_what_aws_documents() {
    check(&json!({"country": [{"prefix": "P"}]}), Ok(true));
    check(&json!({"country": [{"suffix": "P"}]}), Ok(false));
    check(&json!({"country": [{"anything-but": ["PE"]}]}), Ok(false));
    check(&json!({"country": [{"anything-but": {"prefix": "C"}}]}), Ok(true));
    check(&json!({"absent": [{"anything-but": ["PE"]}]}), Ok(false));
    check(&json!({"absent": [{"exists": false}]}), Ok(true));
    check(&json!({"country": [{"exists": false}]}), Ok(false));
    check(&json!({"price": [{"numeric": [">", 10, "<=", 12]}]}), Ok(true));
    check(&json!({"country": [{"equals-ignore-case": "pe"}]}), Ok(true));
    check(&json!({"country": [{"wildcard": "*E"}]}), Ok(true));
    check(&json!({"country": [{"wildcard": "*e"}]}), Ok(false));
    check(&json!({"$or": [{"country": ["CL"]}, {"price": [12]}]}), Ok(true));
}

#[test]
fn what_is_not_understood_is_not_guessed() {
    check(&json!({"price": [{"cidr": "10.0.0.0/8"}]}), Err(()));
    check(&json!({"country": "PE"}), Err(()));
    check(&json!({"price": [{"numeric": ["~", 1]}]}), Err(()));
}
