//! From where on a person is told, and why from there.

use super::{MissingData, Seconds};

const MINUTE: Seconds = Seconds(60);
const FIVE_MINUTES: Seconds = Seconds(300);

/// From where on something is an alarm.
pub(super) struct Limit {
    /// The most that is well, in the metric's own unit.
    pub(super) most: u32,
    /// The time that one number is made of.
    pub(super) period: Seconds,
    /// How many such times in a row must be bad.
    pub(super) periods: u32,
    /// What silence means.
    pub(super) missing: MissingData,
}

/// One is enough: nothing mends it but a person. A queue that nothing uses writes no metric, and is empty.
pub(super) const DEAD_LETTERS: Limit = Limit {
    most: 0,
    period: MINUTE,
    periods: 1,
    missing: MissingData::NotBreaching,
};

/// In seconds. A message is taken at once, and a second time 180 s later if the first failed: past 300 s more than one
/// attempt has failed, or nobody attempts. It becomes a dead letter after some 900 s, so this leaves ten minutes.
pub(super) const QUEUE_AGE: Limit = Limit {
    most: 300,
    period: MINUTE,
    periods: 2,
    missing: MissingData::NotBreaching,
};

/// In seconds. Longer than a message goes on being tried by its queue: what is older is dead, or its announcement was
/// lost and republishing has not brought it through either. The function writes the age, zero too, in every run that
/// could read all parts of the index, so ten minutes of silence mean that it does not run or cannot read one, and that
/// nobody watches.
pub(super) const PENDING_AGE: Limit = Limit {
    most: 1_800,
    period: FIVE_MINUTES,
    periods: 2,
    missing: MissingData::Breaching,
};

/// A single error is tried again, by the client or by the queue; five in five minutes are no accident. What never
/// succeeds is a dead letter and has its own alarm. A function that is not called writes no metric.
pub(super) const FUNCTION_ERRORS: Limit = Limit {
    most: 4,
    period: FIVE_MINUTES,
    periods: 1,
    missing: MissingData::NotBreaching,
};

/// It is called once a minute, and what fails is not tried again within it: of five runs three failed. One that failed is made
/// up for by the next.
pub(super) const SCHEDULED_ERRORS: Limit = Limit {
    most: 2,
    period: FIVE_MINUTES,
    periods: 1,
    missing: MissingData::NotBreaching,
};

/// A burst is throttled for a moment and nothing is lost; a quarter of an hour means that the account's concurrency
/// is used up, by this stack or by another.
pub(super) const FUNCTION_THROTTLES: Limit = Limit {
    most: 0,
    period: FIVE_MINUTES,
    periods: 3,
    missing: MissingData::NotBreaching,
};

/// As with a function's errors; this counts those too that no function saw.
pub(super) const SERVER_ERRORS: Limit = Limit {
    most: 4,
    period: FIVE_MINUTES,
    periods: 1,
    missing: MissingData::NotBreaching,
};

/// In milliseconds. A cold start and three slow calls to AWS stay under a second; a client gives up at about ten.
/// For a quarter of an hour, since with few requests one of them is the hundredth.
pub(super) const LATENCY: Limit = Limit {
    most: 3_000,
    period: FIVE_MINUTES,
    periods: 3,
    missing: MissingData::NotBreaching,
};

/// EventBridge counts what it gave up on or what was refused for good: it does not try that again.
pub(super) const FAILED_INVOCATIONS: Limit = Limit {
    most: 0,
    period: FIVE_MINUTES,
    periods: 1,
    missing: MissingData::NotBreaching,
};
