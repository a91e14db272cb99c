use std::future::Future;
use std::time::Duration;

use crate::{DeadLetter, DeadLetterQueue, LetterId};

/// The dead-letter queues of one running system.
pub trait DeadLetterQueues {
    /// Every dead-letter queue there is, by name.
    ///
    /// # Errors
    ///
    /// When that cannot be found out.
    fn queues(&self) -> impl Future<Output = Result<Vec<DeadLetterQueue>, QueueError>>;

    /// The messages that lie in a queue, oldest first; looking leaves them there, for everybody.
    ///
    /// # Errors
    ///
    /// When the queue is not there or does not answer.
    fn letters(&self, queue: &str) -> impl Future<Output = Result<Letters, QueueError>>;

    /// Puts a message back into the queue that it comes from and takes it out of this one; `false` if it is gone.
    ///
    /// MUST NOT take it out before it is durable in the other queue. Where that takes two steps, a crash between them
    /// leaves it in both: the functions take a message twice, and nothing takes one that is lost.
    ///
    /// # Errors
    ///
    /// When it could not be moved; it is then still in this queue.
    fn return_to_source(
        &self,
        queue: &str,
        letter: &LetterId,
    ) -> impl Future<Output = Result<bool, QueueError>>;

    /// Takes messages away for good, at most [`AT_ONCE`]; for each, `false` if it is gone already.
    ///
    /// # Errors
    ///
    /// For each by itself, when it could not be taken away; it may then still be there.
    fn remove(
        &self,
        queue: &str,
        letters: &[LetterId],
    ) -> impl Future<Output = Vec<Result<bool, QueueError>>>;

    /// Gives back what is in hand, so that others see it at once; whatever is not given back comes back by itself.
    fn release(&self) -> impl Future<Output = ()> {
        async {}
    }
}

/// The most messages that are taken away in one call, as many as SQS takes.
pub const AT_ONCE: usize = 10;

/// What lies in a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letters {
    /// Those that can be seen, oldest first.
    pub seen: Vec<DeadLetter>,
    /// About how many more there are: somebody else has them in hand, or they are more than are looked at at once.
    pub unseen: usize,
}

/// Lets time pass between two messages.
pub trait Pace {
    /// Waits.
    fn wait(&self, time: Duration) -> impl Future<Output = ()>;
}

/// Why a dead-letter queue could not be read or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// There is none of that name.
    #[error("there is no dead-letter queue `{0}`")]
    NoSuchQueue(String),
    /// It has no queue to go back to.
    #[error(
        "the messages of `{0}` were for no queue, so there is none to go back to; once the fault is mended, purge them"
    )]
    NoSource(String),
    /// The call failed; what was said, and no part of a message.
    #[error("{0}")]
    Unavailable(String),
}
