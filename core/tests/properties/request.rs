//! What must hold of every body, whatever its bytes.

use jiff::Timestamp;
use schedule_core::{
    Appointment, Moment,
    doubles::sample_id,
    request::{BodyError, Fault, FaultKind, NewAppointment, spanish},
};
use serde_json::{Map, Value, value::RawValue};

/// Reads the body and panics where the reading breaks a promise.
pub(crate) fn hold_for_body(body: &[u8], now: Timestamp) {
    match NewAppointment::from_json(body, now) {
        Ok(request) => a_written_request_reads_as_the_same(&request, now),
        Err(BodyError::NotJson(_)) => {
            assert!(serde_json::from_slice::<Value>(body).is_err(), "the body is JSON");
        }
        Err(BodyError::Refused(faults)) => {
            serde_json::from_slice::<&RawValue>(body).expect("a body with faults is JSON");
            // Where it is too deep, a number too large, or a text no Unicode, there is no value to look into.
            let value = serde_json::from_slice(body).ok();
            assert!(!faults.is_empty(), "a refused body has a fault");
            for (index, fault) in faults.iter().enumerate() {
                assert!(!spanish::detail(fault).is_empty());
                if let Some(value) = &value {
                    a_fault_is_where_it_says(fault, value);
                }
                assert!(!faults[..index].contains(fault), "no fault is named twice");
            }
        }
    }
}

fn a_written_request_reads_as_the_same(request: &NewAppointment, now: Timestamp) {
    assert!(request.date_schedule.as_timestamp() > now);
    let appointment = request.clone().into_appointment(sample_id(1), Moment::new(now));
    let written = serde_json::to_value(&appointment).expect("an appointment serializes");
    let read: Appointment = serde_json::from_value(written.clone()).expect("its own form");
    assert_eq!(read, appointment);

    let Value::Object(mut members) = written else {
        panic!("an appointment is an object")
    };
    for given_by_us in ["appointmentId", "dateCreated", "status"] {
        assert!(members.shift_remove(given_by_us).is_some());
    }
    let body = Value::Object(members).to_string();
    let again = NewAppointment::from_json(body.as_bytes(), now);
    assert_eq!(again.as_ref(), Ok(request));
}

fn a_fault_is_where_it_says(fault: &Fault, body: &Value) {
    let empty = Map::new();
    let members = body.as_object().unwrap_or(&empty);
    match fault.kind {
        FaultKind::NotAnObject { .. } => assert!(!body.is_object() && fault.pointer.is_empty()),
        FaultKind::Missing(field) => {
            assert!(!members.contains_key(field.name()));
            assert_eq!(fault.pointer, format!("/{}", field.name()));
        }
        _ => assert!(
            body.is_object() && body.pointer(&fault.pointer).is_some(),
            "nothing is at the fault's pointer"
        ),
    }
}
