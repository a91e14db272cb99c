use std::future::Future;

use schedule_core::json_fault::JsonFault;
use serde::{Serialize, de::DeserializeOwned};

use crate::Invocation;

/// A function's work on one event.
pub trait EventHandler: Send + Sync {
    /// What Lambda passes in.
    type Event: DeserializeOwned + Send;
    /// What Lambda gets back.
    type Response: Serialize;

    /// Handles one event, in this invocation's time.
    ///
    /// # Errors
    ///
    /// Only where the event as a whole could not be handled; what a caller can be told is a response.
    fn handle(
        &self,
        event: Self::Event,
        invocation: &Invocation,
    ) -> impl Future<Output = Result<Self::Response, HandlerError>> + Send;

    /// Why Lambda has to take the event as failed, though all that could be done was done and is in the response.
    fn failure(_response: &Self::Response) -> Option<HandlerError> {
        None
    }
}

/// Handles one event as Lambda transports it: the event's JSON in, the response's JSON out.
///
/// # Errors
///
/// Those of the handler, and [`HandlerError::Event`] for JSON that is not the handler's event.
pub async fn handle_json<H: EventHandler>(
    handler: &H,
    payload: &[u8],
    invocation: &Invocation,
) -> Result<Vec<u8>, HandlerError> {
    let event = serde_json::from_slice(payload).map_err(|error| HandlerError::Event(error.into()))?;
    let response = handler.handle(event, invocation).await?;
    if let Some(failure) = H::failure(&response) {
        return Err(failure);
    }
    serde_json::to_vec(&response).map_err(|error| HandlerError::Response(error.into()))
}

/// Why an event as a whole was not handled; Lambda takes it as a failed invocation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandlerError {
    /// The event is not of the kind that the function handles: check what invokes it.
    #[error(
        "the event cannot be read: check that the function is invoked by the source that it is written for"
    )]
    Event(#[source] JsonFault),
    /// The response cannot be written.
    #[error("the response cannot be written")]
    Response(#[source] JsonFault),
    /// A message failed that has no id, so that no answer can name it; the whole batch must come again.
    #[error("a message without `messageId` failed, so the whole batch is returned to its queue")]
    UnnamedMessage,
    /// Not all that waits could be announced again; what could be was.
    #[error(
        "{failed} appointments were not announced again and {shards_failed} parts of the index not looked at; \
         the lines before say why, and the next run goes on"
    )]
    Republishing {
        /// Appointments that were not announced.
        failed: usize,
        /// Calls that failed for a part of the index.
        shards_failed: usize,
    },
}
