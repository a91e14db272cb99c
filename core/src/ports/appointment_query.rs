use crate::domain::{Appointment, AppointmentId, Countries, DateSchedule, InsuredId, Status};

/// What is asked of the table: a part of an insured's appointments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppointmentQuery {
    /// Whose appointments.
    pub insured_id: InsuredId,
    /// Which of them.
    pub filter: AppointmentFilter,
    /// Of which countries.
    pub countries: Countries,
    /// Only what comes after this place.
    pub after: Option<Position>,
    /// At most so many; at least one.
    pub limit: usize,
}

impl AppointmentQuery {
    /// Whether the appointment is one of those asked for, wherever it stands.
    #[must_use]
    pub fn matches(&self, appointment: &Appointment) -> bool {
        appointment.insured_id == self.insured_id
            && self.countries.contains(appointment.country_iso)
            && self.filter.matches(appointment)
    }
}

/// What narrows a list; what is absent does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AppointmentFilter {
    /// Those that take place then or later.
    pub from: Option<DateSchedule>,
    /// Those that take place before then.
    pub to: Option<DateSchedule>,
    /// Those of this status.
    pub status: Option<Status>,
}

impl AppointmentFilter {
    /// Whether the appointment passes.
    #[must_use]
    pub fn matches(&self, appointment: &Appointment) -> bool {
        self.from.is_none_or(|from| from <= appointment.date_schedule)
            && self.to.is_none_or(|to| appointment.date_schedule < to)
            && self.status.is_none_or(|status| status == appointment.status)
    }

    /// Whether nothing can pass: it ends before it begins.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if to <= from)
    }
}

/// A place in the list of an insured: just after an appointment.
///
/// The order of the list is that of `date_schedule` as text, and of the ids in any order that stays the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The appointment's range key in the index, as it is stored: an older system wrote instants in other forms.
    pub date_schedule: String,
    /// The appointment.
    pub appointment_id: AppointmentId,
}

impl From<&Appointment> for Position {
    fn from(appointment: &Appointment) -> Self {
        Self {
            date_schedule: appointment.date_schedule.to_string(),
            appointment_id: appointment.appointment_id,
        }
    }
}

/// A part of a list, and where it goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppointmentPage {
    /// The appointments, earliest `dateSchedule` first.
    pub appointments: Vec<Appointment>,
    /// The place of the last of them, if there are more.
    pub next: Option<Position>,
}

impl AppointmentPage {
    /// The first `limit` of what was found, in its order; one found beyond them says that there are more.
    #[must_use]
    pub fn of(mut found: Vec<(Position, Appointment)>, limit: usize) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        Self {
            next: found.last().filter(|_| more).map(|(place, _)| place.clone()),
            appointments: found.into_iter().map(|(_, appointment)| appointment).collect(),
        }
    }
}
