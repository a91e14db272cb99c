//! What whoever is on call may do to a running system, past its functions.

use std::sync::Arc;

use uuid::Uuid;

use crate::queue::Queue;
use crate::start::Running;
use crate::store::StoreError;

impl Running {
    /// Puts a message of a dead-letter queue back into the queue that it comes from, where it is counted afresh.
    ///
    /// Both happen in one step, and are durable when this returns: a kill at any moment leaves it in one of the two.
    ///
    /// # Errors
    ///
    /// When there is no such queue, none has it as its dead-letter queue, or the data folder cannot be written.
    pub async fn redrive(&self, dead_letter_queue: &str, message_id: Uuid) -> Result<Redriven, RedriveError> {
        let named = |queue: &&Arc<Queue>| queue.config.name == dead_letter_queue;
        let dead = self
            .cloud
            .queues()
            .find(named)
            .ok_or_else(|| RedriveError::NoSuchQueue(dead_letter_queue.to_owned()))?;
        let feeds = |queue: &&Arc<Queue>| {
            let redrive = queue.config.redrive.as_ref();
            redrive.is_some_and(|redrive| redrive.dead_letter_arn == dead.config.arn)
        };
        let source = self
            .cloud
            .queues()
            .find(feeds)
            .ok_or_else(|| RedriveError::NoSource(dead_letter_queue.to_owned()))?;
        let moved = dead.move_to(message_id, source)?;
        self.cloud.store.durable().await?;
        Ok(if moved {
            Redriven::To(source.config.name.clone())
        } else {
            Redriven::Gone
        })
    }
}

/// What became of a message that was to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redriven {
    /// It is in the queue of this name.
    To(String),
    /// It was not in the dead-letter queue any more.
    Gone,
}

/// Why a message did not go back.
#[derive(Debug, thiserror::Error)]
pub enum RedriveError {
    /// There is no queue of that name.
    #[error("the template has no queue `{0}`")]
    NoSuchQueue(String),
    /// It is no queue's dead-letter queue.
    #[error("no queue has `{0}` as its dead-letter queue, so its messages have no queue to go back to")]
    NoSource(String),
    /// The data folder cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
