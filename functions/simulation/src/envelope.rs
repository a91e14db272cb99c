//! What the services wrap around bodies and requests.

use schedule_core::{
    messages::{AppointmentConfirmation, AppointmentCreated, DETAIL_TYPE, SOURCE},
    names::{CREATE_ROUTE, GET_ROUTE},
};
use serde_json::{Value, json};

use crate::queue::{Message, QueueName};

/// A notification as SNS delivers it to a queue.
pub(crate) fn sns(message: &AppointmentCreated) -> String {
    let message = serde_json::to_string(message).unwrap_or_default();
    json!({
        "Type": "Notification",
        "MessageId": "5a3b8e21-9f4c-5d67-b0e1-d1a2c3f45e60",
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:appointment-notifications-topic",
        "Message": message,
    })
    .to_string()
}

/// An event as EventBridge delivers it to a queue.
pub(crate) fn event_bridge(confirmation: &AppointmentConfirmation) -> String {
    json!({
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": DETAIL_TYPE,
        "source": SOURCE,
        "account": "123456789012",
        "region": "us-east-1",
        "resources": [],
        "detail": confirmation,
    })
    .to_string()
}

/// A batch as Lambda's poller hands it to a function.
pub(crate) fn sqs(queue: QueueName, batch: &[Message]) -> Vec<u8> {
    let records = batch.iter().map(|message| {
        json!({
            "messageId": message_id(message.id),
            "receiptHandle": format!("{}-{}", message.id, message.receives),
            "body": &*message.body,
            "attributes": { "ApproximateReceiveCount": message.receives.to_string() },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:us-east-1:123456789012:{}", queue.as_str()),
            "awsRegion": "us-east-1",
        })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
        .to_string()
        .into_bytes()
}

/// The numbers of the messages that an answer returns as failed; none if it is no such answer.
pub(crate) fn failures(answer: &[u8]) -> Option<Vec<u64>> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let failures = answer["batchItemFailures"].as_array()?;
    failures
        .iter()
        .map(|failure| {
            failure["itemIdentifier"]
                .as_str()?
                .strip_prefix('m')?
                .parse()
                .ok()
        })
        .collect()
}

/// The status and the body of a function's answer to the HTTP API.
pub(crate) fn http_answer(answer: &[u8]) -> (u16, String) {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let status = answer["statusCode"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok());
    let body = answer["body"].as_str().unwrap_or_default();
    (status.unwrap_or_default(), body.to_owned())
}

/// A request as the HTTP API hands it to a function.
pub(crate) fn http(method: &str, path: &str, key: Option<&str>, body: Option<&str>, number: u64) -> Vec<u8> {
    let mut headers = json!({ "content-type": "application/json", "host": "api.invalid" });
    if let Some(key) = key {
        headers["idempotency-key"] = json!(key);
    }
    let insured_id = path.strip_prefix("/appointments/");
    let route = match insured_id {
        Some(_) => GET_ROUTE,
        None => CREATE_ROUTE,
    };
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "pathParameters": insured_id.map(|insured_id| json!({ "insuredId": insured_id })),
        "requestContext": {
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1" },
            "requestId": format!("request-{number}"),
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": false,
    })
    .to_string()
    .into_bytes()
}

/// What EventBridge hands to a function on its schedule.
pub(crate) fn scheduled() -> Vec<u8> {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2029-11-25T05:10:29Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {},
    })
    .to_string()
    .into_bytes()
}

fn message_id(id: u64) -> String {
    format!("m{id}")
}
