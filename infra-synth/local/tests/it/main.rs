//! The appointment system, run from its own template and driven over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

mod access;
mod authorization;
mod flow;
mod http;
mod idempotency;
mod mysql;
mod refusals;
mod secrets;
mod support;
