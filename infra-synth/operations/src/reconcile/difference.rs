use jiff::Timestamp;
use schedule_core::{Announcement, AppointmentId, Country, Moment};

use super::Entry;

/// In what the table and a country's database contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// It is completed and has no row.
    CompletedWithoutRow,
    /// It has a row, and is pending longer than a confirmation takes.
    PendingWithRow,
    /// It is pending, has no row, and nothing will announce it again.
    NotAnnounced,
    /// A row of an appointment that the table does not know.
    UnknownRow,
    /// A row of an appointment that the table knows in another country.
    MisplacedRow,
}

impl Difference {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::CompletedWithoutRow,
        Self::PendingWithRow,
        Self::NotAnnounced,
        Self::UnknownRow,
        Self::MisplacedRow,
    ];

    /// What is wrong with an appointment of the table, if anything is.
    #[must_use]
    pub fn of(entry: &Entry, has_row: bool, now: Timestamp) -> Option<Self> {
        let has_waited = entry.created <= Announcement::waiting_since(now);
        match (entry.is_pending(), has_row) {
            (false, true) => None,
            (false, false) => Some(Self::CompletedWithoutRow),
            (true, true) => has_waited.then_some(Self::PendingWithRow),
            (true, false) => (has_waited && entry.is_forgotten(now)).then_some(Self::NotAnnounced),
        }
    }

    /// Its name, for a person and for a machine.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CompletedWithoutRow => "completed-without-row",
            Self::PendingWithRow => "pending-with-row",
            Self::NotAnnounced => "not-announced",
            Self::UnknownRow => "unknown-row",
            Self::MisplacedRow => "misplaced-row",
        }
    }

    /// What is done about it, or by whom.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::CompletedWithoutRow => "--apply announces it again: its country writes the row anew",
            Self::PendingWithRow => "--apply completes it",
            Self::NotAnnounced => "--apply announces it again",
            Self::UnknownRow => {
                "by hand: nobody was told of it; was the table restored to an earlier moment?"
            }
            Self::MisplacedRow => "by hand: delete the row where it does not belong",
        }
    }

    /// Whether `--apply` mends it.
    #[must_use]
    pub fn is_mendable(self) -> bool {
        match self {
            Self::CompletedWithoutRow | Self::PendingWithRow | Self::NotAnnounced => true,
            Self::UnknownRow | Self::MisplacedRow => false,
        }
    }
}

/// A difference, and what became of it. It holds nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub difference: Difference,
    /// With which appointment; none where the key of a row is no appointment's.
    pub appointment_id: Option<AppointmentId>,
    /// In which country: the appointment's, or the row's.
    pub country: Country,
    /// When the appointment was accepted, where that is known.
    pub created: Option<Moment>,
    /// What was done about it, if that was asked for and can be done.
    pub mending: Option<Mending>,
}

impl Finding {
    pub(super) fn of(difference: Difference, entry: &Entry) -> Self {
        Self {
            difference,
            appointment_id: Some(entry.appointment_id),
            country: entry.country,
            created: Some(entry.created),
            mending: None,
        }
    }
}

/// What became of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mending {
    /// It was completed, or is announced again: then its row is a matter of seconds.
    Done,
    /// It was right by the time of the attempt.
    NotNeeded,
    /// It is as it was, for this reason.
    Failed(String),
}
