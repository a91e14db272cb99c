//! The ports, simulated.

mod appointment_table;
mod appointment_topic;
mod clock_and_ids;
mod confirmation_bus;
mod country_database;

pub(crate) use appointment_table::SimulatedTable;
pub(crate) use appointment_topic::SimulatedTopic;
pub(crate) use clock_and_ids::{SimulatedClock, SimulatedIds};
pub(crate) use confirmation_bus::SimulatedBus;
pub(crate) use country_database::SimulatedDatabase;
