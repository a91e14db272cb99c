//! The two messages that travel between the functions.
//!
//! Both can grow: reading ignores fields that it does not know.

mod appointment_confirmation;
mod appointment_created;

pub use appointment_confirmation::{AppointmentConfirmation, ConfirmationStatus, ConfirmedAppointment};
pub use appointment_created::{AppointmentCreated, EventType};

/// The value of the `eventType` attribute and of the `event` field of [`AppointmentCreated`].
pub const EVENT_TYPE: &str = "APPOINTMENT_CREATED";
/// The topic's message attribute that holds the type of the event.
pub const EVENT_TYPE_ATTRIBUTE: &str = "eventType";
/// The topic's message attribute that the subscriptions filter on.
pub const COUNTRY_ATTRIBUTE: &str = "country";
/// The `source` of a confirmation on the bus.
pub const SOURCE: &str = "appointment.service";
/// The `detail-type` of a confirmation on the bus.
pub const DETAIL_TYPE: &str = "AppointmentConfirmation";
