use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schedule_core::{
    doubles::{FixedClock, InMemoryAppointmentTable, InMemoryAppointmentTopic, SequentialIds},
    ports::PortErrorKind,
};
use schedule_handlers::{AuthMode, CreateAppointmentHandler, EventHandler, MAX_BODY_BYTES};
use serde_json::{Value, json};

use crate::fixtures::{answer, answer_within, clock, event, failure, invocation, json_body};

type Handler = CreateAppointmentHandler<
    Arc<InMemoryAppointmentTable>,
    Arc<InMemoryAppointmentTopic>,
    FixedClock,
    SequentialIds,
>;

#[derive(Default)]
pub(crate) struct World {
    pub(crate) table: Arc<InMemoryAppointmentTable>,
    pub(crate) topic: Arc<InMemoryAppointmentTopic>,
}

impl World {
    pub(crate) fn handler(&self) -> Handler {
        CreateAppointmentHandler::new(
            self.table.clone(),
            self.topic.clone(),
            clock(),
            SequentialIds::new(),
            AuthMode::None,
        )
    }

    /// The answer to the fixture with another body.
    async fn post(&self, body: &str) -> Value {
        let mut event = event("api-gateway-post");
        event["body"] = json!(body);
        answer(&self.handler(), &event).await
    }

    fn is_untouched(&self) -> bool {
        self.table.items().is_empty() && self.topic.published().is_empty()
    }
}

/// Asserts that an answer is a problem of this status, in the contract's form; gives its document.
#[track_caller]
pub(crate) fn assert_problem(answer: &Value, status: u16) -> Value {
    assert_eq!(answer["statusCode"], status, "{answer}");
    assert_eq!(answer["headers"]["content-type"], "application/problem+json");
    assert!(answer["headers"]["x-request-id"].is_string(), "{answer}");
    assert_guarded(answer);
    let problem = json_body(answer);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["message"], problem["detail"]);
    for member in ["type", "title", "detail"] {
        assert!(
            problem[member].as_str().is_some_and(|text| !text.is_empty()),
            "{member} in {problem}"
        );
    }
    problem
}

/// Asserts that an answer has what every answer has, so that nothing keeps it, frames it or guesses what it is.
#[track_caller]
pub(crate) fn assert_guarded(answer: &Value) {
    let headers = &answer["headers"];
    for (name, value) in [
        ("cache-control", "no-store"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("vary", "accept, accept-language"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(headers[name], value, "{name} in {answer}");
    }
}

/// The headers of an answer without those of [`assert_guarded`].
#[track_caller]
pub(crate) fn own_headers(answer: &Value) -> Value {
    assert_guarded(answer);
    let mut headers = answer["headers"].clone();
    headers.as_object_mut().unwrap().retain(|name, _| {
        !matches!(
            name.as_str(),
            "cache-control"
                | "content-security-policy"
                | "referrer-policy"
                | "strict-transport-security"
                | "vary"
                | "x-content-type-options"
        )
    });
    headers
}

#[tokio::test]
async fn an_appointment_is_answered_with_201_stored_and_published() {
    let world = World::default();
    let answer = answer(&world.handler(), &event("api-gateway-post")).await;
    assert_eq!(answer["statusCode"], 201);
    assert_eq!(answer["isBase64Encoded"], false);
    assert_eq!(
        own_headers(&answer),
        json!({"content-type": "application/json", "content-language": "es", "location": "/appointments/00123",
            "x-request-id": "Bz7aXjPqIAMEVqQ="})
    );
    let appointment = json!({
        "appointmentId": "00000000-0000-0000-0000-000000000001", "insuredId": "00123", "scheduleId": "100",
        "centerId": "4", "specialtyId": "3", "medicId": "4", "comments": "Dolor de cabeza desde el lunes",
        "dateSchedule": "2030-05-20T20:30:00Z", "dateCreated": "2029-11-25T05:10:29.123Z", "countryISO": "PE",
        "status": "PENDING",
    });
    assert_eq!(
        json_body(&answer),
        json!({"message": "Cita registrada con éxito.", "appointment": appointment})
    );
    assert_eq!(
        serde_json::to_value(world.table.items()).unwrap(),
        json!([appointment])
    );
    assert_eq!(
        serde_json::to_value(world.topic.published()).unwrap(),
        json!([{"event": "APPOINTMENT_CREATED", "timestamp": "2029-11-25T05:10:29.123Z", "data": appointment,
            "requestId": "Bz7aXjPqIAMEVqQ="}])
    );
}

#[tokio::test]
async fn a_body_that_arrives_in_base64_is_the_same_appointment() {
    let (plain, encoded) = (World::default(), World::default());
    let plain_answer = answer(&plain.handler(), &event("api-gateway-post")).await;
    let encoded_answer = answer(&encoded.handler(), &event("api-gateway-post-base64")).await;
    assert_eq!(encoded_answer["statusCode"], 201);
    assert_eq!(encoded_answer, plain_answer);
}

#[tokio::test]
async fn a_refused_body_names_all_its_faults_in_spanish() {
    let world = World::default();
    let answer = world
        .post(r#"{"insuredId": 123, "dateSchedule": "ayer", "medicId": "", "coments": "x"}"#)
        .await;
    let problem = assert_problem(&answer, 400);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("5 datos que corregir"),
        "{problem}"
    );
    let errors = problem["errors"].as_array().unwrap();
    let pointers: Vec<_> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        [
            "/insuredId",
            "/countryISO",
            "/dateSchedule",
            "/medicId",
            "/coments"
        ]
    );
    assert!(
        errors
            .iter()
            .all(|error| error["detail"].as_str().is_some_and(|detail| !detail.is_empty()))
    );
    assert!(world.is_untouched());
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_with_400_and_its_place() {
    let world = World::default();
    let problem = assert_problem(&world.post("{\n  \"insuredId\": }").await, 400);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("línea 2, columna 16"),
        "{problem}"
    );
    assert!(problem.get("errors").is_none());

    let mut without_body = event("api-gateway-post");
    without_body.as_object_mut().unwrap().remove("body");
    assert_problem(&answer(&world.handler(), &without_body).await, 400);

    let mut not_base64 = event("api-gateway-post-base64");
    not_base64["body"] = json!("%%%");
    assert_problem(&answer(&world.handler(), &not_base64).await, 400);
    assert!(world.is_untouched());
}

#[tokio::test]
async fn a_body_over_16_kib_is_refused_with_413_and_one_of_16_kib_is_read() {
    let whole = event("api-gateway-post")["body"].as_str().unwrap().to_owned();
    for base64 in [false, true] {
        for (length, status) in [
            (MAX_BODY_BYTES, 201),
            (MAX_BODY_BYTES + 1, 413),
            (MAX_BODY_BYTES * 4, 413),
        ] {
            let padded = whole.clone() + &" ".repeat(length - whole.len());
            let world = World::default();
            let mut event = event("api-gateway-post");
            event["isBase64Encoded"] = json!(base64);
            event["body"] = json!(if base64 { STANDARD.encode(padded) } else { padded });
            let answer = answer(&world.handler(), &event).await;
            assert_eq!(answer["statusCode"], status, "{length} bytes, base64 {base64}");
            if status == 413 {
                assert_problem(&answer, 413);
                assert!(world.is_untouched());
            }
        }
    }
}

#[tokio::test]
async fn only_application_json_is_read_whatever_its_capitals_and_parameters() {
    for (content_type, status) in [
        (Some("application/json"), 201),
        (Some("application/json; charset=utf-8"), 201),
        (Some("Application/JSON ;charset=UTF-8"), 201),
        (Some("text/plain"), 415),
        (Some("application/jsonp"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some(""), 415),
        (None, 415),
    ] {
        let world = World::default();
        let mut event = event("api-gateway-post");
        let headers = event["headers"].as_object_mut().unwrap();
        headers.remove("content-type");
        if let Some(content_type) = content_type {
            headers.insert("Content-Type".to_owned(), json!(content_type));
        }
        let answer = answer(&world.handler(), &event).await;
        assert_eq!(answer["statusCode"], status, "{content_type:?}");
        if status == 415 {
            assert_problem(&answer, 415);
            assert!(world.is_untouched());
        }
    }
}

fn with_key() -> Value {
    let mut request = event("api-gateway-post");
    request["headers"]["idempotency-key"] = json!("\"8e03978e-40d5\"");
    request
}

#[tokio::test]
async fn a_failure_that_may_pass_asks_to_come_again_and_tells_nothing_internal() {
    for (kind, request) in [
        (PortErrorKind::Throttled, event("api-gateway-post")),
        (PortErrorKind::Throttled, with_key()),
        (PortErrorKind::Unavailable, with_key()),
        (PortErrorKind::Unreachable, with_key()),
    ] {
        let world = World::default();
        world.table.fail_next(failure(kind));
        check_failure(&answer(&world.handler(), &request).await, 503, "unavailable");
    }
}

#[tokio::test]
async fn a_request_without_a_key_is_not_asked_to_come_again_where_it_might_book_twice() {
    for kind in [PortErrorKind::Unavailable, PortErrorKind::Unreachable] {
        let world = World::default();
        world.table.fail_next(failure(kind));
        let answer = answer(&world.handler(), &event("api-gateway-post")).await;
        check_failure(&answer, 503, "outcome-unknown");
        let detail = json_body(&answer)["detail"].to_string();
        assert!(detail.contains("Idempotency-Key"), "{detail}");
    }
}

#[tokio::test]
async fn a_topic_that_is_away_is_a_201_because_it_is_announced_later() {
    let world = World::default();
    world.topic.fail_next(failure(PortErrorKind::Unavailable));
    let created = answer(&world.handler(), &event("api-gateway-post")).await;
    assert_eq!(created["statusCode"], 201);
    assert!(world.table.stored()[0].announcement.is_some());
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_a_503_a_second_before_the_end() {
    for (request, slug) in [
        (event("api-gateway-post"), "outcome-unknown"),
        (with_key(), "unavailable"),
    ] {
        let world = World::default();
        world.table.silence_next();
        check_failure(&answer_within(&world.handler(), &request, 1).await, 503, slug);
        assert!(world.is_untouched());
    }
}

#[tokio::test]
async fn a_replay_whose_topic_does_not_answer_is_the_same_201_a_second_before_the_end() {
    let world = World::default();
    let request = with_key();
    let first = answer(&world.handler(), &request).await;
    world.topic.silence_next();
    assert_eq!(answer_within(&world.handler(), &request, 1).await, first);
    assert_eq!(world.topic.published().len(), 1);
    assert!(world.table.stored()[0].announcement.is_some());
}

#[tokio::test]
async fn only_a_request_that_comes_again_is_a_replay() {
    let world = World::default();
    let request = with_key();
    for replayed in [false, true] {
        let request = serde_json::from_value(request.clone()).unwrap();
        let answer = world.handler().handle(request, &invocation(30)).await.unwrap();
        assert_eq!((answer.response.status_code, answer.replayed), (201, replayed));
    }
}

#[tokio::test]
async fn the_same_key_is_the_same_answer_and_another_request_with_it_a_422() {
    let world = World::default();
    let mut request = with_key();
    let first = answer(&world.handler(), &request).await;
    assert_eq!(first["statusCode"], 201);
    assert_eq!(answer(&world.handler(), &request).await, first);
    assert_eq!(world.table.items().len(), 1);

    request["body"] = json!(request["body"].as_str().unwrap().replace("PE", "CL"));
    let problem = assert_problem(&answer(&world.handler(), &request).await, 422);
    assert_eq!(
        problem["type"],
        "urn:medical-schedule:problem:idempotency-key-reused"
    );
    assert_eq!(world.table.items().len(), 1);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_by_the_name_of_its_header() {
    let world = World::default();
    let mut request = event("api-gateway-post");
    request["headers"]["idempotency-key"] = json!("\"\"");
    let problem = assert_problem(&answer(&world.handler(), &request).await, 400);
    assert!(
        problem["detail"].as_str().unwrap().contains("Idempotency-Key"),
        "{problem}"
    );
    assert!(problem.get("errors").is_none());
    assert!(world.is_untouched());
}

#[tokio::test]
async fn a_failure_that_stays_is_a_500_and_tells_nothing_internal() {
    for kind in [PortErrorKind::Denied, PortErrorKind::Invalid] {
        let world = World::default();
        world.table.fail_next(failure(kind));
        let answer = answer(&world.handler(), &event("api-gateway-post")).await;
        check_failure(&answer, 500, "internal");
    }
}

#[track_caller]
fn check_failure(answer: &Value, status: u16, slug: &str) {
    let problem = assert_problem(answer, status);
    assert_eq!(problem["type"], format!("urn:medical-schedule:problem:{slug}"));
    assert_eq!(
        answer["headers"].get("retry-after").is_some(),
        slug == "unavailable",
        "{answer}"
    );
    for internal in ["arn:", "dynamodb", "PutItem", "said no", "00123"] {
        assert!(!answer.to_string().contains(internal), "{internal} in {problem}");
    }
}
