use std::sync::Arc;

use schedule_core::{
    Appointment, AppointmentId, Country, InsuredId, Status,
    doubles::{InMemoryAppointmentTable, sample_appointment, sample_id},
    ports::{AppointmentTable, PortErrorKind},
};
use serde_json::{Value, json};

use crate::{
    create_appointment::{assert_guarded, assert_problem},
    fixtures::{answer, event, failure, json_body, now},
    get_appointment::handler,
};

pub(crate) fn request(insured_id: &str, appointment_id: &str) -> Value {
    let mut event = event("api-gateway-get");
    event["routeKey"] = json!("GET /appointments/{insuredId}/{appointmentId}");
    event["rawPath"] = json!(format!("/appointments/{insured_id}/{appointment_id}"));
    event["pathParameters"] = json!({"insuredId": insured_id, "appointmentId": appointment_id});
    event
}

async fn get(table: &Arc<InMemoryAppointmentTable>, insured_id: &str, id: &AppointmentId) -> Value {
    answer(&handler(table), &request(insured_id, &id.to_string())).await
}

fn holding(appointments: impl IntoIterator<Item = Appointment>) -> Arc<InMemoryAppointmentTable> {
    Arc::new(InMemoryAppointmentTable::holding(appointments))
}

async fn conditional(table: &Arc<InMemoryAppointmentTable>, header: (&str, &str)) -> Value {
    let mut event = request("00123", &sample_id(1).to_string());
    event["headers"][header.0] = json!(header.1);
    answer(&handler(table), &event).await
}

#[tokio::test]
async fn one_appointment_is_shown_with_its_tag() {
    let appointment = sample_appointment(1, Country::CL);
    let shown = get(&holding([appointment.clone()]), "00123", &sample_id(1)).await;
    assert_eq!(shown["statusCode"], 200);
    assert_eq!(json_body(&shown), json!(appointment));
    let tag = shown["headers"]["etag"].as_str().unwrap();
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 20,
        "{tag}"
    );
    assert_guarded(&shown);
}

#[tokio::test]
async fn an_id_is_the_same_in_upper_case() {
    let appointment = Appointment {
        appointment_id: "018f3f5e-7c1a-7000-8000-0000000000ab".parse().unwrap(),
        ..sample_appointment(1, Country::CL)
    };
    let id = appointment.appointment_id.to_string().to_ascii_uppercase();
    let shown = answer(&handler(&holding([appointment.clone()])), &request("00123", &id)).await;
    assert_eq!(shown["statusCode"], 200);
    assert_eq!(json_body(&shown), json!(appointment));
}

#[tokio::test]
async fn whoever_has_it_is_told_so_until_it_changes() {
    let table = holding([sample_appointment(1, Country::CL)]);
    let shown = get(&table, "00123", &sample_id(1)).await;
    let tag = shown["headers"]["etag"].as_str().unwrap().to_owned();
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let same = conditional(&table, ("if-none-match", &known)).await;
        assert_eq!(
            (&same["statusCode"], &same["body"]),
            (&json!(304), &Value::Null),
            "{known}"
        );
        assert_eq!(same["headers"]["etag"], tag);
        assert!(same["headers"].get("content-type").is_none());
        assert_guarded(&same);
    }
    table
        .update_appointment_status(&sample_id(1), Status::Completed, now())
        .await
        .unwrap();
    let changed = conditional(&table, ("if-none-match", &tag)).await;
    assert_eq!(changed["statusCode"], 200);
    assert_ne!(changed["headers"]["etag"], tag);
}

#[tokio::test]
async fn another_form_has_another_tag() {
    let table = holding([sample_appointment(1, Country::CL)]);
    let json = get(&table, "00123", &sample_id(1)).await;
    let fhir = conditional(&table, ("accept", "application/fhir+json")).await;
    assert_eq!(fhir["headers"]["content-type"], "application/fhir+json");
    assert_eq!(json_body(&fhir)["resourceType"], "Appointment");
    assert_ne!(fhir["headers"]["etag"], json["headers"]["etag"]);
}

#[tokio::test]
async fn what_is_absent_anothers_or_no_id_is_the_same_404() {
    let other = Appointment {
        insured_id: InsuredId::new("123").unwrap(),
        ..sample_appointment(1, Country::PE)
    };
    let table = holding([other]);
    let answers = [
        get(&table, "00123", &sample_id(1)).await,
        get(&table, "00123", &sample_id(2)).await,
        answer(
            &handler(&table),
            &request("00123", "7F5C1F0E-4F7A-4A52-9F5A-3D6A4C1F2B10"),
        )
        .await,
        answer(&handler(&table), &request("00123", "x")).await,
    ];
    for answer in &answers {
        let problem = assert_problem(answer, 404);
        assert_eq!(
            problem["type"],
            "urn:medical-schedule:problem:no-such-appointment"
        );
        assert_eq!(answer, &answers[0]);
        assert!(answer["headers"].get("etag").is_none());
    }
}

#[tokio::test]
async fn a_failure_of_the_table_is_not_the_absence_of_an_appointment() {
    let table = holding([sample_appointment(1, Country::PE)]);
    for (kind, status) in [(PortErrorKind::Throttled, 503), (PortErrorKind::Denied, 500)] {
        table.fail_next(failure(kind));
        assert_problem(&get(&table, "00123", &sample_id(1)).await, status);
    }
}
