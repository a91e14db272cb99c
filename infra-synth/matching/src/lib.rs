//! Which events an EventBridge pattern takes, and which messages an SNS filter policy.
#![warn(missing_docs)]

mod condition;
mod event_pattern;
mod filter_policy;

pub use condition::PatternError;
pub use event_pattern::EventPattern;
pub use filter_policy::{FilterPolicy, MessageAttribute};
