//! The one JSON form of an appointment, the messages, and what must stay hidden.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use schedule_core::{
    Appointment, Comments, Country, InsuredId, Moment, Status,
    doubles::sample_appointment,
    messages::{AppointmentConfirmation, AppointmentCreated, ConfirmedAppointment},
};
use serde_json::{Value, json};

fn full() -> Appointment {
    Appointment {
        comments: Some(Comments::new("Dolor de cabeza").unwrap()),
        status: Status::Completed,
        updated_at: Some(Moment::new("2030-01-01T12:00:00.123456Z".parse().unwrap())),
        ..sample_appointment(1, Country::CL)
    }
}

#[test]
fn an_appointment_has_the_contracts_names_in_its_order() {
    assert_eq!(
        serde_json::to_string(&full()).unwrap(),
        r#"{"appointmentId":"00000000-0000-0000-0000-000000000001","insuredId":"00123","scheduleId":"100","#
            .to_owned()
            + r#""centerId":"4","medicId":"Núñez-7","comments":"Dolor de cabeza","#
            + r#""dateSchedule":"2030-01-01T01:00:00Z","dateCreated":"2030-01-01T00:00:00.000Z","#
            + r#""countryISO":"CL","status":"COMPLETED","updatedAt":"2030-01-01T12:00:00.123Z"}"#
    );
}

#[test]
fn every_value_is_a_string_and_what_is_absent_is_left_out() {
    let Value::Object(members) = serde_json::to_value(sample_appointment(1, Country::PE)).unwrap() else {
        panic!("an object")
    };
    assert!(members.values().all(Value::is_string), "{members:?}");
    assert!(
        ["specialtyId", "comments", "updatedAt"]
            .iter()
            .all(|name| !members.contains_key(*name))
    );
}

#[test]
fn an_appointment_reads_back_as_it_was_written() {
    let written = serde_json::to_vec(&full()).unwrap();
    assert_eq!(serde_json::from_slice::<Appointment>(&written).unwrap(), full());
}

#[test]
fn an_item_of_the_old_system_reads() {
    let item = json!({
        "appointmentId": "6f1c9f0e-5b1e-4b57-9a38-0d0d9a4f2c11", "insuredId": "00123",
        "medicId": "x".repeat(80), "centerId": null, "scheduleId": "",
        "dateSchedule": "2024-10-15T15:30:00.000Z", "dateCreated": "2024-10-01T00:00:00.1Z",
        "countryISO": "PE", "status": "PENDING", "ttl": "1760000000",
    });
    let read: Appointment = serde_json::from_value(item).unwrap();
    assert_eq!(read.date_schedule.to_string(), "2024-10-15T15:30:00Z");
    assert_eq!(read.date_created.to_string(), "2024-10-01T00:00:00.100Z");
    assert_eq!(
        (read.updated_at, read.comments, read.center_id),
        (None, None, None)
    );
    assert_eq!(read.medic_id.unwrap().as_str().len(), 80);
}

#[test]
fn another_spelling_of_a_uuid_is_another_key_and_does_not_read() {
    let canonical = "6f1c9f0e-5b1e-4b57-9a38-0d0d9a4f2c11";
    assert!(canonical.parse::<schedule_core::AppointmentId>().is_ok());
    let simple = canonical.replace('-', "");
    for text in [
        canonical.to_uppercase(),
        simple,
        format!("{{{canonical}}}"),
        String::new(),
    ] {
        assert!(text.parse::<schedule_core::AppointmentId>().is_err(), "{text}");
    }
}

#[test]
fn order_of_text_is_order_in_time() {
    let mut dates: Vec<schedule_core::DateSchedule> = [
        "2031-01-01T00:30:00+02:00",
        "2030-12-31T23:00:00Z",
        "2030-12-31T22:45:00.5Z",
        "2031-01-01T00:00:00-01:00",
    ]
    .map(|text| text.parse().unwrap())
    .into();
    dates.sort();
    let texts: Vec<_> = dates.iter().map(ToString::to_string).collect();
    assert!(texts.is_sorted(), "{texts:?}");
}

#[test]
fn the_topics_message_has_the_contracts_form() {
    let appointment = sample_appointment(1, Country::PE);
    let message = AppointmentCreated::new(appointment.clone(), appointment.date_created);
    let written = serde_json::to_value(&message).unwrap();
    assert_eq!(
        written,
        json!({"event": "APPOINTMENT_CREATED", "timestamp": "2030-01-01T00:00:00.000Z", "data": appointment})
    );
    assert_eq!(
        message.attributes(),
        [("eventType", "APPOINTMENT_CREATED"), ("country", "PE")]
    );
    assert_eq!(
        serde_json::from_value::<AppointmentCreated>(grown(written)).unwrap(),
        message
    );
}

#[test]
fn the_buss_message_has_the_contracts_form() {
    let appointment = sample_appointment(1, Country::PE);
    let message = AppointmentConfirmation::new(appointment.clone(), appointment.date_created);
    let written = serde_json::to_value(&message).unwrap();
    assert_eq!(
        written,
        json!({"appointmentId": appointment.appointment_id, "insuredId": "00123", "status": "CONFIRMED",
            "countryISO": "PE", "processingDate": "2030-01-01T00:00:00.000Z", "appointmentData": appointment})
    );
    assert_eq!(
        serde_json::from_value::<AppointmentConfirmation>(grown(written)).unwrap(),
        message
    );
}

#[test]
fn completing_reads_no_more_of_a_confirmation_than_it_takes() {
    let message =
        json!({"appointmentId": sample_appointment(1, Country::PE).appointment_id, "status": "CONFIRMED"});
    assert!(serde_json::from_value::<ConfirmedAppointment>(message.clone()).is_ok());
    let mut other = message;
    other["status"] = json!("REJECTED");
    assert!(serde_json::from_value::<ConfirmedAppointment>(other).is_err());
}

#[test]
fn health_data_is_not_in_debug_output() {
    let message = AppointmentConfirmation::new(full(), full().date_created);
    let shown = format!("{message:?}");
    assert!(
        shown.contains("00000000-0000-0000-0000-000000000001"),
        "the id is there: {shown}"
    );
    for hidden in ["00123", "Dolor", "Núñez", "\"100\""] {
        assert!(!shown.contains(hidden), "{hidden} is hidden: {shown}");
    }
    assert_eq!(
        InsuredId::new("secreto 1")
            .unwrap_err()
            .to_string()
            .find("secreto"),
        None
    );
}

/// The object with a member more, at the top and one level down.
fn grown(mut object: Value) -> Value {
    let members = object.as_object_mut().unwrap();
    for value in members.values_mut().filter(|value| value.is_object()) {
        value["newer"] = json!({"than": "this"});
    }
    members.insert("newer".to_owned(), json!(1));
    object
}
