//! The two functions behind the HTTP API, payload format 2.0.

mod correlation;
mod create_appointment;
mod english;
mod fhir;
mod get_appointment;
mod language;
pub mod list_query;
#[cfg(feature = "openapi")]
pub mod openapi;
mod problem;
mod quality;
mod representation;
mod request_body;
mod response;
mod spanish;

pub use create_appointment::{CreateAppointmentHandler, CreateAppointmentResponse};
pub use get_appointment::GetAppointmentHandler;
pub use language::preferred_language;
pub use request_body::MAX_BODY_BYTES;
