use std::collections::{BTreeMap, BTreeSet};

use schedule_core::{Announcement, Appointment, AppointmentId, AppointmentItem, Country, Status};

use crate::{
    Millis, SECOND, Violation, function,
    queue::{Message, Purpose, QueueName},
    world::World,
};

/// The least time between two runs that announce the same appointment: its claim holds for a while, and a function that was
/// started before it made the claim is ended at its timeout.
fn between_runs() -> Millis {
    Announcement::FIRST_DELAY.as_secs() * SECOND - function::timeout(function::REPUBLISH)
}

/// What the outside was told, and what was seen: what the promise is checked against.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    /// What is in the table, as it was last seen.
    pub(crate) items: BTreeMap<AppointmentId, Appointment>,
    /// What was answered 201.
    pub(crate) accepted: BTreeSet<AppointmentId>,
    /// Messages that nobody can process: number, queue and body.
    pub(crate) poison: Vec<(u64, QueueName, std::sync::Arc<str>)>,
    /// When an appointment was last announced again.
    pub(crate) announced: BTreeMap<AppointmentId, Millis>,
}

impl Audit {
    pub(crate) fn all_completed(&self) -> bool {
        self.items.values().all(|item| item.status == Status::Completed)
    }
}

impl World {
    /// An item of the table was written: `stored` is all that the table holds now.
    pub(crate) fn table_written(&mut self, stored: &[AppointmentItem]) {
        let mut gone = self.audit.items.keys().copied().collect::<BTreeSet<_>>();
        for item in stored {
            let appointment = &item.appointment;
            let id = appointment.appointment_id;
            gone.remove(&id);
            let before = self.audit.items.get(&id);
            if before == Some(appointment) {
                continue;
            }
            if before.is_some_and(|before| before.status == Status::Completed) {
                self.violated(Violation::CompletedTwice(id));
            }
            if appointment.status == Status::Completed && self.count_rows(appointment.country_iso, id) == 0 {
                self.violated(Violation::CompletedWithoutRow(id));
            }
            self.audit.items.insert(id, appointment.clone());
        }
        if let Some(id) = gone.first() {
            self.violated(Violation::Disappeared(*id));
        }
    }

    /// Rows were written in a country.
    pub(crate) fn rows_written(&mut self, country: Country) {
        let mut seen = BTreeSet::new();
        for row in self.database(country).rows() {
            let id = row.appointment_id;
            match self.audit.items.get(&id) {
                Some(item) if item.country_iso == country => {
                    let accepted = Appointment {
                        status: row.status,
                        updated_at: row.updated_at,
                        ..item.clone()
                    };
                    if accepted != row {
                        self.violated(Violation::OtherRow(id));
                    }
                }
                _ => self.violated(Violation::StrayRow(id, country)),
            }
            if !seen.insert(id) {
                self.violated(Violation::TwoRows(id, country));
            }
        }
    }

    /// A run announced an appointment again.
    pub(crate) fn announced_again(&mut self, id: AppointmentId) {
        let now = self.now;
        if let Some(before) = self.audit.announced.insert(id, now)
            && now - before < between_runs()
        {
            self.violated(Violation::AnnouncedTwice(id, now - before));
        }
    }

    /// A queue is told to forget a message: its work must be done.
    pub(crate) fn deleted(&mut self, queue: QueueName, message: &Message, confirmed: &[AppointmentId]) {
        let done = match (queue, message.purpose) {
            (_, Purpose::Poison) => false,
            (QueueName::Country(country), Purpose::Appointment(id)) => {
                confirmed.contains(&id) && self.count_rows(country, id) == 1
            }
            (QueueName::Confirmation, Purpose::Appointment(id)) => self.is_completed(id),
        };
        if !done {
            self.violated(Violation::DeletedUndone(message.id, queue.as_str()));
        }
    }

    /// All is quiet: what was promised must be so.
    pub(crate) fn check_promise(&mut self) {
        let ids: Vec<_> = self
            .audit
            .items
            .keys()
            .chain(&self.audit.accepted)
            .copied()
            .collect();
        for id in ids {
            if !self.is_completed(id) {
                self.violated(Violation::NotCompleted(id));
            }
        }
        let letters = self.queues.iter().flat_map(|queue| {
            let unexplained = queue.dead_letters.iter().filter(|letter| !letter.may_be_dead());
            unexplained.map(|letter| Violation::UnexplainedDeadLetter(letter.id, queue.name.as_str()))
        });
        let poison = self.audit.poison.iter().filter_map(|(id, name, body)| {
            let queue = self.queues.iter().find(|queue| queue.name == *name)?;
            let whole = queue
                .dead_letters
                .iter()
                .filter(|letter| letter.id == *id && letter.body == *body);
            (whole.count() != 1).then(|| Violation::PoisonLost(*id, name.as_str()))
        });
        if let Some(violation) = letters.chain(poison).next() {
            self.violated(violation);
        }
    }

    fn is_completed(&self, id: AppointmentId) -> bool {
        let item = self.audit.items.get(&id);
        item.is_some_and(|item| item.status == Status::Completed)
    }

    fn count_rows(&self, country: Country, id: AppointmentId) -> usize {
        let rows = self.database(country).rows();
        rows.iter().filter(|row| row.appointment_id == id).count()
    }
}
