//! The command line as its users meet it: whole processes, what they print and how they end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

mod account;
mod architecture;
mod authorization;
#[path = "../authorization/cases.rs"]
mod cases;
mod crash;
mod dead_letters;
mod deploy;
mod local;
mod process;
mod readme;
mod reconcile;
mod recorded;
mod recovery;
mod signing;
mod synth;
mod token;
mod trace;
