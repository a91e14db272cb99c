//! The adapters against recorded answers, for what an emulator never gives: throttling, entries that fail, messages
//! that somebody else has in hand. The clock is paused, so that a pause between two attempts takes no time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod dead_letters;
mod records;
mod service;
