//! Appointments as HL7 FHIR R4 (4.0.1) says them, <https://hl7.org/fhir/R4/appointment.html>.
//!
//! Only what an appointment knows: nothing is made up. Ids of other systems are logical references
//! (<https://hl7.org/fhir/R4/references.html#logical>), because the resources themselves are not served here.

mod appointment;
mod bundle;
mod elements;

pub(super) use appointment::FhirAppointment;
pub(super) use bundle::{Bundle, Links};
