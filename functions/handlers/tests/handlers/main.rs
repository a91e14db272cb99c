//! The handlers over events as the services send them, with the doubles of the ports behind them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test whose set-up fails has failed"
)]

mod authorization;
mod create_appointment;
mod envelope_properties;
mod fhir;
mod fixtures;
mod get_appointment;
mod get_one_appointment;
mod listing;
mod logs;
mod process_appointment;
mod process_confirmation;
mod republish_pending;
mod strictness;
