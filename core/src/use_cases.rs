//! What the system does, one use case a file, each over the ports that it needs and no others.

mod complete_appointment;
mod create_appointment;
mod get_appointments;
mod process_appointments;

pub use complete_appointment::{CompleteAppointment, CompleteAppointmentError, Completion};
pub use create_appointment::{CreateAppointment, CreateAppointmentError};
pub use get_appointments::GetAppointments;
pub use process_appointments::{ProcessAppointmentError, ProcessAppointments};
