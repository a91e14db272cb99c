//! Event source mappings: from a queue, in batches, to a function, and back by its partial failures.
//!
//! The rules are Lambda's, <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>:
//! what succeeded is deleted; what failed stays hidden until its visibility ends; an answer that cannot be read
//! fails the whole batch.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use crate::access::Caller;
use crate::cloud::Cloud;
use crate::journal::Step;
use crate::queue::{Message, Queue, Received};
use crate::runtime::Runtime;

/// What Lambda calls with the function's role to empty a queue.
const POLLING_ACTIONS: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];

pub(crate) struct EventSource {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) runtime: Runtime,
    pub(crate) caller: Caller,
    pub(crate) batch_size: usize,
    pub(crate) batching_window: Duration,
    pub(crate) concurrency: usize,
    pub(crate) reports_item_failures: bool,
    pub(crate) region: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchResponse {
    #[serde(default)]
    batch_item_failures: Option<Vec<ItemFailure>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemFailure {
    item_identifier: String,
}

impl EventSource {
    /// The statements that the mapping cannot work without; AWS refuses to create it then.
    pub(crate) fn check_permissions(&self) -> Result<(), String> {
        for action in POLLING_ACTIONS {
            let queue = &self.queue.config;
            self.cloud
                .access
                .poll(&self.caller, action, &queue.arn, &queue.policies)
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Polls until told to stop, then waits for the batches in hand.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let source = Arc::new(self);
        let permits = Arc::new(Semaphore::new(source.concurrency));
        loop {
            let batch = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                batch = source.next_batch(&permits) => batch,
            };
            let Some((batch, permit)) = batch else { break };
            let source = Arc::clone(&source);
            tokio::spawn(async move {
                source.process(batch).await;
                drop(permit);
            });
        }
        let all = u32::try_from(source.concurrency).unwrap_or(u32::MAX);
        let _ = permits.acquire_many(all).await;
    }

    async fn next_batch(
        &self,
        permits: &Arc<Semaphore>,
    ) -> Option<(Vec<Received>, tokio::sync::OwnedSemaphorePermit)> {
        let permit = Arc::clone(permits).acquire_owned().await.ok()?;
        match self.receive().await {
            Ok(batch) => Some((batch, permit)),
            Err(error) => {
                self.cloud.fail(format!(
                    "queue `{}` cannot be read: {error}",
                    self.queue.config.name
                ));
                None
            }
        }
    }

    /// A batch; with a batching window, more messages are waited for until it is full or the window ends.
    async fn receive(&self) -> Result<Vec<Received>, crate::store::StoreError> {
        let mut batch = self.queue.receive(self.batch_size).await?;
        let until = Instant::now() + self.batching_window;
        while batch.len() < self.batch_size && !self.batching_window.is_zero() {
            let missing = self.batch_size - batch.len();
            match tokio::time::timeout_at(until, self.queue.receive(missing)).await {
                Ok(more) => batch.extend(more?),
                Err(_) => break,
            }
        }
        Ok(batch)
    }

    async fn process(&self, batch: Vec<Received>) {
        let started = Instant::now();
        let received = batch.iter();
        self.cloud.journal.note(
            received.map(|one| Step::Received(one.message.id, Arc::clone(&self.queue), one.receive_count)),
        );
        let payload = self.event(&batch);
        let answer = self
            .runtime
            .invoke(payload)
            .await
            .map_err(|error| error.to_string());
        let failed = answer.and_then(|answer| self.failures(&answer, &batch));
        let succeeded: Vec<&str> = match &failed {
            Ok(failed) => batch
                .iter()
                .filter(|one| !failed.contains(&one.message.id.to_string()))
                .map(|one| one.receipt.as_str())
                .collect(),
            Err(_) => Vec::new(),
        };
        let done = succeeded.len();
        if done < batch.len() {
            let is_failed = |one: &&Received| {
                let failed = failed.as_ref().ok();
                failed.is_none_or(|failed| failed.contains(&one.message.id.to_string()))
            };
            self.cloud.journal.note(
                batch
                    .iter()
                    .filter(is_failed)
                    .map(|one| Step::Failed(one.message.id, Arc::clone(&self.queue), one.receive_count)),
            );
        }
        if let Err(error) = self.queue.delete(succeeded) {
            tracing::error!(queue = %self.queue.config.name, %error, "processed messages cannot be deleted and will come again");
        }
        let (function, queue) = (&self.runtime.name, &self.queue.config.name);
        let milliseconds = started.elapsed().as_millis() as u64;
        match failed {
            Ok(failed) if failed.is_empty() => {
                tracing::info!(
                    function,
                    queue,
                    messages = batch.len(),
                    milliseconds,
                    "batch done"
                );
            }
            Ok(failed) => {
                tracing::warn!(
                    function,
                    queue,
                    messages = batch.len(),
                    done,
                    failed = failed.len(),
                    milliseconds,
                    "batch done in part; the rest comes again"
                );
            }
            Err(reason) => {
                tracing::error!(
                    function,
                    queue,
                    messages = batch.len(),
                    milliseconds,
                    reason,
                    "batch failed; it comes again"
                );
            }
        }
    }

    /// The ids of the messages that failed, or why the answer fails the whole batch.
    fn failures(&self, answer: &[u8], batch: &[Received]) -> Result<HashSet<String>, String> {
        if !self.reports_item_failures {
            return Ok(HashSet::new());
        }
        let response: Option<BatchResponse> = serde_json::from_slice(answer)
            .map_err(|error| format!("the function's answer is no batch response: {error}"))?;
        let failures = response
            .and_then(|response| response.batch_item_failures)
            .unwrap_or_default();
        let failed: HashSet<String> = failures
            .into_iter()
            .map(|failure| failure.item_identifier)
            .collect();
        let known: HashSet<String> = batch.iter().map(|one| one.message.id.to_string()).collect();
        match failed.iter().find(|id| !known.contains(*id)) {
            Some(unknown) => Err(format!(
                "the function reports message `{unknown}`, which is not in the batch"
            )),
            None => Ok(failed),
        }
    }

    /// The event that Lambda makes of a batch,
    /// <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event>.
    fn event(&self, batch: &[Received]) -> Vec<u8> {
        let records: Vec<Value> = batch
            .iter()
            .map(|one| {
                json!({
                    "messageId": one.message.id,
                    "receiptHandle": one.receipt,
                    "body": one.message.body,
                    "attributes": {
                        "ApproximateReceiveCount": one.receive_count.to_string(),
                        "SentTimestamp": one.message.sent_at.as_millisecond().to_string(),
                        "SenderId": "AIDALOCALSENDER",
                        "ApproximateFirstReceiveTimestamp": one.first_received_at.as_millisecond().to_string(),
                    },
                    "messageAttributes": message_attributes(&one.message),
                    "md5OfBody": format!("{:x}", md5::compute(one.message.body.as_bytes())),
                    "eventSource": "aws:sqs",
                    "eventSourceARN": self.queue.config.arn,
                    "awsRegion": self.region,
                })
            })
            .collect();
        serde_json::to_vec(&json!({ "Records": records })).unwrap_or_default()
    }
}

/// Attributes of a message that a topic passed on without its envelope.
fn message_attributes(message: &Message) -> Value {
    let attributes = message.attributes.iter().map(|(name, attribute)| {
        let value = json!({
            "stringValue": attribute.value,
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": attribute.data_type,
        });
        (name.clone(), value)
    });
    Value::Object(attributes.collect())
}
