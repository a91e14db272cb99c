//! Deployment through the same commands that a user runs, against MiniStack with IAM in force.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

mod authorization;
#[path = "../authorization/cases.rs"]
mod cases;
#[path = "../api/contract.rs"]
mod contract;
mod database;
mod deployment;
mod failures;
mod interruption;
mod issuer;
mod operations;
mod server;
mod system;
mod takeover;
