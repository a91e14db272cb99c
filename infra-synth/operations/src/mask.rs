use jiff::Timestamp;
use schedule_core::{AppointmentId, Country, Status, names};
use serde_json::Value;

use crate::{Body, cause::is_code};

/// What replaces a hidden value.
const HIDDEN: &str = "***";

/// A member's name, and whether it holds what it should.
type Open = (&'static str, fn(&str) -> bool);

/// What a member may hold to be shown: names, times and states that say nothing of a person's health. A malformed message
/// may have anything anywhere, so the name of a member alone shows nothing.
const OPEN: &[Open] = &[
    ("Type", |text| text == "Notification"),
    ("MessageId", is_id),
    ("TopicArn", is_topic_arn),
    ("Timestamp", is_time),
    ("id", is_id),
    ("source", |text| text == names::SOURCE || text == "aws.events"),
    ("detail-type", |text| {
        text == names::DETAIL_TYPE || text == "Scheduled Event"
    }),
    ("time", is_time),
    ("event", is_event),
    ("timestamp", is_time),
    (names::EVENT_TYPE_ATTRIBUTE, is_event),
    (names::COUNTRY_ATTRIBUTE, is_country),
    (names::APPOINTMENT_ID, is_id),
    (names::COUNTRY_ISO, is_country),
    (names::DATE_CREATED, is_time),
    (names::UPDATED_AT, is_time),
    ("processingDate", is_time),
    (names::STATUS, |text| {
        text.parse::<Status>().is_ok() || text == "CONFIRMED"
    }),
    (names::REQUEST_ID, is_request_id),
];

/// The members of messages and their envelopes whose values are hidden, but not their names.
const KNOWN: &[&str] = &[
    "Message",
    "MessageAttributes",
    "Signature",
    "SignatureVersion",
    "SigningCertURL",
    "Subject",
    "UnsubscribeURL",
    "Value",
    "account",
    "appointmentData",
    "centerId",
    "comments",
    "data",
    names::DATE_SCHEDULE,
    "detail",
    names::INSURED_ID,
    "medicId",
    "region",
    "resources",
    "scheduleId",
    "specialtyId",
    "version",
];

/// A body with every value hidden that is not known to be harmless; a body that is not JSON shows its length only.
///
/// Envelopes are looked into: a string that holds JSON is shown as that JSON, masked.
#[must_use]
pub fn masked(body: &Body) -> Value {
    match serde_json::from_str(body.reveal()) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => mask(value),
        _ => Value::from(format!(
            "({} bytes that are not a JSON object)",
            body.reveal().len()
        )),
    }
}

fn mask(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::String(text) if is_open(&name, &text) => Value::String(text),
                    value => mask(value),
                };
                (shown_name(name), value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(mask).collect(),
        Value::String(text) => match serde_json::from_str(&text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => mask(value),
            _ => Value::from(HIDDEN),
        },
        Value::Null => Value::Null,
        Value::Bool(_) | Value::Number(_) => Value::from(HIDDEN),
    }
}

fn is_open(name: &str, text: &str) -> bool {
    OPEN.iter().any(|(open, holds)| *open == name && holds(text))
}

/// A malformed body may have a person's data as a member's name.
fn shown_name(name: String) -> String {
    let is_known = KNOWN.contains(&name.as_str()) || OPEN.iter().any(|(open, _)| *open == name);
    if is_known { name } else { HIDDEN.to_owned() }
}

/// An attribute that a service puts on what it could not deliver, as it may be shown: ARNs and its code, not its message,
/// which may quote what it was about.
#[must_use]
pub fn masked_attribute<'a>(name: &str, value: &'a str) -> &'a str {
    let is_open = match name {
        "RULE_ARN" | "TARGET_ARN" => is_arn(value),
        "ERROR_CODE" => is_code(value),
        _ => false,
    };
    if is_open { value } else { HIDDEN }
}

fn is_id(text: &str) -> bool {
    text.parse::<AppointmentId>().is_ok()
}

fn is_time(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok()
}

fn is_event(text: &str) -> bool {
    text == names::EVENT_TYPE
}

fn is_country(text: &str) -> bool {
    text.parse::<Country>().is_ok()
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
fn is_arn(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.:/".contains(c))
    };
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    match parts[..] {
        ["arn", partition, service, region, account, resource] => {
            partition.starts_with("aws")
                && [service, region, resource].into_iter().all(is_word)
                && is_account(account)
        }
        _ => false,
    }
}

fn is_topic_arn(text: &str) -> bool {
    is_arn(text) && text.split(':').nth(2) == Some("sns")
}

/// A gateway's: sixteen characters, of which the last fills up, on AWS; a UUID on this machine.
fn is_request_id(text: &str) -> bool {
    let is_gateways = || {
        text.len() == 16
            && text.strip_suffix('=').is_some_and(|text| {
                text.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            })
    };
    is_id(text) || is_gateways()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_enveloped_message_keeps_its_id_and_hides_the_person() {
        let message = json!({"event": "APPOINTMENT_CREATED", "data": {
            "appointmentId": "018f3f5e-7c1a-7000-8000-000000000001", "insuredId": "00123", "comments": "asma", "medicId": "7", "countryISO": "PE"}});
        let body = Body::new(json!({"Type": "Notification", "Message": message.to_string()}).to_string());
        let expected = json!({"Type": "Notification", "Message": {"event": "APPOINTMENT_CREATED", "data": {
            "appointmentId": "018f3f5e-7c1a-7000-8000-000000000001", "insuredId": "***", "comments": "***", "medicId": "***", "countryISO": "PE"}}});
        assert_eq!(masked(&body), expected);
    }

    #[test]
    fn what_is_no_json_object_shows_its_length_only() {
        for text in ["insured 00123 has asma", "\"00123\"", "123", ""] {
            let shown = masked(&Body::new(text)).to_string();
            assert_eq!(
                shown,
                format!("\"({} bytes that are not a JSON object)\"", text.len())
            );
        }
    }

    #[test]
    fn what_a_member_should_hold_is_shown() {
        let shown = json!({
            "Type": "Notification",
            "MessageId": "018f3f5e-7c1a-4000-8000-000000000001",
            "TopicArn": "arn:aws:sns:us-east-1:000000000000:appointment-notifications-topic",
            "Timestamp": "2026-05-20T15:30:00.000Z",
            "source": "appointment.service",
            "detail-type": "AppointmentConfirmation",
            "event": "APPOINTMENT_CREATED",
            "eventType": "APPOINTMENT_CREATED",
            "country": "CL",
            "countryISO": "PE",
            "status": "CONFIRMED",
            "requestId": "Bz7aXjPqIAMEVqQ=",
        });
        assert_eq!(masked(&Body::new(shown.to_string())), shown);
        let completed = json!({"status": "COMPLETED", "requestId": "018f3f5e-7c1a-7000-8000-000000000001"});
        assert_eq!(masked(&Body::new(completed.to_string())), completed);
    }

    #[test]
    fn a_single_word_in_a_harmless_member_does_not_get_through_either() {
        for (name, _) in OPEN {
            for text in [
                "asma",
                "Ana",
                "00123",
                "arn:asma",
                "arn:aws:sns:us-east-1:asma:00123",
                "",
            ] {
                let body = Body::new(json!({ *name: text }).to_string());
                assert_eq!(masked(&body), json!({ *name: HIDDEN }), "{text}");
            }
        }
        for name in ["asma", "Ana", "status-of-Ana"] {
            let body = Body::new(json!({ name: "x" }).to_string());
            assert_eq!(masked(&body), json!({ HIDDEN: HIDDEN }));
        }
    }

    #[test]
    fn of_an_undelivered_message_arns_and_the_code_are_shown() {
        let queue = "arn:aws:sqs:us-east-1:000000000000:appointment-queue-pe";
        let rule = "arn:aws:events:us-east-1:000000000000:rule/appointment-events-bus/confirmed";
        for (name, value) in [
            ("TARGET_ARN", queue),
            ("RULE_ARN", rule),
            ("ERROR_CODE", "NO_PERMISSIONS"),
        ] {
            assert_eq!(masked_attribute(name, value), value);
        }
        for (name, value) in [
            ("ERROR_MESSAGE", "no access"),
            ("ERROR_CODE", "asma"),
            ("TARGET_ARN", "arn: 00123 has asma"),
        ] {
            assert_eq!(masked_attribute(name, value), HIDDEN);
        }
    }

    #[test]
    fn neither_a_number_nor_a_name_nor_a_harmless_member_lets_a_person_through() {
        let body = json!({"insuredId": 123, "asma 00123": true, "status": "patient has asma", "appointmentId": "00123", "country": "123", "items": [["00123"]]});
        let shown = masked(&Body::new(body.to_string())).to_string();
        assert!(!shown.contains("123") && !shown.contains("asma"), "{shown}");
    }
}
