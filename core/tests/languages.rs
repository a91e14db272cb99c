//! Every fault of a body is said in every language, and none of them repeats what was sent.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::collections::HashSet;

use jiff::Timestamp;
use schedule_core::{
    Language,
    request::{BodyError, Fault, NewAppointment},
};
use serde_json::json;

/// Faults of every kind.
fn faults() -> Vec<Fault> {
    let long = "SECRET".repeat(100);
    let bodies = [
        json!([]).to_string(),
        json!({}).to_string(),
        json!({"insuredId": "", "countryISO": "SECRET", "dateSchedule": "SECRET", "scheduleId": "", "SECRET": 1,
            "insured_id": 1, "comments": long, "centerId": long, "medicId": null, "specialtyId": {}})
        .to_string(),
        json!({"insuredId": long, "countryISO": true, "dateSchedule": "2000-01-01T00:00:00Z", "comments": null})
            .to_string(),
        json!({"insuredId": "SECRET SECRET", "countryISO": [], "dateSchedule": 1.5}).to_string(),
        r#"{"insuredId": 5, "insuredId": 6}"#.to_owned(),
    ];
    let now: Timestamp = "2029-11-25T05:10:29Z".parse().unwrap();
    let faults = bodies
        .iter()
        .flat_map(|body| match NewAppointment::from_json(body.as_bytes(), now) {
            Err(BodyError::Refused(faults)) => faults,
            other => panic!("{other:?}"),
        });
    faults.collect()
}

#[test]
fn every_fault_is_said_in_every_language() {
    let mut said = HashSet::new();
    for fault in faults() {
        let texts = Language::ALL.map(|language| fault.detail(language));
        let distinct: HashSet<_> = texts.iter().collect();
        assert_eq!(distinct.len(), Language::ALL.len(), "{texts:?}");
        for text in &texts {
            assert!(text.ends_with(['.', '?']), "{text}");
            assert!(!text.contains("SECRET"), "{text}");
        }
        said.extend(texts);
    }
    assert!(said.len() > 30, "{}", said.len());
}
