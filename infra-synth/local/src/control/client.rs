use std::io;
use std::path::{Path, PathBuf};

use infra_synth_operations::{DeadLetter, DeadLetterQueue, DeadLetterQueues, LetterId, Letters, QueueError};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use super::protocol::{Answer, Change, ErrorKind, Question, Request, VERSION, socket};

/// The dead-letter queues of the `infra-synth local` that runs with a data folder.
#[derive(Debug, Clone)]
pub struct LocalDeadLetterQueues {
    folder: PathBuf,
}

/// Why a question has no answer.
enum Failure {
    /// Nobody listens.
    NotRunning,
    /// It stopped in the middle, or does not let us in.
    Broken(io::Error),
    Refused(ErrorKind, String),
}

impl LocalDeadLetterQueues {
    /// Those of the system with this data folder, which each call finds anew.
    #[must_use]
    pub fn of(data_folder: &Path) -> Self {
        Self {
            folder: data_folder.to_owned(),
        }
    }

    async fn ask<T: DeserializeOwned>(&self, request: Request, queue: &str) -> Result<Vec<T>, QueueError> {
        let folder = self.folder.display();
        self.converse(request).await.map_err(|failure| match failure {
            Failure::NotRunning => QueueError::Unavailable(format!(
                "no `infra-synth local` runs with the data folder `{folder}`; start it: infra-synth local --data-dir {folder}"
            )),
            Failure::Broken(error) => QueueError::Unavailable(format!(
                "`infra-synth local` with the data folder `{folder}` did not answer to the end ({error}); \
                 nothing is lost: see that it runs, and say the command again"
            )),
            Failure::Refused(ErrorKind::NoSuchQueue, _) => QueueError::NoSuchQueue(queue.to_owned()),
            Failure::Refused(ErrorKind::NoSource, _) => QueueError::NoSource(queue.to_owned()),
            Failure::Refused(ErrorKind::BadRequest | ErrorKind::Store, message) => {
                QueueError::Unavailable(message)
            }
        })
    }

    async fn converse<T: DeserializeOwned>(&self, request: Request) -> Result<Vec<T>, Failure> {
        let mut stream =
            UnixStream::connect(socket(&self.folder))
                .await
                .map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Failure::NotRunning,
                    _ => Failure::Broken(error),
                })?;
        let broken = |error: serde_json::Error| Failure::Broken(error.into());
        let question = Question {
            version: VERSION,
            request,
        };
        let mut line = serde_json::to_vec(&question).map_err(broken)?;
        line.push(b'\n');
        stream.write_all(&line).await.map_err(Failure::Broken)?;
        let mut lines = BufReader::new(stream).lines();
        let mut items = Vec::new();
        while let Some(line) = lines.next_line().await.map_err(Failure::Broken)? {
            match serde_json::from_str(&line).map_err(broken)? {
                Answer::Item(item) => items.push(serde_json::from_value(item).map_err(broken)?),
                Answer::Done { items: sent } if sent == items.len() => return Ok(items),
                Answer::Done { .. } => break,
                Answer::Error { kind, message } => return Err(Failure::Refused(kind, message)),
            }
        }
        Err(Failure::Broken(io::ErrorKind::UnexpectedEof.into()))
    }

    async fn change(&self, request: Request, queue: &str) -> Result<bool, QueueError> {
        let changes: Vec<Change> = self.ask(request, queue).await?;
        Ok(changes.iter().any(|change| change.changed))
    }
}

impl DeadLetterQueues for LocalDeadLetterQueues {
    async fn queues(&self) -> Result<Vec<DeadLetterQueue>, QueueError> {
        self.ask(Request::DeadLetterQueues, "").await
    }

    async fn letters(&self, queue: &str) -> Result<Letters, QueueError> {
        let request = Request::DeadLetters {
            queue: queue.to_owned(),
        };
        let seen: Vec<DeadLetter> = self.ask(request, queue).await?;
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
