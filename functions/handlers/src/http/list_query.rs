//! The names and limits of what a list's query may say.

/// Only what takes place then or later.
pub const FROM: &str = "from";
/// Only what takes place before then.
pub const TO: &str = "to";
/// Only what has this status.
pub const STATUS: &str = "status";
/// At most so many in a page.
pub const LIMIT: &str = "limit";
/// Where the page begins.
pub const CURSOR: &str = "cursor";

/// How many are in a page where nothing is said.
pub const DEFAULT_LIMIT: usize = 50;
/// The most that a page may have.
pub const MAX_LIMIT: usize = 200;
