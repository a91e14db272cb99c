use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Announcement, Appointment, RequestDigest, RequestId};

/// An appointment as the table keeps it: with what only the system itself reads, under names beside its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentItem {
    /// The appointment.
    #[serde(flatten)]
    pub appointment: Appointment,
    /// That it has to be announced; absent once it is completed, and in what an older system wrote.
    #[serde(flatten)]
    pub announcement: Option<Announcement>,
    /// What was asked for with an `Idempotency-Key`; absent where none was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_digest: Option<RequestDigest>,
    /// The request that asked for it, where it is known.
    #[serde(
        default,
        deserialize_with = "RequestId::lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub request_id: Option<RequestId>,
}

impl AppointmentItem {
    /// A new appointment that has to be announced.
    #[must_use]
    pub fn pending(appointment: Appointment, now: Timestamp) -> Self {
        Self {
            announcement: Some(Announcement::first(&appointment.appointment_id, now)),
            ..Self::from(appointment)
        }
    }
}

impl From<Appointment> for AppointmentItem {
    /// The appointment alone, as an older system keeps it.
    fn from(appointment: Appointment) -> Self {
        Self {
            appointment,
            announcement: None,
            request_digest: None,
            request_id: None,
        }
    }
}
