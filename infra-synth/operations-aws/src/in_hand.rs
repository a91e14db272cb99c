use std::collections::{BTreeMap, HashMap};

use aws_sdk_sqs::types::{Message, MessageAttributeValue, MessageSystemAttributeName};
use infra_synth_operations::{Body, DeadLetter, LetterId, UNDELIVERED_ATTRIBUTES};
use jiff::Timestamp;
use tokio::time::{Duration, Instant};

/// How long a message is hidden from others: over the slowest look at a queue, and short enough that one which was
/// left in hand by a crash is missed by nobody.
pub(crate) const HOLD: Duration = Duration::from_secs(60);
/// What a call on a message may take: with less left it is received again first.
const MARGIN: Duration = Duration::from_secs(10);

/// A message that was received and is hidden from others for a while.
pub(crate) struct InHand {
    pub(crate) letter: DeadLetter,
    pub(crate) receipt: String,
    attributes: HashMap<String, MessageAttributeValue>,
    until: Instant,
}

/// The messages of one queue that are in hand.
pub(crate) type Hand = BTreeMap<LetterId, InHand>;

impl InHand {
    /// `None` for an answer without what SQS promises of every message.
    pub(crate) fn of(message: Message, received: Instant) -> Option<Self> {
        let system = message.attributes.unwrap_or_default();
        let number = |name| -> Option<i64> { system.get(&name)?.parse().ok() };
        let attributes = message.message_attributes.unwrap_or_default();
        let letter = DeadLetter {
            id: LetterId(message.message_id?),
            sent_at: number(MessageSystemAttributeName::SentTimestamp)
                .and_then(|time| Timestamp::from_millisecond(time).ok())
                .unwrap_or_default(),
            // This look at it is counted too, and is none of its failures.
            receive_count: number(MessageSystemAttributeName::ApproximateReceiveCount)
                .and_then(|count| u32::try_from(count - 1).ok())
                .unwrap_or_default(),
            attributes: attributes
                .iter()
                .map(|(name, value)| (name.clone(), value.string_value().unwrap_or_default().to_owned()))
                .collect(),
            body: Body::new(message.body.unwrap_or_default()),
        };
        Some(Self {
            letter,
            receipt: message.receipt_handle?,
            attributes,
            until: received + HOLD,
        })
    }

    /// Whether it stays hidden for as long as a call on it takes.
    pub(crate) fn is_held(&self) -> bool {
        self.until > Instant::now() + MARGIN
    }

    /// What goes back with its body.
    pub(crate) fn attributes_afresh(&self) -> HashMap<String, MessageAttributeValue> {
        let mut attributes = self.attributes.clone();
        attributes.retain(|name, _| !UNDELIVERED_ATTRIBUTES.contains(&name.as_str()));
        attributes
    }
}
