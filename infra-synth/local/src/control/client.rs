//! Asking a system that runs.

mod dead_letters;
mod records;
mod traces;

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use super::protocol::{Answer, Change, ErrorKind, Question, Request, VERSION, socket};

pub use dead_letters::LocalDeadLetterQueues;
pub use records::LocalRecords;
pub use traces::LocalTraces;

/// The way to the `infra-synth local` that runs with a data folder, which each question finds anew.
#[derive(Debug, Clone)]
struct Connection {
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

impl Connection {
    fn to(data_folder: &Path) -> Self {
        Self {
            folder: data_folder.to_owned(),
        }
    }

    /// A failure in the words of who asked.
    fn say(&self, failure: Failure) -> String {
        let folder = self.folder.display();
        match failure {
            Failure::NotRunning => format!(
                "no `infra-synth local` runs with the data folder `{folder}`; start it: infra-synth local --data-dir {folder}"
            ),
            Failure::Broken(error) if error.kind() == io::ErrorKind::PermissionDenied => format!(
                "`infra-synth local` with the data folder `{folder}` answers only the user who started it; say the command \
                 as that user"
            ),
            Failure::Broken(error) if error.kind() == io::ErrorKind::InvalidInput => format!(
                "the path of the data folder `{folder}` is too long for the socket in it ({error}); say it shorter, from \
                 a folder nearer to it"
            ),
            Failure::Broken(error) => format!(
                "`infra-synth local` with the data folder `{folder}` did not answer to the end ({error}); \
                 nothing is lost: see that it runs, and say the command again"
            ),
            Failure::Refused(_, message) => message,
        }
    }

    async fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<Vec<T>, Failure> {
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

    async fn change(&self, request: Request) -> Result<bool, Failure> {
        let changes: Vec<Change> = self.ask(request).await?;
        Ok(changes.iter().any(|change| change.changed))
    }
}
