//! What every function's binary does besides its own work: it reads its settings, starts the log, answers one
//! invocation after the other on one thread, and counts what came of them.
//!
//! A binary is then no more than the choice of adapters: see [`run()`].
#![warn(missing_docs)]

mod clock_and_ids;
mod counts;
mod log;
mod run;
mod settings;

pub use clock_and_ids::{SystemClock, TimeOrderedIds};
pub use counts::{Counted, Counts, Measure, Success, Unit};
pub use run::run;
pub use settings::{Settings, SettingsError};
