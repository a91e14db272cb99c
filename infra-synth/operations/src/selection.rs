use jiff::Timestamp;

use crate::{Cause, CauseKind, DeadLetter, LetterId, Work};

/// Which messages of a queue are meant; each condition that is given has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those with these ids; any where there are none.
    pub ids: Vec<LetterId>,
    /// Those that failed for this cause.
    pub cause: Option<CauseKind>,
    /// Those that were sent before this time.
    pub sent_before: Option<Timestamp>,
}

impl Selection {
    /// Whether a message is meant.
    #[must_use]
    pub fn takes(&self, letter: &DeadLetter, work: Work) -> bool {
        (self.ids.is_empty() || self.ids.contains(&letter.id))
            && self
                .cause
                .is_none_or(|kind| Cause::of(letter, work).kind() == kind)
            && self.sent_before.is_none_or(|time| letter.sent_at < time)
    }
}
