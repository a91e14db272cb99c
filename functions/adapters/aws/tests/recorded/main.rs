//! The adapters against recorded answers, for what an emulator never gives: throttling, entries that fail, denials,
//! silence. The clock is paused, so that a pause between two attempts takes no time.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod announcements;
mod confirmation_bus;
mod cursor_secret;
mod failures;
mod listing;
mod service;
mod table;
mod topic;
