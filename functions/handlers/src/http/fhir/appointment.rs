use schedule_core::{Appointment, Country, DateSchedule, Moment, Status};
use serde::Serialize;

use super::elements::{self, Absence, CodeableConcept, Coding, LogicalReference};

/// An appointment as the R4 resource `Appointment`.
///
/// R4 asks for an end wherever there is a start (app-2, app-3). How long an appointment takes is not known here, so its
/// end is an element without a value that says so.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct FhirAppointment {
    /// Always `Appointment`.
    #[cfg_attr(feature = "openapi", schema(value_type = ResourceType))]
    resource_type: ResourceType,
    /// The appointment's key.
    #[cfg_attr(feature = "openapi", schema(value_type = schedule_core::AppointmentId))]
    id: String,
    /// When it last changed, and its country.
    meta: Meta,
    /// `pending` until its country has confirmed it, then `booked`.
    status: FhirStatus,
    /// The medical specialty.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    specialty: Option<[CodeableConcept; 1]>,
    /// The schedule it was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    supporting_information: Option<[LogicalReference; 1]>,
    /// When it begins.
    #[cfg_attr(feature = "openapi", schema(value_type = DateSchedule))]
    start: DateSchedule,
    /// Why it has no `end`: nobody here knows how long it takes.
    #[serde(rename = "_end")]
    end: Absence,
    /// When it was accepted.
    created: Moment,
    /// What the insured wrote about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(nullable = false, examples("Dolor de cabeza desde el lunes"))
    )]
    comment: Option<String>,
    /// The insured, and the physician and the place where they are known.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 3))]
    participant: Vec<Participant>,
}

/// What is said about the resource itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct Meta {
    /// When it last changed.
    last_updated: Moment,
    /// The country that processes it, by its ISO 3166-1 code.
    tag: [Coding; 1],
}

/// Somebody or something that takes part.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
struct Participant {
    /// Who or what.
    actor: LogicalReference,
    /// Whether it was accepted. An insured accepts by asking, the others when their country confirms.
    status: ParticipationStatus,
}

/// The type of a resource.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum ResourceType {
    Appointment,
}

/// A code of <http://hl7.org/fhir/ValueSet/appointmentstatus>.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum FhirStatus {
    Pending,
    Booked,
}

/// A code of <http://hl7.org/fhir/ValueSet/participationstatus>.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
enum ParticipationStatus {
    Accepted,
    NeedsAction,
}

const INSURED: &str = "urn:medical-schedule:insured";
const SCHEDULE: &str = "urn:medical-schedule:schedule";
const CENTER: &str = "urn:medical-schedule:center";
const SPECIALTY: &str = "urn:medical-schedule:specialty";
const MEDIC: &str = "urn:medical-schedule:medic";
/// <https://hl7.org/fhir/R4/terminologies-systems.html>
const COUNTRIES: &str = "urn:iso:std:iso:3166";

impl From<&Appointment> for FhirAppointment {
    fn from(appointment: &Appointment) -> Self {
        Self {
            resource_type: ResourceType::Appointment,
            id: appointment.appointment_id.to_string(),
            meta: Meta {
                last_updated: appointment.updated_at.unwrap_or(appointment.date_created),
                tag: [country(appointment.country_iso)],
            },
            status: match appointment.status {
                Status::Pending => FhirStatus::Pending,
                Status::Completed => FhirStatus::Booked,
            },
            specialty: appointment
                .specialty_id
                .as_ref()
                .and_then(|specialty| CodeableConcept::new(SPECIALTY, specialty))
                .map(|specialty| [specialty]),
            supporting_information: appointment
                .schedule_id
                .as_ref()
                .map(|schedule| [LogicalReference::new("Schedule", SCHEDULE, schedule.as_str())]),
            start: appointment.date_schedule,
            end: Absence::UNKNOWN,
            created: appointment.date_created,
            comment: appointment
                .comments
                .as_ref()
                .and_then(|comments| elements::to_string(comments.as_str())),
            participant: participants(appointment),
        }
    }
}

fn country(country: Country) -> Coding {
    Coding {
        system: COUNTRIES,
        code: country.as_str().to_owned(),
    }
}

fn participants(appointment: &Appointment) -> Vec<Participant> {
    let answered = match appointment.status {
        Status::Pending => ParticipationStatus::NeedsAction,
        Status::Completed => ParticipationStatus::Accepted,
    };
    let insured = Participant {
        actor: LogicalReference::new("Patient", INSURED, appointment.insured_id.as_str()),
        status: ParticipationStatus::Accepted,
    };
    let others = [
        ("Practitioner", MEDIC, &appointment.medic_id),
        ("Location", CENTER, &appointment.center_id),
    ];
    let others = others.into_iter().filter_map(|(kind, system, id)| {
        Some(Participant {
            actor: LogicalReference::new(kind, system, id.as_ref()?.as_str()),
            status: answered,
        })
    });
    std::iter::once(insured).chain(others).collect()
}
