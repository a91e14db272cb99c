//! What the system does, one use case a file, each over the ports that it needs and no others.

mod complete_appointment;
mod create_appointment;
mod get_appointments;
mod process_appointments;
mod republish_pending;

pub use complete_appointment::{CompleteAppointment, CompleteAppointmentError, Completion};
pub use create_appointment::{Accepted, CreateAppointment, CreateAppointmentError, CreateRequest};
pub use get_appointments::{GetAppointments, Listing};
pub use process_appointments::{ProcessAppointmentError, ProcessAppointments};
pub use republish_pending::{RepublishPending, RepublishReport};
