use serde::{Deserialize, Serialize};

use super::{COUNTRY_ATTRIBUTE, EVENT_TYPE, EVENT_TYPE_ATTRIBUTE};
use crate::domain::{Appointment, AppointmentItem, Country, Moment, RequestId, Status};

/// The message on the topic: an appointment was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentCreated {
    /// What happened.
    pub event: EventType,
    /// When it happened.
    pub timestamp: Moment,
    /// The appointment as it was accepted.
    pub data: Appointment,
    /// The request that asked for it, where it is known.
    #[serde(
        rename = "requestId",
        default,
        deserialize_with = "RequestId::lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub request_id: Option<RequestId>,
}

impl AppointmentCreated {
    /// The message for an appointment that was accepted at `timestamp`.
    #[must_use]
    pub fn new(data: Appointment, timestamp: Moment) -> Self {
        Self {
            event: EventType::AppointmentCreated,
            timestamp,
            data,
            request_id: None,
        }
    }

    /// The message that announces an appointment, for the first time or again: as it was when it was accepted, whatever has
    /// become of it.
    #[must_use]
    pub fn announcing(item: AppointmentItem, timestamp: Moment) -> Self {
        let accepted = Appointment {
            status: Status::Pending,
            updated_at: None,
            ..item.appointment
        };
        Self {
            request_id: item.request_id,
            ..Self::new(accepted, timestamp)
        }
    }

    /// The message attributes that go with it, names and values; all are of SNS's data type `String`.
    #[must_use]
    pub const fn attributes(&self) -> [(&'static str, &'static str); 2] {
        Self::attributes_of(self.data.country_iso)
    }

    /// Those of every message to a country.
    #[must_use]
    pub const fn attributes_of(country: Country) -> [(&'static str, &'static str); 2] {
        [
            (EVENT_TYPE_ATTRIBUTE, EVENT_TYPE),
            (COUNTRY_ATTRIBUTE, country.as_str()),
        ]
    }
}

/// What a message on the topic is about; another value does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// Written as [`EVENT_TYPE`].
    AppointmentCreated,
}
