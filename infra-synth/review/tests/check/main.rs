//! Every rule has a template that breaks it and one that does not.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on stops"
)]

mod broken;
mod exceptions;
mod formats;
mod system;
mod unjudged;
mod whole;
