//! What happened to the latest appointments, in memory: for whoever asks where one is.
//!
//! It is on the way of every request, so that noting a step costs a lock and a few words, and it keeps so many steps and
//! no more. A restart loses it: where an appointment stands is in the store, and only the times of its steps are lost.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use infra_synth_operations::{TraceEvent, TraceStep};
use jiff::Timestamp;
use schedule_core::{AppointmentId, Country};
use uuid::Uuid;

use crate::queue::Queue;

/// Some nine steps an appointment: more than 27,000 appointments, in 16 MB at most.
const MOST: usize = 250_000;

#[derive(Default)]
pub(crate) struct Journal {
    steps: Mutex<VecDeque<(Timestamp, Step)>>,
}

/// A step as it is noted: what a message is about is known only where it was sent.
pub(crate) enum Step {
    Stored(AppointmentId),
    Announced(AppointmentId),
    Delivered(AppointmentId, Arc<Queue>, Uuid),
    Received(Uuid, Arc<Queue>, u32),
    Failed(Uuid, Arc<Queue>, u32),
    RowWritten(AppointmentId, Country),
    Confirmed(AppointmentId),
    Completed(AppointmentId),
}

impl Journal {
    /// Notes steps that happened just now, together.
    pub(crate) fn note(&self, steps: impl IntoIterator<Item = Step>) {
        let now = Timestamp::now();
        let mut kept = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        for step in steps {
            if kept.len() == MOST {
                kept.pop_front();
            }
            kept.push_back((now, step));
        }
    }

    /// What is remembered of an appointment, in order.
    pub(crate) fn of(&self, id: &AppointmentId) -> Vec<TraceEvent> {
        let kept = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let messages: BTreeSet<Uuid> = kept
            .iter()
            .filter_map(|(_, step)| match step {
                Step::Delivered(about, _, message) if about == id => Some(*message),
                _ => None,
            })
            .collect();
        let mut events: Vec<TraceEvent> = kept
            .iter()
            .filter(|(_, step)| match step {
                Step::Received(message, ..) | Step::Failed(message, ..) => messages.contains(message),
                Step::Stored(about)
                | Step::Announced(about)
                | Step::Delivered(about, ..)
                | Step::RowWritten(about, _)
                | Step::Confirmed(about)
                | Step::Completed(about) => about == id,
            })
            .map(|(at, step)| TraceEvent {
                at: *at,
                step: told(step),
            })
            .collect();
        // Two threads may have noted theirs in the other order.
        events.sort_by_key(|event| event.at);
        events
    }
}

fn told(step: &Step) -> TraceStep {
    let name = |queue: &Arc<Queue>| queue.config.name.clone();
    match step {
        Step::Stored(_) => TraceStep::Stored,
        Step::Announced(_) => TraceStep::Announced,
        Step::Delivered(_, queue, message) => TraceStep::Delivered {
            queue: name(queue),
            message_id: message.to_string(),
        },
        Step::Received(message, queue, attempt) => TraceStep::Received {
            queue: name(queue),
            message_id: message.to_string(),
            attempt: *attempt,
        },
        Step::Failed(message, queue, attempt) => TraceStep::Failed {
            queue: name(queue),
            message_id: message.to_string(),
            attempt: *attempt,
        },
        Step::RowWritten(_, country) => TraceStep::RowWritten { country: *country },
        Step::Confirmed(_) => TraceStep::Confirmed,
        Step::Completed(_) => TraceStep::Completed,
    }
}

#[cfg(test)]
mod tests {
    use schedule_core::doubles::sample_id;

    use super::*;

    #[test]
    fn the_oldest_steps_are_forgotten_and_no_other_appointments_are_told() {
        let journal = Journal::default();
        journal.note([Step::Stored(sample_id(1)), Step::Stored(sample_id(2))]);
        assert_eq!(journal.of(&sample_id(1)).len(), 1);
        journal.note((1..MOST).map(|_| Step::Completed(sample_id(2))));
        assert_eq!(journal.of(&sample_id(1)), []);
        assert_eq!(journal.of(&sample_id(2)).len(), MOST);
    }
}
