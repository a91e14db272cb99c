use std::sync::Arc;

use schedule_core::{
    Appointment, Country, InsuredId, Moment, Status,
    doubles::{FixedClock, InMemoryAppointmentTable, KnownCursorSecret, sample_appointment, sample_id},
    ports::PortErrorKind,
};
use schedule_handlers::{AuthMode, GetAppointmentHandler};
use serde_json::{Value, json};

use crate::{
    create_appointment::{assert_guarded, assert_problem, own_headers},
    fixtures::{answer, answer_within, clock, event, failure, json_body, now},
    get_one_appointment,
};

pub(crate) type Handler =
    GetAppointmentHandler<Arc<InMemoryAppointmentTable>, Arc<KnownCursorSecret>, Arc<FixedClock>>;

pub(crate) fn handler(table: &Arc<InMemoryAppointmentTable>) -> Handler {
    GetAppointmentHandler::new(table.clone(), Arc::default(), Arc::new(clock()), AuthMode::None)
}

async fn get(table: &Arc<InMemoryAppointmentTable>, insured_id: &str) -> Value {
    let mut event = event("api-gateway-get");
    event["pathParameters"]["insuredId"] = json!(insured_id);
    answer(&handler(table), &event).await
}

#[tokio::test]
async fn the_appointments_of_an_insured_are_a_list_with_the_earliest_first() {
    let early = Appointment {
        status: Status::Completed,
        updated_at: Some(Moment::new(now())),
        ..sample_appointment(1, Country::PE)
    };
    let late = sample_appointment(2, Country::CL);
    let other = Appointment {
        insured_id: InsuredId::new("123").unwrap(),
        ..sample_appointment(3, Country::PE)
    };
    let table = Arc::new(InMemoryAppointmentTable::holding([
        late.clone(),
        early.clone(),
        other,
    ]));
    let answer = get(&table, "00123").await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(
        own_headers(&answer),
        json!({"content-type": "application/json", "x-request-id": "Bz7aXjPqIAMEVqQ="})
    );
    assert_eq!(json_body(&answer), json!([early, late]));
    assert_eq!(json_body(&answer)[0]["updatedAt"], "2029-11-25T05:10:29.123Z");
    assert!(json_body(&answer)[1].get("updatedAt").is_none());
}

#[tokio::test]
async fn an_insured_without_appointments_gets_an_empty_list() {
    let answer = get(&Arc::default(), "00123").await;
    assert_eq!(
        (&answer["statusCode"], &answer["body"]),
        (&json!(200), &json!("[]"))
    );
}

#[tokio::test]
async fn what_cannot_be_an_insured_id_is_refused_without_asking_the_table() {
    let table = Arc::new(InMemoryAppointmentTable::new());
    table.fail_next(failure(PortErrorKind::Denied));
    for text in ["", "a b", "ñ", "a/b", "%30", &"9".repeat(33)] {
        assert_problem(&get(&table, text).await, 400);
    }
}

#[tokio::test]
async fn a_failure_of_the_table_tells_whether_to_come_again_and_nothing_internal() {
    for (kind, status) in [(PortErrorKind::Throttled, 503), (PortErrorKind::Invalid, 500)] {
        let table = Arc::new(InMemoryAppointmentTable::new());
        table.fail_next(failure(kind));
        let answer = get(&table, "00123").await;
        assert_problem(&answer, status);
        assert_eq!(answer["headers"].get("retry-after").is_some(), status == 503);
        assert!(!answer.to_string().contains("arn:"), "{answer}");
    }
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_a_503_a_second_before_the_end() {
    let one = get_one_appointment::request("00123", &sample_id(1).to_string());
    for request in [event("api-gateway-get"), one] {
        let table = Arc::new(InMemoryAppointmentTable::new());
        table.silence_next();
        let answer = answer_within(&handler(&table), &request, 1).await;
        assert_problem(&answer, 503);
        assert!(answer["headers"].get("retry-after").is_some(), "{answer}");
    }
}

#[tokio::test]
async fn what_no_route_takes_is_a_404_or_a_405_with_the_method_that_there_is() {
    let handler = handler(&Arc::default());
    for (method, path, allowed) in [
        ("GET", "/appointments", Some("POST")),
        ("DELETE", "/appointments/00123", Some("GET")),
        ("HEAD", "/appointments/00123", Some("GET")),
        (
            "PUT",
            "/appointments/00123/7f5c1f0e-4f7a-4a52-9f5a-3d6a4c1f2b10",
            Some("GET"),
        ),
        ("GET", "/appointments/", None),
        ("GET", "/secreto", None),
        ("POST", "/", None),
    ] {
        let mut event = event("api-gateway-get");
        event["routeKey"] = json!("$default");
        event["rawPath"] = json!(path);
        event["requestContext"]["http"]["method"] = json!(method);
        event.as_object_mut().unwrap().remove("pathParameters");
        let answer = answer(&handler, &event).await;
        let problem = assert_problem(&answer, if allowed.is_some() { 405 } else { 404 });
        assert_eq!(
            answer["headers"].get("allow"),
            allowed.map(|method| json!(method)).as_ref()
        );
        assert!(
            !problem["detail"].as_str().unwrap().contains("secreto"),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn a_browsers_preflight_is_answered_with_nothing() {
    let mut event = event("api-gateway-get");
    event["routeKey"] = json!("OPTIONS /{proxy+}");
    event["requestContext"]["http"]["method"] = json!("OPTIONS");
    let answer = answer(&handler(&Arc::default()), &event).await;
    assert_eq!(
        (&answer["statusCode"], &answer["body"]),
        (&json!(204), &Value::Null)
    );
    assert_guarded(&answer);
}
