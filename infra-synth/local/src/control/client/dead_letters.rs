use std::path::Path;

use infra_synth_operations::{DeadLetter, DeadLetterQueue, DeadLetterQueues, LetterId, Letters, QueueError};

use super::{Connection, ErrorKind, Failure, Request};

/// The dead-letter queues of the `infra-synth local` that runs with a data folder.
#[derive(Debug, Clone)]
pub struct LocalDeadLetterQueues {
    connection: Connection,
}

impl LocalDeadLetterQueues {
    /// Those of the system with this data folder, which each call finds anew.
    #[must_use]
    pub fn of(data_folder: &Path) -> Self {
        Self {
            connection: Connection::to(data_folder),
        }
    }

    fn error(&self, failure: Failure, queue: &str) -> QueueError {
        match failure {
            Failure::Refused(ErrorKind::NoSuchQueue, _) => QueueError::NoSuchQueue(queue.to_owned()),
            Failure::Refused(ErrorKind::NoSource, _) => QueueError::NoSource(queue.to_owned()),
            failure => QueueError::Unavailable(self.connection.say(failure)),
        }
    }

    async fn change(&self, request: Request, queue: &str) -> Result<bool, QueueError> {
        let changed = self.connection.change(request).await;
        changed.map_err(|failure| self.error(failure, queue))
    }
}

impl DeadLetterQueues for LocalDeadLetterQueues {
    async fn queues(&self) -> Result<Vec<DeadLetterQueue>, QueueError> {
        self.connection
            .ask(Request::DeadLetterQueues)
            .await
            .map_err(|failure| self.error(failure, ""))
    }

    async fn letters(&self, queue: &str) -> Result<Letters, QueueError> {
        let request = Request::DeadLetters {
            queue: queue.to_owned(),
        };
        let seen: Vec<DeadLetter> = self
            .connection
            .ask(request)
            .await
            .map_err(|failure| self.error(failure, queue))?;
        Ok(Letters { seen, unseen: 0 })
    }

    async fn return_to_source(&self, queue: &str, letter: &LetterId) -> Result<bool, QueueError> {
        let request = Request::Redrive {
            queue: queue.to_owned(),
            id: letter.clone(),
        };
        self.change(request, queue).await
    }

    async fn remove(&self, queue: &str, letters: &[LetterId]) -> Vec<Result<bool, QueueError>> {
        let mut results = Vec::with_capacity(letters.len());
        for letter in letters {
            let request = Request::Purge {
                queue: queue.to_owned(),
                id: letter.clone(),
            };
            results.push(self.change(request, queue).await);
        }
        results
    }
}
