use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use schedule_core::Country;
use serde::{Deserialize, Serialize};

/// A queue of what failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetterQueue {
    /// Its name.
    pub name: String,
    /// What gives its failures to it.
    pub origin: Origin,
    /// The queue that its messages go back to; none where they were for no queue.
    pub source: Option<String>,
    /// What its messages are for; none where that is not known.
    pub work: Option<Work>,
}

/// What gives its failures to a dead-letter queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// A queue, whose function failed too often.
    Queue,
    /// A topic's subscription, which could not reach its queue.
    Subscription,
    /// A rule, which could not reach its target.
    Rule,
}

impl Origin {
    /// What is known of a dead-letter queue from all that give their failures to it: as what the first of them does, and the
    /// queue that the messages were for, if that is the same one for all.
    ///
    /// A message does not say which of several it came from, and a guess could put it where it does not belong.
    #[must_use]
    pub fn of_all<Q: Copy + PartialEq>(givers: &[(Self, Option<Q>)]) -> Option<(Self, Option<Q>)> {
        let (origin, source) = *givers.first()?;
        let is_same = givers.iter().all(|(_, other)| *other == source);
        Some((origin, source.filter(|_| is_same)))
    }
}

/// What EventBridge puts beside an event that a target did not take,
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html>. None of it goes back with the event.
pub const UNDELIVERED_ATTRIBUTES: [&str; 6] = [
    "RULE_ARN",
    "TARGET_ARN",
    "ERROR_CODE",
    "ERROR_MESSAGE",
    "EXHAUSTED_RETRY_CONDITION",
    "RETRY_ATTEMPTS",
];

/// What the messages of a queue are for, and so what can be wrong with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Work {
    /// A country's queue, which the topic feeds.
    Appointments(Country),
    /// The confirmations' queue, which the bus feeds.
    Confirmations,
}

/// A message's id, unique within its queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LetterId(pub String);

impl fmt::Display for LetterId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A message's body: health data, which `Debug` does not show.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(String);

impl Body {
    /// Takes a body as the queue has it.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The whole body; for the queue that it goes back to, and for who asked to see health data.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Body({} bytes, hidden)", self.0.len())
    }
}

/// A message in a dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetter {
    /// Its id.
    pub id: LetterId,
    /// When it was first sent: a dead-letter queue keeps the time of the queue that it comes from.
    pub sent_at: Timestamp,
    /// How often it was received before it was given up; 0 where it never reached a queue.
    pub receive_count: u32,
    /// What went with the body; `ERROR_CODE` and `ERROR_MESSAGE` where a rule or a subscription gave it up.
    pub attributes: BTreeMap<String, String>,
    /// The body.
    pub body: Body,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_in_no_debug_output() {
        let body = Body::new(r#"{"insuredId":"00123","comments":"asma"}"#);
        let shown = format!("{body:?}");
        assert!(!shown.contains("00123") && !shown.contains("asma"), "{shown}");
    }
}
