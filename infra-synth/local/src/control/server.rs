use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::protocol::{Answer, Change, ErrorKind, Question, Request, VERSION, socket};
use super::{OperationError, Operations};
use crate::start::DataLocation;

/// Far longer than any request.
const LONGEST_LINE: u64 = 64 * 1024;

/// How long no connection is taken after one could not be.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);

/// Listens in the data folder from now on, if there is one; the task ends when it is told to stop, and takes the socket away.
///
/// A system that cannot be asked still runs: the functions do not need this.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    data: &DataLocation,
    operations: Operations,
    mut stopped: watch::Receiver<bool>,
) {
    let DataLocation::Folder(folder) = data else {
        return;
    };
    let path = socket(folder);
    let listener = match listen(&path) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "no control socket: the commands for operations cannot reach this system");
            return;
        }
    };
    let operations = Arc::new(operations);
    tasks.spawn(async move {
        let mut conversations = JoinSet::new();
        loop {
            let stream = tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => break,
                Some(_) = conversations.join_next() => continue,
                stream = accept(&listener) => stream,
            };
            let operations = Arc::clone(&operations);
            conversations.spawn(async move {
                // Who asked may leave before the answer.
                let _ = converse(stream, &operations).await;
            });
        }
        let _ = fs::remove_file(&path);
    });
}

/// The next connection. That none can be taken for now, as when no file can be opened any more, passes.
async fn accept(listener: &UnixListener) -> UnixStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) => {
                tracing::warn!(%error, "the control socket cannot answer for now");
                tokio::time::sleep(ACCEPT_AGAIN).await;
            }
        }
    }
}

/// The folder is locked by this process, so a socket that lies there is a killed one's. Nobody sees the new one under
/// its name before its mode is right.
fn listen(path: &Path) -> io::Result<UnixListener> {
    let unfinished = path.with_extension("new");
    if let Err(error) = fs::remove_file(&unfinished)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let listener = UnixListener::bind(&unfinished)?;
    fs::set_permissions(&unfinished, Permissions::from_mode(0o600))?;
    fs::rename(&unfinished, path)?;
    Ok(listener)
}

async fn converse(mut stream: UnixStream, operations: &Operations) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    BufReader::new(reader.take(LONGEST_LINE))
        .read_line(&mut line)
        .await?;
    let mut answer = Vec::new();
    match answer_to(&line, operations).await {
        Ok(items) => {
            let items_sent = items.len();
            for item in items {
                add_line(&mut answer, &Answer::Item(item))?;
            }
            add_line(&mut answer, &Answer::Done { items: items_sent })?;
        }
        Err(Refused { kind, message }) => add_line(&mut answer, &Answer::Error { kind, message })?,
    }
    writer.write_all(&answer).await?;
    writer.shutdown().await
}

fn add_line(answer: &mut Vec<u8>, line: &Answer) -> io::Result<()> {
    serde_json::to_writer(&mut *answer, line)?;
    answer.push(b'\n');
    Ok(())
}

/// Why a request was not done.
struct Refused {
    kind: ErrorKind,
    message: String,
}

impl Refused {
    fn bad_request(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::BadRequest,
            message: message.into(),
        }
    }
}

impl From<OperationError> for Refused {
    fn from(error: OperationError) -> Self {
        let kind = match error {
            OperationError::NoSuchQueue(_) => ErrorKind::NoSuchQueue,
            OperationError::NoSource(_) => ErrorKind::NoSource,
            OperationError::Store(_) => ErrorKind::Store,
            OperationError::Port(_) | OperationError::NoTable => ErrorKind::Unavailable,
        };
        Self {
            kind,
            message: error.to_string(),
        }
    }
}

async fn answer_to(line: &str, operations: &Operations) -> Result<Vec<Value>, Refused> {
    // The version first: another one's requests need not be known here.
    let question: Value =
        serde_json::from_str(line).map_err(|_| Refused::bad_request("the request is no line of JSON"))?;
    let version = question.get("version").and_then(Value::as_u64);
    if version != Some(VERSION.into()) {
        return Err(Refused::bad_request(format!(
            "this system speaks version {VERSION} of the control protocol; use the `infra-synth` that it was started with"
        )));
    }
    let question: Question = serde_json::from_value(question).map_err(|_| {
        Refused::bad_request(
            "this system does not know the request; use the `infra-synth` that it was started with",
        )
    })?;
    let changed = |changed| values([Change { changed }]);
    match question.request {
        Request::DeadLetterQueues => values(operations.dead_letter_queues.iter()),
        Request::DeadLetters { queue } => values(operations.dead_letters(&queue)?),
        Request::Redrive { queue, id } => changed(operations.redrive(&queue, &id).await?),
        Request::Purge { queue, id } => changed(operations.purge(&queue, &id).await?),
        Request::Entries { from } => values([operations.ledger()?.entries(from.as_deref())?]),
        Request::EntriesOf { ids } => values(operations.ledger()?.entries_of(&ids)?),
        Request::Rows {
            country,
            after,
            since,
        } => values(
            operations
                .ledger()?
                .rows(country, after.as_deref(), since)
                .await?,
        ),
        Request::RowsOf { country, ids } => values(operations.ledger()?.rows_of(country, &ids).await?),
        Request::Complete { id } => changed(operations.ledger()?.complete(&id).await?),
        Request::Announce { id } => changed(operations.ledger()?.announce(&id).await?),
        Request::Trace { id } => values(operations.traces(&id).await?),
    }
}

fn values<T: Serialize>(items: impl IntoIterator<Item = T>) -> Result<Vec<Value>, Refused> {
    let items = items.into_iter().map(serde_json::to_value);
    items.collect::<Result<_, _>>().map_err(|_| Refused {
        kind: ErrorKind::Store,
        message: "what is stored cannot be written as JSON".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    async fn refusal(line: &str) -> (ErrorKind, String) {
        let model = &mut Model::default();
        let store = Arc::new(crate::store::Store::in_memory());
        let database = crate::DatabaseServer::stand_in();
        let cloud = crate::cloud::Cloud::open(model, store, crate::Environment::default(), database).unwrap();
        let template = infra_synth_cfn::Template::from_value(serde_json::json!({}));
        let operations = Operations::new(&template, model, &Arc::new(cloud), None);
        let refused = answer_to(line, &operations).await.err().unwrap();
        (refused.kind, refused.message)
    }

    #[tokio::test]
    async fn what_is_no_request_of_this_version_is_refused() {
        for line in [
            "",
            "[",
            r#"{"request":"deadLetterQueues"}"#,
            r#"{"version":2,"request":"deadLetterQueues"}"#,
            r#"{"version":1,"request":"format"}"#,
        ] {
            assert_eq!(refusal(line).await.0, ErrorKind::BadRequest, "{line}");
        }
    }

    #[tokio::test]
    async fn a_queue_that_is_not_there_is_said_by_name() {
        let (kind, message) = refusal(r#"{"version":1,"request":"deadLetters","queue":"q"}"#).await;
        assert_eq!(kind, ErrorKind::NoSuchQueue);
        assert!(message.contains("`q`"));
    }
}
