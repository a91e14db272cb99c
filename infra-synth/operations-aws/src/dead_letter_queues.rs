use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use aws_sdk_sqs::{Client, types::DeleteMessageBatchRequestEntry};
use aws_types::SdkConfig;
use infra_synth_operations::{
    AT_ONCE, DeadLetter, DeadLetterQueue, DeadLetterQueues, LetterId, Letters, QueueError,
};
use schedule_aws::fault;

use crate::in_hand::{Hand, InHand};
use crate::stack_queues::{StackQueue, StackQueues};
use crate::sweep;

/// The dead-letter queues of a deployed stack.
///
/// SQS finds no message by its id: a message is received together with what comes before it, is hidden from others
/// for a minute at most, and what is not taken away is given back. A dead-letter queue has no redrive policy, so
/// receiving from it uses up nothing.
pub struct SqsDeadLetterQueues {
    client: Client,
    queues: StackQueues,
    in_hand: RefCell<BTreeMap<String, Hand>>,
}

impl SqsDeadLetterQueues {
    /// Those of a stack, reached as `config` says. Nothing is connected yet.
    #[must_use]
    pub fn new(config: &SdkConfig, queues: StackQueues) -> Self {
        Self {
            client: Client::new(config),
            queues,
            in_hand: RefCell::default(),
        }
    }

    fn queue(&self, name: &str) -> Result<&StackQueue, QueueError> {
        self.queues
            .named(name)
            .ok_or_else(|| QueueError::NoSuchQueue(name.to_owned()))
    }

    /// Has these messages in hand, as far as they are there.
    async fn take_in_hand(&self, queue: &StackQueue, ids: &[LetterId]) -> Result<Hand, QueueError> {
        let kept = self.in_hand.borrow_mut().remove(&queue.url);
        let mut hand = kept.unwrap_or_default();
        // What nearly everybody sees again is received anew.
        hand.retain(|_, message| message.is_held());
        let received = sweep::receive(&self.client, &queue.url, &mut hand, ids, usize::MAX).await;
        match received {
            Ok(()) => Ok(hand),
            Err(error) => {
                self.keep_in_hand(queue, hand);
                Err(error)
            }
        }
    }

    fn keep_in_hand(&self, queue: &StackQueue, hand: Hand) {
        self.in_hand.borrow_mut().insert(queue.url.clone(), hand);
    }

    /// To the source first: a crash in between leaves the message in both, and the functions take it twice.
    async fn send_then_delete(
        &self,
        queue: &StackQueue,
        source: &str,
        message: &InHand,
    ) -> Result<(), QueueError> {
        self.client
            .send_message()
            .queue_url(source)
            .message_body(message.letter.body.reveal())
            .set_message_attributes(Some(message.attributes_afresh()))
            .send()
            .await
            .map_err(|error| sweep::unavailable(&fault::from_sdk("SendMessage", &error)))?;
        let deleted = self
            .client
            .delete_message()
            .queue_url(&queue.url)
            .receipt_handle(&message.receipt)
            .send()
            .await;
        deleted.map(drop).map_err(|error| {
            let error = fault::from_sdk("DeleteMessage", &error);
            QueueError::Unavailable(format!(
                "{error}; the message `{}` is back in its queue and still lies here, which does no harm",
                message.letter.id
            ))
        })
    }

    async fn delete(
        &self,
        queue: &StackQueue,
        ids: &[LetterId],
        hand: &mut Hand,
    ) -> Vec<Result<bool, QueueError>> {
        let mut call = self.client.delete_message_batch().queue_url(&queue.url);
        let mut is_any = false;
        for (place, id) in ids.iter().enumerate() {
            let Some(message) = hand.get(id) else { continue };
            let entry = DeleteMessageBatchRequestEntry::builder()
                .id(place.to_string())
                .receipt_handle(&message.receipt)
                .build();
            if let Ok(entry) = entry {
                call = call.entries(entry);
                is_any = true;
            }
        }
        if !is_any {
            return ids.iter().map(|_| Ok(false)).collect();
        }
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = sweep::unavailable(&fault::from_sdk("DeleteMessageBatch", &error));
                return ids.iter().map(|_| Err(error.clone())).collect();
            }
        };
        let outcome = |(place, id): (usize, &LetterId)| {
            let place = place.to_string();
            if hand.remove(id).is_none() {
                return Ok(false);
            }
            if answer.successful.iter().any(|entry| entry.id == place) {
                return Ok(true);
            }
            let refused = answer.failed.iter().find(|entry| entry.id == place);
            let code = refused.map_or("no result", |entry| entry.code.as_str());
            let error = fault::from_entry("DeleteMessageBatch", code, None);
            Err(sweep::unavailable(&error))
        };
        ids.iter().enumerate().map(outcome).collect()
    }
}

impl DeadLetterQueues for SqsDeadLetterQueues {
    async fn queues(&self) -> Result<Vec<DeadLetterQueue>, QueueError> {
        Ok(self.queues.all().map(|queue| queue.described.clone()).collect())
    }

    async fn letters(&self, queue: &str) -> Result<Letters, QueueError> {
        let queue = self.queue(queue)?;
        let expected = sweep::count(&self.client, &queue.url).await?;
        let mut hand = Hand::new();
        let received = sweep::receive(&self.client, &queue.url, &mut hand, &[], expected).await;
        let mut seen: Vec<DeadLetter> = hand.values().map(|message| message.letter.clone()).collect();
        sweep::give_back(&self.client, &queue.url, hand).await;
        received?;
        seen.sort_by(|one, other| (one.sent_at, &one.id).cmp(&(other.sent_at, &other.id)));
        Ok(Letters {
            unseen: expected.saturating_sub(seen.len()),
            seen,
        })
    }

    async fn return_to_source(&self, queue: &str, letter: &LetterId) -> Result<bool, QueueError> {
        let queue = self.queue(queue)?;
        let source = queue.source_url.as_deref();
        let source = source.ok_or_else(|| QueueError::NoSource(queue.described.name.clone()))?;
        let mut hand = self.take_in_hand(queue, std::slice::from_ref(letter)).await?;
        let moved = match hand.remove(letter) {
            Some(message) => self
                .send_then_delete(queue, source, &message)
                .await
                .map(|()| true),
            None => Ok(false),
        };
        self.keep_in_hand(queue, hand);
        moved
    }

    async fn remove(&self, queue: &str, letters: &[LetterId]) -> Vec<Result<bool, QueueError>> {
        let mut results = Vec::with_capacity(letters.len());
        for together in letters.chunks(AT_ONCE) {
            let taken = match self.queue(queue) {
                Ok(queue) => self.take_in_hand(queue, together).await.map(|hand| (queue, hand)),
                Err(error) => Err(error),
            };
            match taken {
                Ok((queue, mut hand)) => {
                    results.extend(self.delete(queue, together, &mut hand).await);
                    self.keep_in_hand(queue, hand);
                }
                Err(error) => results.extend(together.iter().map(|_| Err(error.clone()))),
            }
        }
        results
    }

    async fn release(&self) {
        let in_hand = self.in_hand.take();
        for (url, hand) in in_hand {
            sweep::give_back(&self.client, &url, hand).await;
        }
    }
}

impl fmt::Debug for SqsDeadLetterQueues {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SqsDeadLetterQueues")
            .field("queues", &self.queues)
            .finish_non_exhaustive()
    }
}
