//! An appointment's way through the system, and what it waits for now.

use std::fmt;

use jiff::Timestamp;
use schedule_core::{Country, Moment};
use serde::{Deserialize, Serialize};

use crate::Entry;

/// What is known of one appointment's way. It holds nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// The appointment as it stands.
    pub entry: Entry,
    /// The request that asked for it, where that is known.
    pub request_id: Option<String>,
    /// When its status last changed.
    pub updated_at: Option<Moment>,
    /// The countries that have a row of it.
    pub rows: Vec<Country>,
    /// Why it is not known which countries have one, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_unknown: Option<String>,
    /// The messages about it that lie in queues.
    pub messages: Vec<LyingMessage>,
    /// What happened to it, in order, as far as that is remembered.
    pub events: Vec<TraceEvent>,
}

/// A message that lies in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LyingMessage {
    /// The queue.
    pub queue: String,
    /// The message's id.
    pub message_id: String,
    /// How often it was received so far.
    pub receive_count: u32,
    /// For how many more seconds nobody sees it; none where it can be received now.
    pub hidden_seconds: Option<u64>,
    /// Whether the queue holds what was given up.
    pub is_dead_letter: bool,
}

/// A step of the way, and when it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub step: TraceStep,
}

/// What can happen to an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TraceStep {
    /// It is in the table.
    Stored,
    /// The topic has taken its announcement.
    Announced,
    /// A message about it is in a queue.
    Delivered {
        /// The queue.
        queue: String,
        /// The message's id.
        message_id: String,
    },
    /// A function was given the message.
    Received {
        /// The queue.
        queue: String,
        /// The message's id.
        message_id: String,
        /// Which attempt this is, counted from 1.
        attempt: u32,
    },
    /// That function did not process it.
    Failed {
        /// The queue.
        queue: String,
        /// The message's id.
        message_id: String,
        /// Which attempt this is, counted from 1.
        attempt: u32,
    },
    /// Its country's database has its row.
    RowWritten {
        /// The country.
        country: Country,
    },
    /// The bus has taken its confirmation.
    Confirmed,
    /// It is `COMPLETED` in the table.
    Completed,
}

impl fmt::Display for TraceStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stored => formatter.write_str("stored in the table"),
            Self::Announced => formatter.write_str("announced to the topic"),
            Self::Delivered { queue, message_id } => {
                write!(formatter, "delivered to {queue} as message {message_id}")
            }
            Self::Received { queue, attempt, .. } => {
                write!(formatter, "received from {queue}, attempt {attempt}")
            }
            Self::Failed { queue, attempt, .. } => {
                write!(
                    formatter,
                    "FAILED attempt {attempt} from {queue}; the function's log says why"
                )
            }
            Self::RowWritten { country } => write!(formatter, "row in the database of {country}"),
            Self::Confirmed => formatter.write_str("confirmed to the bus"),
            Self::Completed => formatter.write_str("completed"),
        }
    }
}

/// Where an appointment stands, and so what it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It is completed, with its row.
    Complete,
    /// It is completed without a row.
    RowLost,
    /// It is completed, and its country's database does not say whether it has a row.
    RowUnknown,
    /// A message about it was given up.
    GivenUp(&'a LyingMessage),
    /// A message about it is on its way.
    UnderWay(&'a LyingMessage),
    /// Nothing is on its way, and it is announced again at this time.
    AnnouncedAgain(Moment),
    /// Nothing is on its way, and nothing will be.
    Forgotten,
}

impl Trace {
    /// Where the appointment stands at `now`.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing<'_> {
        if !self.entry.is_pending() {
            let has_row = self.rows.contains(&self.entry.country);
            return if has_row {
                Standing::Complete
            } else if self.rows_unknown.is_some() {
                Standing::RowUnknown
            } else {
                Standing::RowLost
            };
        }
        // What is under way may mend what was given up.
        let under_way = self.messages.iter().find(|message| !message.is_dead_letter);
        if let Some(message) = under_way {
            return Standing::UnderWay(message);
        }
        if let Some(message) = self.messages.first() {
            return Standing::GivenUp(message);
        }
        match &self.entry.announcement {
            Some(announcement) if !self.entry.is_forgotten(now) => {
                Standing::AnnouncedAgain(announcement.after)
            }
            _ => Standing::Forgotten,
        }
    }
}

impl Standing<'_> {
    /// In words, with the command that helps; `system` is the options by which a command means the system that was looked
    /// at.
    #[must_use]
    pub fn told(&self, system: &str) -> String {
        match self {
            Self::Complete => "completed; it waits for nothing".to_owned(),
            Self::RowLost => {
                format!("completed, but its country has no row: infra-synth reconcile {system} --apply")
            }
            Self::RowUnknown => "completed; whether its country has its row is not known".to_owned(),
            Self::GivenUp(message) => format!(
                "pending; message {} was given up and lies in {}: infra-synth dead-letters show {0} {system}",
                message.message_id, message.queue
            ),
            Self::UnderWay(message) => {
                let whereabouts = match (message.receive_count, message.hidden_seconds) {
                    (0, _) => " and was not received yet".to_owned(),
                    (attempts, Some(seconds)) => {
                        format!(", attempt {attempts}: a function has it, or it comes again in {seconds} s")
                    }
                    (attempts, None) => format!(" and comes again, after {attempts} attempts"),
                };
                format!("pending; a message about it is in {}{whereabouts}", message.queue)
            }
            Self::AnnouncedAgain(after) => {
                format!("pending; no message about it is under way; it is announced again at {after}")
            }
            Self::Forgotten => format!(
                "pending; no message about it is under way and nothing announces it: infra-synth reconcile {system} \
                 --apply"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use schedule_core::doubles::sample_id;
    use schedule_core::{Announcement, Status};

    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_900_000_000).unwrap()
    }

    fn pending() -> Trace {
        Trace {
            entry: Entry {
                appointment_id: sample_id(1),
                country: Country::PE,
                status: Status::Pending,
                created: Moment::new(now()),
                announcement: Some(Announcement::first(&sample_id(1), now())),
            },
            request_id: None,
            updated_at: None,
            rows: Vec::new(),
            rows_unknown: None,
            messages: Vec::new(),
            events: Vec::new(),
        }
    }

    fn message(queue: &str, receive_count: u32, is_dead_letter: bool) -> LyingMessage {
        LyingMessage {
            queue: queue.to_owned(),
            message_id: "m".to_owned(),
            receive_count,
            hidden_seconds: None,
            is_dead_letter,
        }
    }

    #[track_caller]
    fn check(trace: &Trace, expected: &str) {
        let said = trace.standing(now()).told("--local");
        assert!(said.contains(expected), "{said}");
    }

    #[test]
    fn what_an_appointment_waits_for_is_said_with_what_to_do() {
        let mut trace = pending();
        check(&trace, "it is announced again at 2030-03-17T17:48:40.000Z");
        trace.messages.push(message("dead", 5, true));
        check(&trace, "lies in dead: infra-synth dead-letters show m --local");
        trace.messages.push(message("queue", 0, false));
        check(&trace, "is in queue and was not received yet");
        trace.messages[1].receive_count = 2;
        check(&trace, "comes again, after 2 attempts");
        trace.messages[1].hidden_seconds = Some(175);
        check(&trace, "attempt 2: a function has it, or it comes again in 175 s");
        trace.messages.clear();
        trace.entry.announcement = None;
        check(
            &trace,
            "nothing announces it: infra-synth reconcile --local --apply",
        );
        trace.entry.status = Status::Completed;
        check(
            &trace,
            "its country has no row: infra-synth reconcile --local --apply",
        );
        trace.rows_unknown = Some("away".to_owned());
        check(&trace, "whether its country has its row is not known");
        trace.rows_unknown = None;
        trace.rows.push(Country::CL);
        check(&trace, "its country has no row");
        trace.rows.push(Country::PE);
        check(&trace, "it waits for nothing");
    }
}
