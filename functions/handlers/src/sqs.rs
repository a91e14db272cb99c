//! The functions behind the queues. Each answers with the messages that failed, and with those only.

pub mod bodies;
mod process_appointment;
mod process_confirmation;
mod report;

pub use process_appointment::ProcessAppointmentHandler;
pub use process_confirmation::{ProcessConfirmationHandler, ProcessConfirmationResponse};
