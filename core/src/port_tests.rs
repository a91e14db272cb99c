//! What every adapter of a port must pass: the ports' promises as cases that can be run against any of them.
//!
//! An adapter's test gives a way to make an empty one and calls the function of its port:
//!
//! ```no_run
//! # use schedule_core::{doubles::InMemoryAppointmentTable, port_tests};
//! # async fn test() {
//! port_tests::appointment_table(async || InMemoryAppointmentTable::new()).await;
//! # }
//! ```
//!
//! A promise that is not kept is a panic, which names the case.

mod announcements;
mod appointment_table;
mod country_database;
mod listing;

pub use appointment_table::appointment_table;
pub use country_database::{CountryRow, country_database};
