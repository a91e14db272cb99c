use std::{future::Future, sync::Arc};

use jiff::Timestamp;

use super::PortError;
use crate::domain::{AnnounceShard, Announcement, AppointmentId, AppointmentItem, Moment};

/// What still has to be announced: the [`Announcement`]s that were stored with their appointments (a transactional outbox).
pub trait AnnouncementOutbox: Send + Sync {
    /// What of a shard is due to be announced at `now`, longest due first, at most `limit` items.
    ///
    /// It may be behind the table, as DynamoDB's indexes are: [`reschedule_announcement`](Self::reschedule_announcement)
    /// decides what still holds. MUST NOT fail for an item that does not read; such a one is counted.
    ///
    /// # Errors
    ///
    /// Only if the call failed.
    fn get_due_announcements(
        &self,
        shard: AnnounceShard,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Result<DueAnnouncements, PortError>> + Send;

    /// How much of a shard waits: what has to be announced and was created at `created_until` or before, due or not.
    ///
    /// It looks at `limit` items and then stops, so that a large backlog costs no more than is needed to be alarmed.
    ///
    /// # Errors
    ///
    /// Only if the call failed.
    fn count_waiting_announcements(
        &self,
        shard: AnnounceShard,
        created_until: Moment,
        limit: usize,
    ) -> impl Future<Output = Result<WaitingAnnouncements, PortError>> + Send;

    /// Replaces the announcement of a pending appointment if it is still `seen`.
    ///
    /// MUST check and write in one step: of two callers that saw the same, one may succeed.
    ///
    /// # Errors
    ///
    /// Only if the call failed: that it was changed before is in the [`Reschedule`].
    fn reschedule_announcement(
        &self,
        id: &AppointmentId,
        seen: &Announcement,
        next: &Announcement,
    ) -> impl Future<Output = Result<Reschedule, PortError>> + Send;
}

impl<T: AnnouncementOutbox> AnnouncementOutbox for Arc<T> {
    async fn get_due_announcements(
        &self,
        shard: AnnounceShard,
        now: Timestamp,
        limit: usize,
    ) -> Result<DueAnnouncements, PortError> {
        T::get_due_announcements(self, shard, now, limit).await
    }

    async fn count_waiting_announcements(
        &self,
        shard: AnnounceShard,
        created_until: Moment,
        limit: usize,
    ) -> Result<WaitingAnnouncements, PortError> {
        T::count_waiting_announcements(self, shard, created_until, limit).await
    }

    async fn reschedule_announcement(
        &self,
        id: &AppointmentId,
        seen: &Announcement,
        next: &Announcement,
    ) -> Result<Reschedule, PortError> {
        T::reschedule_announcement(self, id, seen, next).await
    }
}

/// What is due to be announced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueAnnouncements {
    /// The items, longest due first; each has an announcement.
    pub items: Vec<AppointmentItem>,
    /// How many items were left out because they do not read.
    pub unreadable: usize,
}

/// What waits to be completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitingAnnouncements {
    /// How many appointments wait; at least so many, where the limit ended the count.
    pub count: usize,
    /// When the oldest of them was created.
    pub oldest: Option<Moment>,
}

/// What became of a change of an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reschedule {
    /// The next one is stored.
    Rescheduled,
    /// Another one is there, or none, or the appointment is not pending; nothing was written.
    Changed,
}
