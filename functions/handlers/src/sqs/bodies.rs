//! Unpacks the messages from what the services wrap around them.
//!
//! A body that one of these refuses is never processed, however often it is delivered.

use schedule_core::{
    json_fault::JsonFault,
    messages::{AppointmentCreated, ConfirmedAppointment, DETAIL_TYPE, SOURCE},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Reads the message of the topic: in the envelope in which SNS delivers to a queue, or as it is.
///
/// # Errors
///
/// [`MalformedMessage`] says in what it is another one.
pub fn appointment_created(body: &str) -> Result<AppointmentCreated, MalformedMessage> {
    let envelope: SnsEnvelope = json(body)?;
    match (envelope.kind.as_deref(), envelope.message) {
        (None, _) => json(body),
        (Some("Notification"), Some(message)) => json(&message),
        _ => Err(MalformedMessage::NotANotification),
    }
}

/// Reads the confirmation: as the detail of the event that the bus delivers to a queue, or as it is.
///
/// # Errors
///
/// As for [`appointment_created`].
pub fn confirmed_appointment(body: &str) -> Result<ConfirmedAppointment, MalformedMessage> {
    let event: BusEvent = json(body)?;
    match event {
        BusEvent { detail: None, .. } => json(body),
        BusEvent {
            detail: Some(detail),
            source,
            detail_type,
        } => {
            if source.as_deref() == Some(SOURCE) && detail_type.as_deref() == Some(DETAIL_TYPE) {
                serde_json::from_value(detail).map_err(|error| MalformedMessage::Json(error.into()))
            } else {
                Err(MalformedMessage::OtherEvent)
            }
        }
    }
}

/// Why a body is not the message that its queue is for. None of them repeats any of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedMessage {
    /// It is not the message's JSON.
    #[error("the message is {0}")]
    Json(#[from] JsonFault),
    /// It is in the envelope of something else, such as the confirmation of a subscription.
    #[error("the message is an SNS envelope without a notification")]
    NotANotification,
    /// Another event of the bus, which its rule should not have passed on.
    #[error("the message is an event other than `{DETAIL_TYPE}` of `{SOURCE}`")]
    OtherEvent,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SnsEnvelope {
    #[serde(rename = "Type")]
    kind: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct BusEvent {
    source: Option<String>,
    detail_type: Option<String>,
    detail: Option<Value>,
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, MalformedMessage> {
    serde_json::from_str(text).map_err(|error| MalformedMessage::Json(error.into()))
}
