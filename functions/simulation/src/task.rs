use std::{fmt, pin::Pin};

use schedule_core::AppointmentId;
use schedule_handlers::HandlerError;

use crate::{
    Millis,
    queue::{Message, Purpose, QueueName},
};

/// One run of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TaskId {
    pub(crate) number: u64,
    pub(crate) name: &'static str,
}

impl fmt::Display for TaskId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.name, self.number)
    }
}

/// What a run is about, and so what its end means.
pub(crate) enum Work {
    Request {
        client: usize,
        variant: usize,
        /// Whether the key had its appointment before.
        stored_before: bool,
    },
    Look {
        client: usize,
    },
    Batch {
        queue: QueueName,
        messages: Vec<Message>,
    },
    Republish,
}

impl fmt::Display for Work {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request { client, variant, .. } => {
                let request = ["its request", "its request in other words", "another request"][*variant];
                write!(formatter, "client {client} sends {request}")
            }
            Self::Look { client } => write!(formatter, "client {client} looks"),
            Self::Batch { messages, .. } => {
                for message in messages {
                    let about = match message.purpose {
                        Purpose::Appointment(id) => id.to_string(),
                        Purpose::Poison => "poison".to_owned(),
                    };
                    write!(
                        formatter,
                        "{} ({about}, receive {}) ",
                        message.id, message.receives
                    )?;
                }
                Ok(())
            }
            Self::Republish => formatter.write_str("by the schedule"),
        }
    }
}

pub(crate) type Running = Pin<Box<dyn Future<Output = Result<Vec<u8>, HandlerError>> + Send>>;

/// A function at work.
pub(crate) struct Task {
    pub(crate) id: TaskId,
    pub(crate) work: Work,
    pub(crate) future: Running,
    pub(crate) deadline: Millis,
    /// How much went wrong around it so far.
    pub(crate) faults: u32,
    /// What the bus took from it.
    pub(crate) confirmed: Vec<AppointmentId>,
}
