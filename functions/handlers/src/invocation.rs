use jiff::{SignedDuration, Timestamp};

/// How long before its deadline an invocation begins nothing new.
///
/// A call of AWS gives up after 4 s, its repetitions included, so one that begins just before still ends in time, and a
/// second is left to answer. What is more than one call may not: an insert takes up to 15 s, to connect and to wait for
/// the database, and confirming a batch or announcing an appointment again up to three calls. They take that long only
/// in an outage, and Lambda may then end the run amidst them: the whole batch comes again, as it would have anyway, and
/// so does the appointment.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);

/// How long before its deadline an invocation answers the client who waits, whatever it still waits for itself.
const ANSWER_MARGIN: SignedDuration = SignedDuration::from_secs(1);

/// One run of a function on one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// Lambda's id of the run. An HTTP request has an id of its own.
    pub request_id: String,
    /// When Lambda ends the run, finished or not.
    pub deadline: Timestamp,
}

impl Invocation {
    /// When to begin nothing new, so that the function still answers for what it did.
    #[must_use]
    pub fn work_until(&self) -> Timestamp {
        self.before_the_end(MARGIN)
    }

    /// When to wait for nothing more, so that a client gets an answer of the function's own.
    #[must_use]
    pub fn answer_by(&self) -> Timestamp {
        self.before_the_end(ANSWER_MARGIN)
    }

    fn before_the_end(&self, margin: SignedDuration) -> Timestamp {
        self.deadline.checked_sub(margin).unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_new_begins_five_seconds_before_the_end_and_nothing_is_waited_for_in_the_last_one() {
        let invocation = |deadline| Invocation {
            request_id: String::new(),
            deadline,
        };
        let second = SignedDuration::from_secs(1);
        let run = invocation(Timestamp::UNIX_EPOCH + 30 * second);
        assert_eq!(run.work_until(), Timestamp::UNIX_EPOCH + 25 * second);
        assert_eq!(run.answer_by(), Timestamp::UNIX_EPOCH + 29 * second);
        let over = invocation(Timestamp::MIN);
        assert_eq!(
            (over.work_until(), over.answer_by()),
            (Timestamp::MIN, Timestamp::MIN)
        );
    }
}
