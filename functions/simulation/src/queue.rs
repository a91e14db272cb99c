use std::sync::Arc;

use fastrand::Rng;
use schedule_core::{AppointmentId, Country};

use crate::{MINUTE, Millis};

/// How long a message is hidden: six times the consumer's timeout, as the stack declares it.
pub(crate) const VISIBILITY: Millis = 3 * MINUTE;
/// How often a message is received before it is a dead letter, as the stack declares it.
pub(crate) const MOST_RECEIVES: u32 = 5;
/// How many messages a function gets at once, as the stack declares it.
pub(crate) const BATCH: usize = 10;

/// The queues of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueueName {
    Country(Country),
    Confirmation,
}

impl QueueName {
    pub(crate) const ALL: [Self; 3] = [
        Self::Country(Country::PE),
        Self::Country(Country::CL),
        Self::Confirmation,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Country(Country::PE) => "appointment-queue-pe",
            Self::Country(Country::CL) => "appointment-queue-cl",
            Self::Confirmation => "appointment-confirmation-queue",
        }
    }

    /// The function that reads it.
    pub(crate) const fn consumer(self) -> &'static str {
        match self {
            Self::Country(Country::PE) => "processAppointmentPE",
            Self::Country(Country::CL) => "processAppointmentCL",
            Self::Confirmation => "processConfirmation",
        }
    }
}

/// What a message is for, as the simulation knows and the functions have to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is about this appointment, and can be processed.
    Appointment(AppointmentId),
    /// It can never be processed.
    Poison,
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) body: Arc<str>,
    pub(crate) purpose: Purpose,
    pub(crate) visible_at: Millis,
    pub(crate) receives: u32,
    /// How many of its receives met a fault.
    pub(crate) excused: u32,
}

impl Message {
    pub(crate) fn is_processable(&self) -> bool {
        self.purpose != Purpose::Poison
    }

    /// Whether faults explain that it is a dead letter, or what it is.
    pub(crate) fn may_be_dead(&self) -> bool {
        !self.is_processable() || self.excused >= MOST_RECEIVES
    }
}

/// A queue of SQS with its dead-letter queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) name: QueueName,
    pub(crate) messages: Vec<Message>,
    pub(crate) dead_letters: Vec<Message>,
}

impl Queue {
    pub(crate) const fn new(name: QueueName) -> Self {
        Self {
            name,
            messages: Vec::new(),
            dead_letters: Vec::new(),
        }
    }

    /// Takes some of what is visible, in any order, and lays aside what was received too often.
    pub(crate) fn receive(&mut self, now: Millis, rng: &mut Rng) -> Vec<Message> {
        rng.shuffle(&mut self.messages);
        let most = rng.usize(1..=BATCH);
        let mut batch = Vec::new();
        let mut place = 0;
        while place < self.messages.len() && batch.len() < most {
            let message = &mut self.messages[place];
            if message.visible_at > now {
                place += 1;
            } else if message.receives == MOST_RECEIVES {
                let dead = self.messages.swap_remove(place);
                self.dead_letters.push(dead);
            } else {
                message.receives += 1;
                message.visible_at = now + VISIBILITY;
                batch.push(message.clone());
                place += 1;
            }
        }
        batch
    }

    pub(crate) fn excuse(&mut self, id: u64) {
        if let Some(message) = self.messages.iter_mut().find(|message| message.id == id) {
            message.excused += 1;
        }
    }

    /// Lets a message be received again before its time.
    pub(crate) fn show_again(&mut self, id: u64, at: Millis) {
        if let Some(message) = self.messages.iter_mut().find(|message| message.id == id) {
            message.visible_at = at;
            message.excused += 1;
        }
    }

    pub(crate) fn delete(&mut self, id: u64) {
        self.messages.retain(|message| message.id != id);
    }
}
