//! Running a function as Lambda does: JSON in, JSON out, within its timeout, and never taking others along.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schedule_handlers::{EventHandler, Invocation, handle_json};
use thiserror::Error;
use uuid::Uuid;

/// The answer of a handler: the response's JSON, or why there is none.
pub type HandlerFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + 'a>>;

/// A function's code: an event's JSON in, a response's JSON out.
pub trait Handler: Send + Sync + 'static {
    /// Handles one event, in this invocation's time.
    fn handle<'a>(&'a self, payload: &'a [u8], invocation: &'a Invocation) -> HandlerFuture<'a>;
}

/// Any of the functions' own handlers.
pub(crate) struct JsonHandler<H>(pub(crate) H);

impl<H: EventHandler + 'static> Handler for JsonHandler<H> {
    fn handle<'a>(&'a self, payload: &'a [u8], invocation: &'a Invocation) -> HandlerFuture<'a> {
        Box::pin(async move {
            handle_json(&self.0, payload, invocation)
                .await
                .map_err(|error| error.to_string())
        })
    }
}

/// Why an invocation has no response.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub(crate) enum InvocationError {
    #[error("the function did not answer within its timeout of {} s", .0.as_secs())]
    TimedOut(Duration),
    #[error("the function panicked")]
    Panicked,
    #[error("the function failed: {0}")]
    Failed(String),
}

/// A function that can be invoked.
#[derive(Clone)]
pub(crate) struct Runtime {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) timeout: Duration,
    pub(crate) handler: Arc<dyn Handler>,
}

impl Runtime {
    /// One invocation, in a task of its own: a panic stays in there, and what overruns is dropped.
    pub(crate) async fn invoke(&self, payload: Vec<u8>) -> Result<Vec<u8>, InvocationError> {
        let (handler, timeout) = (Arc::clone(&self.handler), self.timeout);
        let invocation = invocation(timeout);
        // The timeout is in the task: it ends the function even when nobody waits for the answer any more.
        let task = tokio::spawn(async move {
            tokio::time::timeout(timeout, handler.handle(&payload, &invocation)).await
        });
        match task.await {
            Ok(Ok(Ok(response))) => Ok(response),
            Ok(Ok(Err(reason))) => Err(InvocationError::Failed(reason)),
            Ok(Err(_)) => Err(InvocationError::TimedOut(timeout)),
            Err(_) => Err(InvocationError::Panicked),
        }
    }
}

fn invocation(timeout: Duration) -> Invocation {
    let deadline = SignedDuration::try_from(timeout)
        .ok()
        .and_then(|timeout| Timestamp::now().checked_add(timeout).ok());
    Invocation {
        request_id: Uuid::now_v7().to_string(),
        deadline: deadline.unwrap_or(Timestamp::MAX),
    }
}
