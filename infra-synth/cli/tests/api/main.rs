//! The API as others' tools meet it: one that tries its description, a client made from that, and a browser.
//!
//! All of them call `infra-synth local` with production's settings, so with tokens. `make setup` installs them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

mod browser;
mod client;
mod contract;
#[path = "../it/process.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod process;
mod schemathesis;
mod system;
mod tools;
