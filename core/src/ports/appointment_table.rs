use std::{future::Future, sync::Arc};

use jiff::Timestamp;

use super::{AppointmentPage, AppointmentQuery, PortError};
use crate::domain::{
    AnnounceShard, Announcement, Appointment, AppointmentId, AppointmentItem, Moment, Status,
};

/// The table of all appointments, whatever their country.
pub trait AppointmentTable: Send + Sync {
    /// Stores a new appointment with all that its item holds, in one step; once it returns, the item is durable.
    ///
    /// # Errors
    ///
    /// MUST be [`CreateError::AlreadyExists`] if the id is taken, and MUST leave what is stored there as it is.
    fn create_appointment(
        &self,
        item: &AppointmentItem,
    ) -> impl Future<Output = Result<(), CreateError>> + Send;

    /// The item of the appointment with this id, if there is one. MUST see every write that has returned.
    ///
    /// # Errors
    ///
    /// MUST be of kind [`Invalid`](super::PortErrorKind::Invalid) if what is stored does not read as an appointment.
    fn get_item_by_id(
        &self,
        id: &AppointmentId,
    ) -> impl Future<Output = Result<Option<AppointmentItem>, PortError>> + Send;

    /// The appointment with this id, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`get_item_by_id`](Self::get_item_by_id).
    fn get_appointment_by_id(
        &self,
        id: &AppointmentId,
    ) -> impl Future<Output = Result<Option<Appointment>, PortError>> + Send {
        async move { Ok(self.get_item_by_id(id).await?.map(|item| item.appointment)) }
    }

    /// The appointments that a query asks for, earliest `dateSchedule` first.
    ///
    /// MUST follow the service's pages until the limit is reached or nothing is left, so that a page is short only if
    /// it is the last. Pages that are asked for one after the other, each from the place where the one before ended,
    /// MUST have every appointment once that was there from the first to the last, whatever is created meanwhile.
    ///
    /// # Errors
    ///
    /// As for [`get_item_by_id`](Self::get_item_by_id); never a part of the page.
    fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> impl Future<Output = Result<AppointmentPage, PortError>> + Send;

    /// Moves an appointment on, if its status [may become](Status::may_become) `status`, and notes when.
    ///
    /// MUST check and write in one step, MUST drop the [`Announcement`] in it, and MUST create nothing where there is
    /// nothing.
    ///
    /// # Errors
    ///
    /// Only if the call failed: that nothing had to change, or nothing was found, is in the [`StatusUpdate`].
    fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> impl Future<Output = Result<StatusUpdate, PortError>> + Send;

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

impl<T: AppointmentTable> AppointmentTable for Arc<T> {
    async fn create_appointment(&self, item: &AppointmentItem) -> Result<(), CreateError> {
        T::create_appointment(self, item).await
    }

    async fn get_item_by_id(&self, id: &AppointmentId) -> Result<Option<AppointmentItem>, PortError> {
        T::get_item_by_id(self, id).await
    }

    async fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> Result<AppointmentPage, PortError> {
        T::get_appointments_by_insured_id(self, query).await
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        T::update_appointment_status(self, id, status, updated_at).await
    }

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

/// Why an appointment was not stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CreateError {
    /// Another appointment has its id.
    #[error("an appointment with this id exists already")]
    AlreadyExists,
    /// The call failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What became of a change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusUpdate {
    /// The status is the one that was asked for, since now.
    Updated,
    /// The appointment was there already, or past it; nothing was written.
    Unchanged,
    /// There is no such appointment; nothing was written.
    NotFound,
}
