use std::collections::BTreeMap;
use std::future::Future;

use jiff::{SignedDuration, Timestamp};
use schedule_core::{Announcement, AppointmentId, Country, Moment, Status};
use serde::{Deserialize, Serialize};

/// How long after its time an announcement counts as forgotten: `republishPending` is called every minute, and an alarm
/// says so when it was not for as long as this.
const FORGOTTEN: SignedDuration = SignedDuration::from_mins(10);

/// What the table says of an appointment, without the person that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its key.
    pub appointment_id: AppointmentId,
    /// Whose database its row is in.
    #[serde(rename = "countryISO")]
    pub country: Country,
    /// How far it has come.
    pub status: Status,
    /// When it was accepted.
    #[serde(rename = "dateCreated")]
    pub created: Moment,
    /// That it has to be announced again, and when.
    #[serde(flatten)]
    pub announcement: Option<Announcement>,
}

impl Entry {
    /// Whether its country has not confirmed it.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.status == Status::Pending
    }

    /// Whether nothing announces it again by itself: it never was to be, was given up, or its time is long over.
    #[must_use]
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        self.announcement.as_ref().is_none_or(|announcement| {
            let overdue = now.checked_sub(FORGOTTEN).unwrap_or(Timestamp::MIN);
            announcement.count >= Announcement::MOST || announcement.after.as_timestamp() < overdue
        })
    }
}

/// A part of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPage {
    /// Its appointments.
    pub entries: Vec<Entry>,
    /// How many items in it do not read.
    pub unreadable: usize,
    /// Where the next part begins; none after the last.
    pub next: Option<String>,
}

/// The table and the country databases of one running system.
pub trait Records {
    /// A part of the table: the first, or the one that begins where the last one said.
    ///
    /// # Errors
    ///
    /// When the table cannot be read.
    fn entries(&self, from: Option<&str>) -> impl Future<Output = Result<EntryPage, RecordsError>>;

    /// These appointments, as far as the table has them; `None` for one that does not read. MUST see every write that
    /// has returned.
    ///
    /// # Errors
    ///
    /// When the table cannot be read; never a part of the answer.
    fn entries_of(
        &self,
        ids: &[AppointmentId],
    ) -> impl Future<Output = Result<BTreeMap<AppointmentId, Option<Entry>>, RecordsError>>;

    /// The keys of the rows of a country, in their order: the first part, or what follows a key; empty at the end.
    /// With `since`, only of those that were accepted then or later.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    fn rows(
        &self,
        country: Country,
        after: Option<&str>,
        since: Option<Moment>,
    ) -> impl Future<Output = Result<Vec<String>, RecordsError>>;

    /// Those of these appointments that have a row in the country's database.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; never a part of the answer.
    fn rows_of(
        &self,
        country: Country,
        ids: &[AppointmentId],
    ) -> impl Future<Output = Result<Vec<String>, RecordsError>>;

    /// Completes a pending appointment; `false` if it was completed meanwhile.
    ///
    /// # Errors
    ///
    /// When it could not be completed.
    fn complete(&self, id: &AppointmentId) -> impl Future<Output = Result<bool, RecordsError>>;

    /// Announces an appointment again, see [`announce_again`](super::announce_again).
    ///
    /// # Errors
    ///
    /// When it could not be announced.
    fn announce(&self, id: &AppointmentId) -> impl Future<Output = Result<bool, RecordsError>>;
}

/// A side could not be read or changed: what was said, and no part of an appointment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RecordsError(pub String);
