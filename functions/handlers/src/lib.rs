//! From a Lambda event to a use case and back.
//!
//! Each handler takes the event that Lambda passes to its function, reads it, calls one use case of
//! [`schedule_core`], and says the outcome in the form that the caller of the function expects: an HTTP response,
//! or the messages of a batch that failed. Which adapters stand behind the ports is for the function to choose.
#![warn(missing_docs)]

mod event_handler;
mod http;
mod invocation;
mod republish_pending;
mod sqs;

pub use event_handler::{EventHandler, HandlerError, handle_json};
#[cfg(feature = "openapi")]
pub use http::openapi;
pub use http::{
    AuthMode, AuthModeError, CreateAppointmentHandler, CreateAppointmentResponse, GetAppointmentHandler,
    MAX_BODY_BYTES, ON_EVERY_ANSWER, list_query, preferred_language,
};
pub use invocation::Invocation;
pub use republish_pending::{RepublishPendingHandler, RepublishSummary};
pub use sqs::{ProcessAppointmentHandler, ProcessConfirmationHandler, ProcessConfirmationResponse, bodies};
