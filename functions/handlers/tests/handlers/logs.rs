use std::{
    future::Future,
    io,
    sync::{Arc, LazyLock, Mutex},
};

use schedule_core::{
    Country,
    doubles::{FixedClock, InMemoryAppointmentTable, sample_appointment, sample_id},
    ports::PortErrorKind,
};
use schedule_handlers::RepublishPendingHandler;
use serde_json::{Value, json};
use tracing::Dispatch;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    authorization, create_appointment,
    fixtures::{
        answer, answer_within, batch, body_of, event, failure, failure_of_event, failure_of_event_within, now,
    },
    get_appointment::handler,
    process_appointment, process_confirmation, republish_pending,
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A second subscriber, so that no other test's thread, which has none, decides for all that a line is of no interest.
static OTHER: LazyLock<Dispatch> = LazyLock::new(|| {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(std::io::sink);
    Dispatch::new(subscriber.finish())
});

/// What is logged, at any level, while this runs.
async fn logged(work: impl Future) -> Vec<Value> {
    LazyLock::force(&OTHER);
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(lines.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    work.await;
    drop(guard);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Asserts that a line has these fields, and that no line has anything of a patient in it.
#[track_caller]
fn check(lines: &[Value], fields: &Value) {
    let expected = fields.as_object().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| expected.iter().all(|(name, value)| line.get(name) == Some(value))),
        "{fields} is in {lines:#?}"
    );
    let text = Value::from(lines.to_vec()).to_string();
    for hidden in ["00123", "Dolor", "Núñez", "secreto", "2030-05-20"] {
        assert!(!text.contains(hidden), "{hidden} is not in {text}");
    }
}

#[tokio::test]
async fn a_created_appointment_is_one_line_without_its_patient() {
    let world = create_appointment::World::default();
    let lines = logged(answer(&world.handler(), &event("api-gateway-post"))).await;
    assert_eq!(lines.len(), 1);
    let expected = json!({"level": "INFO", "message": "appointment created", "request_id": "Bz7aXjPqIAMEVqQ=",
        "appointment_id": sample_id(1), "country": "PE"});
    check(&lines, &expected);
}

#[tokio::test]
async fn a_refused_body_is_one_line_that_quotes_none_of_it() {
    let world = create_appointment::World::default();
    let mut refused = event("api-gateway-post");
    refused["body"] = json!(r#"{"insuredId":"00123 ","secreto":"Dolor","dateSchedule":"2030-05-20"}"#);
    let lines = logged(answer(&world.handler(), &refused)).await;
    assert_eq!(lines.len(), 1);
    check(
        &lines,
        &json!({"message": "request refused", "status": 400, "problem": "body-refused", "faults": 4}),
    );

    refused["body"] = json!(r#"{"insuredId":"00123",secreto}"#);
    let lines = logged(answer(&world.handler(), &refused)).await;
    check(
        &lines,
        &json!({"message": "request refused", "status": 400, "problem": "body-not-json"}),
    );
}

#[tokio::test]
async fn a_failed_call_is_logged_with_its_cause_but_not_with_what_the_service_quoted() {
    let world = create_appointment::World::default();
    world.topic.fail_next(failure(PortErrorKind::Denied));
    let lines = logged(answer(&world.handler(), &event("api-gateway-post"))).await;
    let expected = json!({"level": "WARN", "kind": "denied",
        "message": "appointment stored, but not announced yet; it is announced later",
        "operation": "PutItem", "appointment_id": sample_id(1), "request_id": "Bz7aXjPqIAMEVqQ=",
        "cause": "arn:aws:dynamodb:us-east-1:123456789012:table/appointments said no"});
    check(&lines, &expected);

    let table = InMemoryAppointmentTable::new();
    table.fail_next(failure(PortErrorKind::Throttled));
    let lines = logged(answer(&handler(&Arc::new(table)), &event("api-gateway-get"))).await;
    check(
        &lines,
        &json!({"level": "ERROR", "message": "appointments not listed", "kind": "throttled"}),
    );
}

#[tokio::test]
async fn what_was_not_answered_in_time_is_one_line_without_its_patient() {
    let world = create_appointment::World::default();
    world.table.silence_next();
    let lines = logged(answer_within(&world.handler(), &event("api-gateway-post"), 1)).await;
    assert_eq!(lines.len(), 1);
    let expected = json!({"level": "ERROR", "message": "appointment not created", "request_id": "Bz7aXjPqIAMEVqQ=",
        "reason": "there was no time left to wait for the table"});
    check(&lines, &expected);

    let table = Arc::new(InMemoryAppointmentTable::new());
    table.silence_next();
    let lines = logged(answer_within(&handler(&table), &event("api-gateway-get"), 1)).await;
    assert_eq!(lines.len(), 1);
    let expected = json!({"level": "ERROR", "route": "GET /appointments/{insuredId}", "request_id": "Bz7aXjPqIAMEVqQ=",
        "message": "there was no time left to wait for what the answer needs"});
    check(&lines, &expected);
}

#[tokio::test]
async fn a_caller_who_may_not_is_one_line_with_the_reason_and_without_anybody() {
    let world = authorization::World::new();
    let claims = json!({"scope": "appointments:read", "insured_id": "secreto", "sub": "secreto"});
    let request = authorization::with_claims(authorization::list("00123"), &claims);
    let lines = logged(world.answer(&request)).await;
    assert_eq!(lines.len(), 1);
    let expected = json!({"level": "INFO", "message": "request refused", "status": 403, "problem": "forbidden",
        "reason": "the token is not for the insured of the request", "request_id": "Bz7aXjPqIAMEVqQ="});
    check(&lines, &expected);

    let lines = logged(world.answer(&authorization::list("00123"))).await;
    let expected = json!({"level": "ERROR", "route": "GET /appointments/{insuredId}", "request_id": "Bz7aXjPqIAMEVqQ=",
        "message": "a request came without the claims of a token; its route has no JWT authorizer"});
    check(&lines, &expected);
}

#[tokio::test]
async fn a_refused_query_is_one_line_that_quotes_none_of_it() {
    let mut request = event("api-gateway-get");
    request["rawQueryString"] = json!("secreto=Dolor&from=2030-05-20&cursor=00123");
    let lines = logged(answer(&handler(&Arc::default()), &request)).await;
    assert_eq!(lines.len(), 1);
    check(
        &lines,
        &json!({"message": "request refused", "status": 400, "problem": "query-refused", "faults": 2}),
    );
}

#[tokio::test]
async fn a_listing_is_one_line_without_its_patient() {
    let table =
        InMemoryAppointmentTable::holding([1, 2].map(|number| sample_appointment(number, Country::PE)));
    let lines = logged(answer(&handler(&Arc::new(table)), &event("api-gateway-get"))).await;
    assert_eq!(lines.len(), 1);
    check(
        &lines,
        &json!({"message": "appointments listed", "count": 2, "request_id": "Bz7aXjPqIAMEVqQ="}),
    );
}

#[tokio::test]
async fn every_message_of_a_country_is_one_line_without_its_patient() {
    let world = process_appointment::World::default();
    let good = body_of("sqs-raw");
    let truncated = good[..good.len() - 9].to_owned();
    let chile = good
        .replace("\"PE\"", "\"CL\"")
        .replace("000000000001", "000000000002");
    let odd = good.replace("\"PENDING\"", "\"secreto\"");
    let lines = logged(answer(
        &world.handler(),
        &batch("sqs-raw", &[good, truncated, chile, odd]),
    ))
    .await;
    assert_eq!(lines.len(), 4);
    for expected in [
        json!({"level": "INFO", "message_id": "m1", "appointment_id": sample_id(1), "receive_count": "1",
            "outcome": "inserted and confirmed"}),
        json!({"level": "ERROR", "message_id": "m2", "message": "message failed"}),
        json!({"level": "ERROR", "message_id": "m3", "appointment_id": sample_id(2),
            "reason": "the appointment is for `CL`, and this function serves `PE`"}),
        json!({"level": "ERROR", "message_id": "m4", "message": "message failed"}),
    ] {
        check(&lines, &expected);
    }
}

#[tokio::test]
async fn every_confirmation_is_one_line_without_its_patient() {
    let table = Arc::new(InMemoryAppointmentTable::holding([sample_appointment(
        1,
        Country::PE,
    )]));
    let good = body_of("sqs-eventbridge");
    let unknown = good.replace("000000000001", "000000000002");
    let bodies = [good.clone(), good, unknown, "secreto".to_owned()];
    let handler = process_confirmation::handler(&table);
    let lines = logged(answer(&handler, &batch("sqs-eventbridge", &bodies))).await;
    assert_eq!(lines.len(), 4);
    for expected in [
        json!({"message_id": "m1", "appointment_id": sample_id(1), "outcome": "completed"}),
        json!({"message_id": "m2", "appointment_id": sample_id(1), "outcome": "was completed before"}),
        json!({"message_id": "m3", "appointment_id": sample_id(2), "reason": "there is no such appointment"}),
        json!({"message_id": "m4", "reason": "the message is not JSON, at line 1 column 1"}),
    ] {
        check(&lines, &expected);
    }
}

#[tokio::test]
async fn every_appointment_that_is_announced_again_is_one_line_without_its_patient() {
    let world = republish_pending::World::after(121, &[1, 2]);
    world.topic.fail_next(failure(PortErrorKind::Unavailable));
    let lines = logged(failure_of_event(&world.handler(), &event("eventbridge-schedule"))).await;
    assert_eq!(lines.len(), 3);
    for expected in [
        json!({"level": "ERROR", "message": "appointment not announced again; it is tried later", "kind": "unavailable"}),
        json!({"level": "INFO", "message": "appointment announced again"}),
        json!({"level": "INFO", "message": "run done", "pending": 2, "announced": 1, "failed": 1}),
    ] {
        check(&lines, &expected);
    }
}

#[tokio::test]
async fn one_request_id_is_in_every_line_from_the_answer_to_the_completion() {
    let creating = create_appointment::World::default();
    let mut lines = logged(async {
        let created = answer(&creating.handler(), &event("api-gateway-post")).await;
        assert_eq!(created["headers"]["x-request-id"], "Bz7aXjPqIAMEVqQ=");
    })
    .await;

    let republishing = RepublishPendingHandler::new(
        creating.table.clone(),
        creating.topic.clone(),
        Arc::new(FixedClock::at(now() + jiff::SignedDuration::from_secs(121))),
    );
    let schedule = event("eventbridge-schedule");
    creating.topic.fail_next(failure(PortErrorKind::Unavailable));
    lines.extend(logged(failure_of_event_within(&republishing, &schedule, 151)).await);

    let processing = process_appointment::World::default();
    let message = serde_json::to_string(&creating.topic.published()[0]).unwrap();
    let event = batch("sqs-raw", &[message.clone(), message]);
    processing
        .bus
        .refuse_next(sample_id(1), failure(PortErrorKind::Throttled));
    lines.extend(logged(answer(&processing.handler(), &event)).await);
    lines.extend(logged(answer(&processing.handler(), &event)).await);

    let confirmation = serde_json::to_string(&processing.bus.sent()[0]).unwrap();
    let event = batch("sqs-eventbridge", &[confirmation]);
    let unknown = Arc::default();
    lines.extend(logged(answer(&process_confirmation::handler(&unknown), &event)).await);
    lines.extend(logged(answer(&process_confirmation::handler(&creating.table), &event)).await);

    // A run of the schedule also says how it went, which is about no appointment.
    lines.retain(|line| line["message"] != "run done");
    assert_eq!(lines.len(), 8, "{lines:#?}");
    for line in &lines {
        assert_eq!(line["request_id"], "Bz7aXjPqIAMEVqQ=", "{line}");
    }
    check(
        &lines,
        &json!({"outcome": "completed", "appointment_id": sample_id(1)}),
    );
}
