use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use jiff::Timestamp;

use super::{PortError, PortErrorKind};

/// What time it is.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Ends once it is this instant, or at once if that has passed.
    fn wait_until(&self, instant: Timestamp) -> impl Future<Output = ()> + Send;
}

impl<T: Clock> Clock for Arc<T> {
    fn now(&self) -> Timestamp {
        T::now(self)
    }

    async fn wait_until(&self, instant: Timestamp) {
        T::wait_until(self, instant).await;
    }
}

/// What the work comes to, unless it still waits for something at `until`: then it is dropped where it stands.
///
/// A call that was on its way may have its effect all the same.
pub async fn in_time<T>(clock: &impl Clock, until: Timestamp, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut end) = (pin!(work), pin!(clock.wait_until(until)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// What a port's call comes to, which counts as unreachable if it has not answered at `until`.
pub(crate) async fn call_in_time<T>(
    clock: &impl Clock,
    until: Timestamp,
    operation: &'static str,
    call: impl Future<Output = Result<T, PortError>>,
) -> Result<T, PortError> {
    let out_of_time = || {
        let reason = "there was no time left to wait for an answer";
        Err(PortError::new(PortErrorKind::Unreachable, operation, reason))
    };
    in_time(clock, until, call).await.unwrap_or_else(out_of_time)
}
