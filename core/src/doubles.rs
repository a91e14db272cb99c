//! In-memory twins of the ports, with a way to make each of them fail.
//!
//! They keep the ports' promises (the cases of [`port_tests`](crate::port_tests) run against them too), so what
//! a use case does with them it also does with a real service.

mod appointment_table;
mod appointment_topic;
mod clock_and_ids;
mod confirmation_bus;
mod country_database;
mod cursor_secret;
mod failures;
mod samples;

pub use appointment_table::InMemoryAppointmentTable;
pub use appointment_topic::InMemoryAppointmentTopic;
pub use clock_and_ids::{FixedClock, SequentialIds};
pub use confirmation_bus::InMemoryConfirmationBus;
pub use country_database::InMemoryCountryDatabase;
pub use cursor_secret::KnownCursorSecret;
pub use samples::{sample_appointment, sample_id};

use std::sync::{Mutex, MutexGuard, PoisonError};

// A panic in one test thread must not turn into other panics here: the data is whole between statements.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
