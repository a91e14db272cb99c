use serde::{Deserialize, Serialize};

use super::{AppointmentId, Comments, Country, DateSchedule, InsuredId, Moment, Reference, Status};

/// A medical appointment.
///
/// Its JSON is the one form that the outside sees: the 201, the items of a GET, the data of both messages and the
/// stored item. Every value is a string and an optional field that is absent is left out. Reading ignores fields
/// it does not know, so that the form can grow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Appointment {
    /// The appointment's key.
    pub appointment_id: AppointmentId,
    /// The person it is for.
    pub insured_id: InsuredId,
    /// The schedule it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub schedule_id: Option<Reference>,
    /// The medical centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub center_id: Option<Reference>,
    /// The medical specialty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub specialty_id: Option<Reference>,
    /// The physician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub medic_id: Option<Reference>,
    /// What the insured wrote about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub comments: Option<Comments>,
    /// When it takes place.
    pub date_schedule: DateSchedule,
    /// When it was accepted.
    pub date_created: Moment,
    /// The country that processes it.
    #[serde(rename = "countryISO")]
    pub country_iso: Country,
    /// How far it has come.
    pub status: Status,
    /// When its status last changed; absent until it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub updated_at: Option<Moment>,
}
