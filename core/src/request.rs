//! Reads the body of `POST /appointments`: all of it, or everything that is wrong with it.

mod draft;
pub mod english;
mod fault;
mod field;
mod members;
mod reading;
pub mod spanish;

use jiff::Timestamp;

pub use draft::AppointmentDraft;
pub use fault::{Fault, FaultKind, JsonType};
pub use field::Field;

#[cfg(feature = "openapi")]
use crate::openapi;
use crate::{
    domain::{
        Appointment, AppointmentId, Comments, Country, DateSchedule, InsuredId, Moment, Reference,
        RequestDigest, Status,
    },
    json_fault::JsonFault,
};
use reading::Reading;

/// What is asked for: an appointment whose every field has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(rename_all = "camelCase")
)]
pub struct NewAppointment {
    /// The person it is for.
    pub insured_id: InsuredId,
    /// The country that will process it.
    #[cfg_attr(feature = "openapi", schema(rename = "countryISO"))]
    pub country_iso: Country,
    /// When it shall take place.
    #[cfg_attr(feature = "openapi", schema(value_type = openapi::RequestedDate))]
    pub date_schedule: DateSchedule,
    /// The schedule it is taken from.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<openapi::RequestedReference>, nullable = false))]
    pub schedule_id: Option<Reference>,
    /// The medical centre.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<openapi::RequestedReference>, nullable = false))]
    pub center_id: Option<Reference>,
    /// The medical specialty.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<openapi::RequestedReference>, nullable = false))]
    pub specialty_id: Option<Reference>,
    /// The physician.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<openapi::RequestedReference>, nullable = false))]
    pub medic_id: Option<Reference>,
    /// What the insured wrote about it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<openapi::RequestedComments>, nullable = false))]
    pub comments: Option<Comments>,
}

impl NewAppointment {
    /// Reads a body; `now` is what the appointment must lie after.
    ///
    /// # Errors
    ///
    /// [`BodyError::NotJson`], or [`BodyError::Refused`] with every fault: a client that mends them all is done.
    pub fn from_json(body: &[u8], now: Timestamp) -> Result<Self, BodyError> {
        let mut reading = Reading::of(members::read(body)?);

        let insured_id = reading.required(Field::InsuredId, |text| {
            InsuredId::new(text).map_err(FaultKind::InsuredId)
        });
        let country_iso = reading.required(Field::CountryIso, |text| {
            text.parse().map_err(|_| FaultKind::UnknownCountry)
        });
        let date_schedule = reading.required(Field::DateSchedule, |text| future_date(&text, now));
        let schedule_id = reading.optional(Field::ScheduleId, reference);
        let center_id = reading.optional(Field::CenterId, reference);
        let specialty_id = reading.optional(Field::SpecialtyId, reference);
        let medic_id = reading.optional(Field::MedicId, reference);
        let comments = reading.optional(Field::Comments, |text| {
            Comments::new(text).map_err(FaultKind::Comments)
        });

        match (insured_id, country_iso, date_schedule, reading.into_faults()) {
            (Some(insured_id), Some(country_iso), Some(date_schedule), faults) if faults.is_empty() => {
                Ok(Self {
                    insured_id,
                    country_iso,
                    date_schedule,
                    schedule_id,
                    center_id,
                    specialty_id,
                    medic_id,
                    comments,
                })
            }
            (_, _, _, faults) => Err(BodyError::Refused(faults)),
        }
    }

    /// What is asked for, whatever the order of the body's members, its spaces, or the offset of its date.
    #[must_use]
    pub fn digest(&self) -> RequestDigest {
        let canonical = serde_json::json!([
            self.insured_id,
            self.country_iso,
            self.date_schedule,
            self.schedule_id,
            self.center_id,
            self.specialty_id,
            self.medic_id,
            self.comments,
        ]);
        RequestDigest::of(canonical.to_string().as_bytes())
    }

    /// The pending appointment that this becomes once it has an id.
    #[must_use]
    pub fn into_appointment(self, appointment_id: AppointmentId, date_created: Moment) -> Appointment {
        Appointment {
            appointment_id,
            insured_id: self.insured_id,
            schedule_id: self.schedule_id,
            center_id: self.center_id,
            specialty_id: self.specialty_id,
            medic_id: self.medic_id,
            comments: self.comments,
            date_schedule: self.date_schedule,
            date_created,
            country_iso: self.country_iso,
            status: Status::Pending,
            updated_at: None,
        }
    }
}

/// Why a body is no appointment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The body is not JSON.
    #[error("the body is {0}")]
    NotJson(#[from] JsonFault),
    /// The body is JSON with these faults; there is at least one.
    #[error("the body has {} faults", .0.len())]
    Refused(Vec<Fault>),
}

impl BodyError {
    /// Whether nothing is wrong but that the date has passed.
    pub(crate) fn is_only_past(&self) -> bool {
        matches!(self, Self::Refused(faults) if faults.iter().all(|fault| fault.kind == FaultKind::NotInFuture))
    }
}

fn reference(text: String) -> Result<Reference, FaultKind> {
    Reference::new(text).map_err(FaultKind::Reference)
}

// Compared in whole seconds, because that is what is kept: a date stored must not lie before the moment it was made.
fn future_date(text: &str, now: Timestamp) -> Result<DateSchedule, FaultKind> {
    let date = DateSchedule::from_rfc3339(text).map_err(|_| FaultKind::NotADateTime)?;
    if date.as_timestamp() > now {
        Ok(date)
    } else {
        Err(FaultKind::NotInFuture)
    }
}
