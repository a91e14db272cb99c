use jiff::{SignedDuration, Timestamp};

/// How long before its deadline an invocation begins nothing new.
///
/// A call of AWS gives up after 4 s, its repetitions included, so one that begins just before still ends in time,
/// and a second is left to answer. An insert may take 15 s, to connect and to wait for the database, but hangs that
/// long only in an outage: the whole batch then comes again, as it would have anyway.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);

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
        self.deadline.checked_sub(MARGIN).unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_new_begins_five_seconds_before_the_end() {
        let invocation = |deadline| Invocation {
            request_id: String::new(),
            deadline,
        };
        let second = SignedDuration::from_secs(1);
        assert_eq!(
            invocation(Timestamp::UNIX_EPOCH + 30 * second).work_until(),
            Timestamp::UNIX_EPOCH + 25 * second
        );
        assert_eq!(invocation(Timestamp::MIN).work_until(), Timestamp::MIN);
    }
}
