//! A CloudFormation template, run on one machine.
//!
//! [`start()`] reads a template, refuses what it cannot honour, and then serves the template's routes, matches its
//! filter policies and event patterns, runs its event source mappings, and keeps its roles, policies and network
//! in force. The functions run in this process and are handed the JSON that Lambda would hand them.
#![warn(missing_docs)]

mod access;
mod adapters;
mod cloud;
mod control;
mod country_database;
mod evaluate;
mod event_source;
mod functions;
mod gateway;
mod journal;
mod model;
mod naming;
mod parameters;
mod policy;
mod queue;
mod refusal;
mod runtime;
mod schedule;
mod secret;
mod start;
mod store;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;

pub use access::DatabaseServer;
pub use control::{LocalDeadLetterQueues, LocalRecords, LocalTraces};
pub use evaluate::Environment;
pub use refusal::Refusal;
pub use runtime::{Handler, HandlerFuture};
pub use start::{DataLocation, Options, Running, StartError, start};
pub use store::StoreError;
pub use token::{DevelopmentKey, KeyError, Token};
