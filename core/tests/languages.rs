//! Every fault of a body is said in every language, and none of them repeats what was sent.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::collections::HashSet;

use jiff::Timestamp;
use schedule_core::{
    Language,
    domain::{CommentsError, InsuredIdError, ReferenceError},
    request::{BodyError, Fault, FaultKind, NewAppointment},
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
        json!({"scheduleId": "SECRET\u{1}", "comments": "SECRET\u{1}"}).to_string(),
        r#"{"insuredId": 5, "insuredId": 6}"#.to_owned(),
        r#"{"comments": "SECRET\ud800"}"#.to_owned(),
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

/// How many kinds there are: as many as [`kind`] tells apart.
const KINDS: usize = 17;

/// A number for each kind, below [`KINDS`]. A new one does not compile until it has one.
fn kind(fault: &Fault) -> usize {
    match fault.kind {
        FaultKind::NotAnObject { .. } => 0,
        FaultKind::UnknownField { .. } => 1,
        FaultKind::Repeated(_) => 2,
        FaultKind::Missing(_) => 3,
        FaultKind::NotText { .. } => 4,
        FaultKind::NotUnicode(_) => 5,
        FaultKind::InsuredId(InsuredIdError::Empty) => 6,
        FaultKind::InsuredId(InsuredIdError::TooLong) => 7,
        FaultKind::InsuredId(InsuredIdError::Characters) => 8,
        FaultKind::UnknownCountry => 9,
        FaultKind::NotADateTime => 10,
        FaultKind::NotInFuture => 11,
        FaultKind::Reference(ReferenceError::Empty) => 12,
        FaultKind::Reference(ReferenceError::TooLong) => 13,
        FaultKind::Reference(ReferenceError::ControlCharacter) => 14,
        FaultKind::Comments(CommentsError::TooLong) => 15,
        FaultKind::Comments(CommentsError::ControlCharacter) => 16,
    }
}

#[test]
fn every_fault_is_said_in_every_language() {
    let mut met = HashSet::new();
    for fault in faults() {
        met.insert(kind(&fault));
        let texts = Language::ALL.map(|language| fault.detail(language));
        let distinct: HashSet<_> = texts.iter().collect();
        assert_eq!(distinct.len(), Language::ALL.len(), "{texts:?}");
        for text in &texts {
            assert!(text.ends_with(['.', '?']), "{text}");
            assert!(!text.contains("SECRET"), "{text}");
        }
    }
    let missed: Vec<usize> = (0..KINDS).filter(|kind| !met.contains(kind)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}
