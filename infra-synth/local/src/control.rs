//! What whoever is on call may do to a running system, past its functions: asked for on a socket in the data folder.
//!
//! The socket is a file that only its owner may open, so that health data is not served on the network. Its protocol
//! is described in `docs/operations.md`.

mod client;
mod ledger;
mod protocol;
mod server;
#[cfg(test)]
mod tests;
mod trace;

use std::sync::Arc;

use infra_synth_cfn::Template;
use infra_synth_operations::{Body, DeadLetter, DeadLetterQueue, LetterId, WiredDeadLetterQueue};
use schedule_core::ports::PortError;
use schedule_mysql::MySqlOptions;

use crate::cloud::Cloud;
use crate::model::Model;
use crate::queue::{Message, Queue};
use crate::store::StoreError;

pub use client::{LocalDeadLetterQueues, LocalRecords, LocalTraces};
use ledger::Ledger;
pub(crate) use server::serve;

/// Every queue that something gives its failures to, in the order of names.
fn dead_letter_queues(resolved: &Template, cloud: &Cloud) -> Vec<DeadLetterQueue> {
    let name = |logical_id: &str| {
        let queue = cloud
            .queues()
            .find(|queue| queue.config.logical_id == logical_id)?;
        Some(queue.config.name.as_str())
    };
    let queues = WiredDeadLetterQueue::all(resolved)
        .into_iter()
        .filter_map(|wired| {
            let source = wired.source.as_deref().and_then(name);
            Some(wired.named(name(&wired.logical_id)?, source))
        });
    let mut queues: Vec<_> = queues.collect();
    queues.sort_by(|one, other| one.name.cmp(&other.name));
    queues
}

/// The dead-letter queues of a running system, and what may be done to them.
pub(crate) struct Operations {
    cloud: Arc<Cloud>,
    dead_letter_queues: Vec<DeadLetterQueue>,
    ledger: Option<Ledger>,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OperationError {
    #[error("the template has no dead-letter queue `{0}`")]
    NoSuchQueue(String),
    #[error("the messages of `{0}` have no queue to go back to")]
    NoSource(String),
    #[error("the template has no function that announces again, which says where the appointments are")]
    NoTable,
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Operations {
    /// `resolved` is the [resolved](crate::model::resolved) template, and `model` what is left of it once the cloud is open.
    pub(crate) fn new(
        resolved: &Template,
        model: &Model,
        cloud: &Arc<Cloud>,
        mysql: Option<&MySqlOptions>,
    ) -> Self {
        Self {
            cloud: Arc::clone(cloud),
            dead_letter_queues: dead_letter_queues(resolved, cloud),
            ledger: Ledger::of(model, cloud, mysql),
        }
    }

    fn ledger(&self) -> Result<&Ledger, OperationError> {
        self.ledger.as_ref().ok_or(OperationError::NoTable)
    }

    fn dead_letters(&self, queue: &str) -> Result<Vec<DeadLetter>, OperationError> {
        let messages = self.opened(self.described(queue)?)?.messages()?;
        Ok(messages.into_iter().map(dead_letter).collect())
    }

    /// In one step, and durable when this returns: a kill at any moment leaves the message in one of the two queues.
    async fn redrive(&self, queue: &str, id: &LetterId) -> Result<bool, OperationError> {
        let described = self.described(queue)?;
        let source = described.source.as_deref().and_then(|name| self.named(name));
        let source = source.ok_or_else(|| OperationError::NoSource(queue.to_owned()))?;
        self.take_out(described, id, Some(source)).await
    }

    async fn purge(&self, queue: &str, id: &LetterId) -> Result<bool, OperationError> {
        self.take_out(self.described(queue)?, id, None).await
    }

    async fn take_out(
        &self,
        queue: &DeadLetterQueue,
        id: &LetterId,
        into: Option<&Arc<Queue>>,
    ) -> Result<bool, OperationError> {
        let queue = self.opened(queue)?;
        let Ok(id) = id.0.parse() else {
            return Ok(false);
        };
        let taken = queue.take_out(id, into)?;
        self.cloud.store.durable().await?;
        Ok(taken)
    }

    fn described(&self, name: &str) -> Result<&DeadLetterQueue, OperationError> {
        let mut queues = self.dead_letter_queues.iter();
        queues
            .find(|queue| queue.name == name)
            .ok_or_else(|| OperationError::NoSuchQueue(name.to_owned()))
    }

    fn opened(&self, queue: &DeadLetterQueue) -> Result<&Arc<Queue>, OperationError> {
        self.named(&queue.name)
            .ok_or_else(|| OperationError::NoSuchQueue(queue.name.clone()))
    }

    fn named(&self, name: &str) -> Option<&Arc<Queue>> {
        self.cloud.queues().find(|queue| queue.config.name == name)
    }
}

fn dead_letter(message: Message) -> DeadLetter {
    let attributes = message.attributes.into_iter();
    DeadLetter {
        id: LetterId(message.id.to_string()),
        sent_at: message.sent_at,
        receive_count: message.receive_count,
        attributes: attributes
            .map(|(name, attribute)| (name, attribute.value))
            .collect(),
        body: Body::new(message.body),
    }
}
