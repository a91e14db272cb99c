//! What is said on the socket: one line of JSON asks, lines of JSON answer, and the last one says how it ended.

use std::path::{Path, PathBuf};

use infra_synth_operations::{Entry, LetterId};
use schedule_core::{AppointmentId, Country, Moment};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Raised when a request or an answer changes its meaning; a new request does not.
pub(super) const VERSION: u32 = 1;

/// Where a system with this data folder listens.
pub(super) fn socket(data_folder: &Path) -> PathBuf {
    data_folder.join("control.sock")
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) version: u32,
    #[serde(flatten)]
    pub(super) request: Request,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "camelCase")]
pub(super) enum Request {
    /// Items are the dead-letter queues.
    DeadLetterQueues,
    /// Items are the messages of one, oldest first.
    DeadLetters { queue: String },
    /// The item says whether it was still there.
    Redrive { queue: String, id: LetterId },
    /// The item says whether it was still there.
    Purge { queue: String, id: LetterId },
    /// The item is a part of the table.
    Entries { from: Option<String> },
    /// Items are those of the appointments that the table has.
    EntriesOf { ids: Vec<AppointmentId> },
    /// Items are the keys of a part of a country's rows.
    Rows {
        country: Country,
        after: Option<String>,
        since: Option<Moment>,
    },
    /// Items are the keys of those appointments that have a row.
    RowsOf {
        country: Country,
        ids: Vec<AppointmentId>,
    },
    /// The item says whether it had to be.
    Complete { id: AppointmentId },
    /// The item says whether it was.
    Announce { id: AppointmentId },
    /// Items are the ways of the appointment, or of those that the request asked for.
    Trace { id: String },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Answer {
    Item(Value),
    /// The last line of an answer that is whole.
    Done {
        items: usize,
    },
    /// The last line of one that is not.
    Error {
        kind: ErrorKind,
        message: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ErrorKind {
    /// The line is no request of this version.
    BadRequest,
    NoSuchQueue,
    NoSource,
    /// The data folder cannot be read or written.
    Store,
    /// The table, the topic or a country's database does not answer.
    Unavailable,
}

/// An item of [`Request::EntriesOf`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    pub(super) appointment_id: AppointmentId,
    /// None where the item does not read.
    pub(super) entry: Option<Entry>,
}

/// An item of the requests that change something.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) changed: bool,
}

#[cfg(test)]
mod tests {
    use schedule_core::doubles::sample_id;
    use serde_json::json;

    use super::*;

    /// What is written here is in `docs/operations.md`: another shape needs another version.
    #[test]
    fn the_shapes_are_those_that_are_documented() {
        let check = |value: Value, expected: Value| assert_eq!(value, expected);
        let ask = |request| {
            serde_json::to_value(Question {
                version: VERSION,
                request,
            })
            .unwrap()
        };
        let (queue, id) = ("q".to_owned(), LetterId("i".to_owned()));
        check(
            ask(Request::DeadLetterQueues),
            json!({"version": 1, "request": "deadLetterQueues"}),
        );
        check(
            ask(Request::DeadLetters { queue: queue.clone() }),
            json!({"version": 1, "request": "deadLetters", "queue": "q"}),
        );
        check(
            ask(Request::Redrive { queue, id }),
            json!({"version": 1, "request": "redrive", "queue": "q", "id": "i"}),
        );
        let (appointment_id, country) = (sample_id(1), Country::PE);
        let id = appointment_id.to_string();
        let ids = vec![appointment_id];
        check(
            ask(Request::Entries { from: None }),
            json!({"version": 1, "request": "entries", "from": null}),
        );
        check(
            ask(Request::EntriesOf { ids: ids.clone() }),
            json!({"version": 1, "request": "entriesOf", "ids": [id]}),
        );
        let (after, since) = (None, None);
        check(
            ask(Request::Rows {
                country,
                after,
                since,
            }),
            json!({"version": 1, "request": "rows", "country": "PE", "after": null, "since": null}),
        );
        check(
            ask(Request::RowsOf { country, ids }),
            json!({"version": 1, "request": "rowsOf", "country": "PE", "ids": [id]}),
        );
        check(
            ask(Request::Complete { id: appointment_id }),
            json!({"version": 1, "request": "complete", "id": id}),
        );
        check(
            ask(Request::Announce { id: appointment_id }),
            json!({"version": 1, "request": "announce", "id": id}),
        );
        check(
            ask(Request::Trace { id: id.clone() }),
            json!({"version": 1, "request": "trace", "id": id}),
        );
        let answer = |answer: Answer| serde_json::to_value(answer).unwrap();
        check(answer(Answer::Item(json!(1))), json!({"item": 1}));
        check(answer(Answer::Done { items: 1 }), json!({"done": {"items": 1}}));
        check(
            answer(Answer::Error {
                kind: ErrorKind::NoSuchQueue,
                message: "m".to_owned(),
            }),
            json!({"error": {"kind": "noSuchQueue", "message": "m"}}),
        );
    }
}
