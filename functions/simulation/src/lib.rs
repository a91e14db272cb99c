//! The whole system in one thread, with every fault, from one seed.
//!
//! The real handlers run over a simulated table, topic, bus, queues and databases, on a clock that stands still
//! until somebody has to wait. One generator of random numbers decides what goes on next after every call, and what
//! goes wrong. After every change the invariants are checked, and once the faults are over and all is quiet, the
//! promise: what was answered 201 is completed once, with one row; what cannot be processed lies whole in its
//! dead-letter queue. The same seed is the same run, step by step.
#![warn(missing_docs)]

mod audit;
mod client;
mod envelope;
mod function;
mod gate;
mod poison;
mod ports;
mod queue;
mod run;
mod simulation;
mod task;
#[cfg(test)]
mod template;
mod violation;
mod weather;
mod world;

pub use run::{Failure, Summary, run};
pub use violation::Violation;

/// A time of the simulation's clock, or a length of time: milliseconds.
pub(crate) type Millis = i64;

pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
