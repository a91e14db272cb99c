//! The events, and what is asked of a handler with them.

use jiff::{SignedDuration, Timestamp};
use schedule_core::{
    doubles::FixedClock,
    ports::{PortError, PortErrorKind},
};
use schedule_handlers::{EventHandler, HandlerError, Invocation, handle_json};
use serde_json::{Value, json};

/// An event as the service sends it.
pub(crate) fn event(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The body of a fixture's only message.
pub(crate) fn body_of(name: &str) -> String {
    event(name)["Records"][0]["body"].as_str().unwrap().to_owned()
}

/// A batch in the form of this fixture, of messages `m1`, `m2` … with these bodies.
pub(crate) fn batch(name: &str, bodies: &[String]) -> Value {
    let mut event = event(name);
    let record = event["Records"][0].clone();
    event["Records"] = (1..)
        .zip(bodies)
        .map(|(number, body)| {
            let mut record = record.clone();
            record["messageId"] = json!(format!("m{number}"));
            record["body"] = json!(body);
            record
        })
        .collect();
    event
}

/// What the handler answers to an event.
pub(crate) async fn answer(handler: &impl EventHandler, event: &Value) -> Value {
    answer_within(handler, event, 30).await
}

/// The same of a run that ends so many seconds from now.
pub(crate) async fn answer_within(handler: &impl EventHandler, event: &Value, seconds: i64) -> Value {
    let response = handle_json(handler, event.to_string().as_bytes(), &invocation(seconds))
        .await
        .unwrap();
    serde_json::from_slice(&response).unwrap()
}

/// The messages that the handler returns as failed.
pub(crate) async fn failed_messages(handler: &impl EventHandler, event: &Value) -> Vec<String> {
    failed_messages_within(handler, event, 30).await
}

/// The same of a run that ends so many seconds from now.
pub(crate) async fn failed_messages_within(
    handler: &impl EventHandler,
    event: &Value,
    seconds: i64,
) -> Vec<String> {
    let answer = answer_within(handler, event, seconds).await;
    assert_eq!(
        answer.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["batchItemFailures"]
    );
    let failures = answer["batchItemFailures"].as_array().unwrap();
    failures
        .iter()
        .map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned())
        .collect()
}

/// How the handler fails an event as a whole.
pub(crate) async fn failure_of_event(handler: &impl EventHandler, event: &Value) -> HandlerError {
    failure_of_event_within(handler, event, 30).await
}

/// The same of a run that ends so many seconds from now.
pub(crate) async fn failure_of_event_within(
    handler: &impl EventHandler,
    event: &Value,
    seconds: i64,
) -> HandlerError {
    handle_json(handler, event.to_string().as_bytes(), &invocation(seconds))
        .await
        .unwrap_err()
}

/// The body of an HTTP answer.
pub(crate) fn json_body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

/// A run that ends so many seconds from now.
pub(crate) fn invocation(seconds: i64) -> Invocation {
    Invocation {
        request_id: "8f5e4b5a-0e2f-4c80-9b1a-2f6a53c1d7e0".to_owned(),
        deadline: now() + SignedDuration::from_secs(seconds),
    }
}

pub(crate) fn now() -> Timestamp {
    "2029-11-25T05:10:29.123456Z".parse().unwrap()
}

pub(crate) fn clock() -> FixedClock {
    FixedClock::at(now())
}

/// A failure whose message names what a client must never see.
pub(crate) fn failure(kind: PortErrorKind) -> PortError {
    PortError::new(
        kind,
        "PutItem",
        "arn:aws:dynamodb:us-east-1:123456789012:table/appointments said no",
    )
}
