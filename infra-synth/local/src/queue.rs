//! Standard queues: visibility, receive count, delay, retention and dead-letter queue.
//!
//! Messages are in the store; memory holds only their sequence numbers, so a long queue costs little. What is in
//! flight is not stored: after a restart the functions that had received it are gone, and it is visible again.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use infra_synth_operations::UNDELIVERED_ATTRIBUTES;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use crate::model;
use crate::store::{Batch, Space, Store, StoreError, key};

/// How many messages are read at once where a queue is searched.
const PART: usize = 500;

/// A message as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: Uuid,
    pub(crate) body: String,
    pub(crate) sent_at: Timestamp,
    /// What a topic passes on beside the body when it uses no envelope.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) attributes: BTreeMap<String, Attribute>,
    /// How often it was received where it was given up; for a dead letter only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) receive_count: u32,
}

/// A message attribute: its data type and its value, both as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attribute {
    pub(crate) data_type: String,
    pub(crate) value: String,
}

impl Message {
    pub(crate) fn new(body: String) -> Self {
        Self {
            id: Uuid::now_v7(),
            body,
            sent_at: Timestamp::now(),
            attributes: BTreeMap::new(),
            receive_count: 0,
        }
    }

    /// As EventBridge keeps an event that a target did not take.
    pub(crate) fn undelivered(mut self, rule_arn: &str, target_arn: &str, reason: &str) -> Self {
        let values = [rule_arn, target_arn, "NO_PERMISSIONS", reason];
        let attributes = UNDELIVERED_ATTRIBUTES.iter().zip(values);
        self.attributes.extend(attributes.map(|(name, value)| {
            let attribute = Attribute {
                data_type: "String".to_owned(),
                value: value.to_owned(),
            };
            ((*name).to_owned(), attribute)
        }));
        self
    }

    /// As it was before it was given up.
    fn afresh(mut self) -> Self {
        self.receive_count = 0;
        self.attributes
            .retain(|name, _| !UNDELIVERED_ATTRIBUTES.contains(&name.as_str()));
        self
    }
}

/// A message in the hands of a receiver until its visibility timeout ends.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) message: Message,
    pub(crate) receipt: String,
    pub(crate) receive_count: u32,
    pub(crate) first_received_at: Timestamp,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Receives {
    count: u32,
    first: Timestamp,
}

pub(crate) struct Queue {
    pub(crate) config: model::Queue,
    store: Arc<Store>,
    dead_letters: Option<Arc<Queue>>,
    next: AtomicU64,
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    ready: VecDeque<u64>,
    /// Delayed and in-flight messages by the time at which they are visible (again).
    hidden: BTreeMap<(Instant, u64), ()>,
    receipts: BTreeMap<u64, (Instant, u32)>,
}

/// A message that is part of a batch which is not committed yet.
pub(crate) struct Pending {
    queue: Arc<Queue>,
    sequence: u64,
    id: Uuid,
}

impl Pending {
    /// Its queue and its id.
    pub(crate) fn message(&self) -> (Arc<Queue>, Uuid) {
        (Arc::clone(&self.queue), self.id)
    }

    /// To be called once the batch is committed: the message can be received from now on.
    pub(crate) fn deliver(self) {
        let delay = self.queue.config.delay;
        let mut state = self.queue.lock();
        if delay.is_zero() {
            state.ready.push_back(self.sequence);
        } else {
            state.hidden.insert((Instant::now() + delay, self.sequence), ());
        }
        drop(state);
        self.queue.arrived.notify_one();
    }
}

impl Queue {
    /// Opens the queue with what the store has of it.
    pub(crate) fn open(
        config: model::Queue,
        store: Arc<Store>,
        dead_letters: Option<Arc<Self>>,
    ) -> Result<Self, StoreError> {
        let ready: VecDeque<u64> = store
            .scan(Space::Messages, &key(&[&config.name]))?
            .iter()
            .filter_map(|(key, _)| sequence_of(key))
            .collect();
        let next = ready.back().map_or(0, |last| last + 1);
        Ok(Self {
            config,
            store,
            dead_letters,
            next: AtomicU64::new(next),
            state: Mutex::new(State {
                ready,
                ..State::default()
            }),
            arrived: Notify::new(),
        })
    }

    /// Adds a message to a batch; [`Pending::deliver`] makes it visible after the commit.
    pub(crate) fn prepare(self: &Arc<Self>, message: &Message, batch: &mut Batch) -> Pending {
        let sequence = self.next.fetch_add(1, Ordering::Relaxed);
        // A message is strings and numbers: it always serializes.
        let value = serde_json::to_vec(message).unwrap_or_default();
        batch.put(Space::Messages, self.key(sequence), value);
        Pending {
            queue: Arc::clone(self),
            sequence,
            id: message.id,
        }
    }

    /// Up to `most` messages; waits until there is at least one.
    pub(crate) async fn receive(&self, most: usize) -> Result<Vec<Received>, StoreError> {
        loop {
            let arrived = self.arrived.notified();
            let received = self.receive_now(most)?;
            if !received.is_empty() {
                return Ok(received);
            }
            let next_visible = self.lock().hidden.first_key_value().map(|((at, _), ())| *at);
            match next_visible {
                Some(at) => tokio::select! {
                    () = arrived => {}
                    () = tokio::time::sleep_until(at) => {}
                },
                None => arrived.await,
            }
        }
    }

    /// Up to `most` messages that are visible now; those received too often go to the dead-letter queue instead.
    pub(crate) fn receive_now(&self, most: usize) -> Result<Vec<Received>, StoreError> {
        let mut batch = Batch::default();
        let mut dead = Vec::new();
        let mut received = Vec::new();
        let mut state = self.lock();
        state.show_what_is_due(Instant::now());
        while received.len() < most {
            let Some(sequence) = state.ready.pop_front() else {
                break;
            };
            let Some(message) = self.load(sequence)? else {
                continue;
            };
            if self.is_expired(&message) {
                self.remove(sequence, &mut batch);
                state.forget(sequence);
                continue;
            }
            let receives = self.receives(sequence)?;
            let count = receives.map_or(0, |receives| receives.count) + 1;
            if let (Some(redrive), Some(queue)) = (&self.config.redrive, &self.dead_letters)
                && count > redrive.max_receive_count
            {
                self.remove(sequence, &mut batch);
                state.forget(sequence);
                let letter = Message {
                    receive_count: count - 1,
                    ..message
                };
                dead.push((letter.id, queue.prepare(&letter, &mut batch)));
                continue;
            }
            let first = receives.map_or_else(Timestamp::now, |receives| receives.first);
            let value = serde_json::to_vec(&Receives { count, first }).unwrap_or_default();
            batch.put(Space::Receives, self.key(sequence), value);
            let visible_at = Instant::now() + self.config.visibility;
            state.hidden.insert((visible_at, sequence), ());
            state.receipts.insert(sequence, (visible_at, count));
            received.push(Received {
                message,
                receipt: format!("{sequence}-{count}"),
                receive_count: count,
                first_received_at: first,
            });
        }
        self.store.commit(batch)?;
        drop(state);
        for (message_id, pending) in dead {
            tracing::warn!(
                queue = %self.config.name,
                dead_letter_queue = %pending.queue.config.name,
                %message_id,
                "message moved to the dead-letter queue: it was received too often"
            );
            pending.deliver();
        }
        Ok(received)
    }

    /// Deletes received messages; a receipt that a later receive has replaced is passed over, as SQS does.
    pub(crate) fn delete<'a>(&self, receipts: impl IntoIterator<Item = &'a str>) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        let mut state = self.lock();
        for receipt in receipts {
            let Some((sequence, count)) = parse_receipt(receipt) else {
                continue;
            };
            if state
                .receipts
                .get(&sequence)
                .is_some_and(|(_, latest)| *latest == count)
            {
                state.forget(sequence);
                self.remove(sequence, &mut batch);
            }
        }
        self.store.commit(batch)
    }

    /// Takes out a message that lies here, into another queue if there is one, in one step of the store; `false` if it
    /// is gone.
    ///
    /// It is visible there at once, is counted from no receives, and is kept as long as it would have been.
    /// One that a receiver has in hand goes too; its receipt is worth nothing afterwards.
    pub(crate) fn take_out(&self, id: Uuid, into: Option<&Arc<Self>>) -> Result<bool, StoreError> {
        let mut state = self.lock();
        let pairs = self.store.scan(Space::Messages, &key(&[&self.config.name]))?;
        let found = pairs.iter().find_map(|(key, value)| {
            let message: Message = serde_json::from_slice(value).ok()?;
            (message.id == id).then_some((sequence_of(key)?, message))
        });
        let Some((sequence, message)) = found else {
            return Ok(false);
        };
        let mut batch = Batch::default();
        let pending = into.map(|queue| queue.prepare(&message.afresh(), &mut batch));
        self.remove(sequence, &mut batch);
        self.store.commit(batch)?;
        state.ready.retain(|ready| *ready != sequence);
        state.forget(sequence);
        drop(state);
        if let Some(pending) = pending {
            pending.deliver();
        }
        Ok(true)
    }

    /// The messages that lie in the queue, visible or not, oldest first.
    pub(crate) fn messages(&self) -> Result<Vec<Message>, StoreError> {
        let pairs = self.store.scan(Space::Messages, &key(&[&self.config.name]))?;
        Ok(pairs
            .iter()
            .filter_map(|(_, value)| serde_json::from_slice(value).ok())
            .collect())
    }

    /// The messages whose body has this text: each with how often it was received, and for how long nobody sees it.
    ///
    /// The queue may hold many, so that it is read part by part.
    pub(crate) fn mentioning(&self, text: &str) -> Result<Vec<(Message, u32, Option<Duration>)>, StoreError> {
        let prefix = key(&[&self.config.name]);
        let mut after = prefix.clone();
        let mut found = Vec::new();
        loop {
            let pairs = self.store.page(Space::Messages, &prefix, &after, PART)?;
            let Some((last, _)) = pairs.last() else { break };
            after.clone_from(last);
            for (key, value) in &pairs {
                let message: Option<Message> = serde_json::from_slice(value).ok();
                let message = message.filter(|message| message.body.contains(text));
                let (Some(sequence), Some(message)) = (sequence_of(key), message) else {
                    continue;
                };
                let count = self.receives(sequence)?.map_or(0, |receives| receives.count);
                let hidden_until = self.lock().receipts.get(&sequence).map(|(until, _)| *until);
                let hidden = hidden_until.and_then(|until| until.checked_duration_since(Instant::now()));
                found.push((message, count, hidden));
            }
        }
        Ok(found)
    }

    /// Forgets the messages past their retention.
    pub(crate) fn drop_expired(&self) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        for (key, value) in self.store.scan(Space::Messages, &key(&[&self.config.name]))? {
            let message: Option<Message> = serde_json::from_slice(&value).ok();
            if let (Some(sequence), Some(message)) = (sequence_of(&key), message)
                && self.is_expired(&message)
            {
                tracing::warn!(queue = %self.config.name, message_id = %message.id, "message dropped: it is past its retention");
                self.remove(sequence, &mut batch);
                self.lock().forget(sequence);
            }
        }
        self.store.commit(batch)
    }

    fn is_expired(&self, message: &Message) -> bool {
        let age = Timestamp::now().duration_since(message.sent_at);
        age.unsigned_abs() > self.config.retention && age.is_positive()
    }

    fn load(&self, sequence: u64) -> Result<Option<Message>, StoreError> {
        let value = self.store.get(Space::Messages, &self.key(sequence))?;
        Ok(value.and_then(|value| serde_json::from_slice(&value).ok()))
    }

    fn receives(&self, sequence: u64) -> Result<Option<Receives>, StoreError> {
        let value = self.store.get(Space::Receives, &self.key(sequence))?;
        Ok(value.and_then(|value| serde_json::from_slice(&value).ok()))
    }

    fn remove(&self, sequence: u64, batch: &mut Batch) {
        batch.remove(Space::Messages, self.key(sequence));
        batch.remove(Space::Receives, self.key(sequence));
    }

    fn key(&self, sequence: u64) -> Vec<u8> {
        let mut key = key(&[&self.config.name]);
        key.extend(sequence.to_be_bytes());
        key
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// No receipt is worth anything any more for a message that is gone.
    fn forget(&mut self, sequence: u64) {
        if let Some((visible_at, _)) = self.receipts.remove(&sequence) {
            self.hidden.remove(&(visible_at, sequence));
        }
    }

    fn show_what_is_due(&mut self, now: Instant) {
        while let Some(entry) = self.hidden.first_entry() {
            let (visible_at, sequence) = *entry.key();
            if visible_at > now {
                break;
            }
            entry.remove();
            self.ready.push_back(sequence);
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

fn parse_receipt(receipt: &str) -> Option<(u64, u32)> {
    let (sequence, count) = receipt.split_once('-')?;
    Some((sequence.parse().ok()?, count.parse().ok()?))
}

fn sequence_of(key: &[u8]) -> Option<u64> {
    key.last_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
}
