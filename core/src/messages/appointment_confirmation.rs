use serde::{Deserialize, Serialize};

use crate::domain::{Appointment, AppointmentId, Country, InsuredId, Moment, RequestId};

/// The detail of the event on the bus: an appointment is in its country's database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentConfirmation {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// The person it is for.
    pub insured_id: InsuredId,
    /// What became of it.
    pub status: ConfirmationStatus,
    /// The country that processed it.
    #[serde(rename = "countryISO")]
    pub country_iso: Country,
    /// When the country processed it.
    pub processing_date: Moment,
    /// The appointment as the country received it.
    pub appointment_data: Appointment,
    /// The request that asked for it, where it is known.
    #[serde(
        default,
        deserialize_with = "RequestId::lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub request_id: Option<RequestId>,
}

impl AppointmentConfirmation {
    /// Confirms an appointment that its country processed at `processing_date`.
    #[must_use]
    pub fn new(appointment: Appointment, processing_date: Moment) -> Self {
        Self {
            appointment_id: appointment.appointment_id,
            insured_id: appointment.insured_id.clone(),
            status: ConfirmationStatus::Confirmed,
            country_iso: appointment.country_iso,
            processing_date,
            appointment_data: appointment,
            request_id: None,
        }
    }
}

/// As much of a confirmation as completing an appointment takes.
///
/// Reading no more than that lets the rest of the message change freely.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedAppointment {
    /// The appointment.
    pub appointment_id: AppointmentId,
    /// What became of it.
    pub status: ConfirmationStatus,
    /// The request that asked for it, where it is known.
    #[serde(default, deserialize_with = "RequestId::lenient")]
    pub request_id: Option<RequestId>,
}

/// What became of an appointment in its country; another value does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ConfirmationStatus {
    /// It is in the database.
    Confirmed,
}

impl ConfirmationStatus {
    /// The text that is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
        }
    }
}
