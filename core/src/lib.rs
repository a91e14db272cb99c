//! The domain of medical appointments: what an appointment is, what may be asked of the outside, and what happens when.
//!
//! Nothing here reads a clock, draws a random number, or talks to AWS, HTTP or SQL; all of that is behind
//! [`ports`], so that the same rules run in a function, on one machine, and in a test.
#![warn(missing_docs)]

pub mod authorization;
pub mod country_table;
pub mod domain;
pub mod guards;
pub mod json_fault;
mod language;
pub mod messages;
pub mod names;
pub mod ports;
pub mod request;
pub mod use_cases;

#[cfg(feature = "doubles")]
pub mod doubles;
#[cfg(feature = "openapi")]
mod openapi;
#[cfg(feature = "doubles")]
pub mod port_tests;

pub use domain::{
    AnnounceShard, Announcement, Appointment, AppointmentId, AppointmentItem, Comments, Countries, Country,
    DateSchedule, IdempotencyKey, InsuredId, Moment, Reference, RequestDigest, RequestId, Status,
};
pub use language::Language;
