//! Bodies at volume: what the fuzz target of the same name looks for, within a second or two.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

#[path = "properties/request.rs"]
mod properties;

use jiff::Timestamp;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_body_made_of_fields_keeps_the_promises(members in vec((name(), value()), 0..10)) {
        properties::hold_for_body(&body(&members), now());
    }

    #[test]
    fn a_body_with_a_few_wrong_bytes_keeps_the_promises(
        members in vec((name(), value()), 0..10),
        wrong in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut body = body(&members);
        for (place, byte) in wrong {
            let place = place.index(body.len());
            body[place] = byte;
        }
        properties::hold_for_body(&body, now());
    }

    #[test]
    fn any_bytes_keep_the_promises(body in vec(any::<u8>(), 0..64)) {
        properties::hold_for_body(&body, now());
    }

    #[test]
    fn a_body_whose_fields_keep_the_rules_is_accepted(
        insured in "[A-Za-z0-9-]{1,32}",
        country in select(&["PE", "CL"][..]),
        year in 2031_i16..9999,
        offset in -23_i8..=23,
        schedule in proptest::option::of("\\PC{1,64}"),
        comments in proptest::option::of("\\PC{0,500}"),
    ) {
        let mut body = json!({
            "insuredId": insured,
            "countryISO": country,
            "dateSchedule": format!("{year:04}-06-15T10:20:30{}{:02}:00", if offset < 0 { '-' } else { '+' }, offset.abs()),
        });
        if let Some(schedule) = schedule {
            body["scheduleId"] = json!(schedule);
        }
        if let Some(comments) = comments {
            body["comments"] = json!(comments);
        }
        let request = schedule_core::request::NewAppointment::from_json(body.to_string().as_bytes(), now());
        prop_assert!(request.is_ok(), "{:?}", request);
        properties::hold_for_body(body.to_string().as_bytes(), now());
    }
}

fn now() -> Timestamp {
    "2030-01-01T12:00:00.5Z".parse().unwrap()
}

/// Written by hand, since a name may come twice.
fn body(members: &[(String, Value)]) -> Vec<u8> {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", json!(name)))
        .collect();
    format!("{{{}}}", members.join(",")).into_bytes()
}

fn name() -> impl Strategy<Value = String> {
    let fields = [
        "insuredId",
        "countryISO",
        "dateSchedule",
        "scheduleId",
        "centerId",
        "specialtyId",
        "medicId",
        "comments",
    ];
    prop_oneof![
        12 => select(fields.to_vec()).prop_map(str::to_owned),
        1 => select(vec!["insured_id", "a/b", "m~n", "", "~1"]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let texts = vec![
        "00123",
        "PE",
        "CL",
        "pe",
        "",
        "2030-05-20T10:00:00-05:00",
        "2031-02-29T10:00:00Z",
        "2029-05-20T10:00:00Z",
        "9999-12-31T23:59:60Z",
    ];
    prop_oneof![
        8 => select(texts).prop_map(Value::from),
        2 => "\\PC{0,70}".prop_map(Value::from),
        1 => any::<f64>().prop_map(|number| json!(number)),
        1 => select(vec![Value::Null, json!(true), json!([1]), json!({"a": "b"})]),
    ]
}
