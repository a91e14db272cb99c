//! What a template change does, and what is wrong with a template.
//!
//! Pure functions of templates: no file, no network, no account.
#![warn(missing_docs)]

mod access_log;
pub mod check;
pub mod cost;
pub mod diff;
pub mod graph;
mod secret;
