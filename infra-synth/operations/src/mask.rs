use jiff::Timestamp;
use schedule_core::AppointmentId;
use serde_json::Value;

use crate::Body;

/// What replaces a hidden value.
const HIDDEN: &str = "***";

/// The members whose values may be shown: names, times and states that say nothing of a person's health.
const OPEN: &[&str] = &[
    "Type",
    "MessageId",
    "TopicArn",
    "Timestamp",
    "id",
    "source",
    "detail-type",
    "time",
    "event",
    "timestamp",
    "eventType",
    "country",
    "appointmentId",
    "countryISO",
    "dateCreated",
    "updatedAt",
    "processingDate",
    "status",
    "requestId",
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

/// A harmless member shows what it should hold and nothing else: a malformed message may have anything anywhere.
fn is_open(name: &str, text: &str) -> bool {
    let is_word = || !text.is_empty() && text.chars().all(|c| c.is_ascii_alphabetic() || "-_.".contains(c));
    let is_request_id = || {
        name == "requestId"
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-=_".contains(c))
    };
    OPEN.contains(&name)
        && text.len() <= 100
        && (text.parse::<AppointmentId>().is_ok()
            || text.parse::<Timestamp>().is_ok()
            || text.starts_with("arn:")
            || is_word()
            || is_request_id())
}

/// A malformed body may have a person's data as a member's name.
fn shown_name(name: String) -> String {
    let is_a_name = |name: &str| {
        !name.is_empty()
            && name.len() <= 40
            && name.chars().all(|c| c.is_ascii_alphabetic() || "-_".contains(c))
    };
    if is_a_name(&name) { name } else { HIDDEN.to_owned() }
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
    fn neither_a_number_nor_a_name_nor_a_harmless_member_lets_a_person_through() {
        let body = json!({"insuredId": 123, "asma 00123": true, "status": "patient has asma", "appointmentId": "00123", "country": "123", "items": [["00123"]]});
        let shown = masked(&Body::new(body.to_string())).to_string();
        assert!(!shown.contains("123") && !shown.contains("asma"), "{shown}");
    }
}
