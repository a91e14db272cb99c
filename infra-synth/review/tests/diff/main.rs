//! What a review says of a change, as an expert would.
#![allow(clippy::unwrap_used, reason = "what cannot be read in a test fails it")]

mod broadening;
mod edit;
mod foreign;
mod formats;
mod peers;
mod single_changes;
