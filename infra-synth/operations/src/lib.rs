//! Finds what failed in the running system, and mends it.
//!
//! What is decided here does no I/O: the queues are behind [`DeadLetterQueues`], the table and the country databases
//! behind [`Records`], the time to wait behind [`Pace`].
//! A message's body is health data, so nothing here shows it by `Debug`, and [`masked`] is what a person is shown.
#![warn(missing_docs)]

mod cause;
mod dead_letter;
#[cfg(test)]
mod doubles;
mod mask;
mod ports;
mod reconcile;
mod redrive;
mod selection;
mod trace;
mod wired;

pub use cause::{Cause, CauseKind, by_cause};
pub use dead_letter::{Body, DeadLetter, DeadLetterQueue, LetterId, Origin, UNDELIVERED_ATTRIBUTES, Work};
pub use mask::{masked, masked_attribute};
pub use ports::{AT_ONCE, DeadLetterQueues, Letters, Pace, QueueError};
pub use reconcile::{
    Difference, Entry, EntryPage, Finding, Mending, Reconciliation, Records, RecordsError, Summary,
    announce_again,
};
pub use redrive::{Outcome, Rate, RateError, purge, redrive};
pub use selection::{Choice, Chosen, Selection, SelectionError, choose, contents};
pub use trace::{LyingMessage, Standing, Trace, TraceEvent, TraceStep};
pub use wired::WiredDeadLetterQueue;
