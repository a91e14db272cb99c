//! The two functions behind the HTTP API, payload format 2.0.

mod auth;
mod correlation;
mod create_appointment;
mod cursor;
mod english;
mod entity_tag;
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
mod unrouted;

pub use auth::{AuthMode, AuthModeError};
pub use create_appointment::{CreateAppointmentHandler, CreateAppointmentResponse};
pub use get_appointment::GetAppointmentHandler;
pub use language::preferred_language;
pub use request_body::MAX_BODY_BYTES;
pub use response::ON_EVERY_ANSWER;
