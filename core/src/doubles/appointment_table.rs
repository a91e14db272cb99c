use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Mutex,
};

use jiff::Timestamp;

use super::{failures::Failures, locked};
use crate::{
    domain::{AnnounceShard, Announcement, Appointment, AppointmentId, AppointmentItem, Moment, Status},
    guards::Guard,
    ports::{
        AnnouncementOutbox, AppointmentListing, AppointmentPage, AppointmentQuery, AppointmentTable,
        CreateError, DueAnnouncements, PortError, Position, Reschedule, StatusUpdate, WaitingAnnouncements,
    },
};

/// The table of appointments, in memory.
#[derive(Debug, Default)]
pub struct InMemoryAppointmentTable {
    items: Mutex<BTreeMap<AppointmentId, AppointmentItem>>,
    failures: Failures,
}

impl InMemoryAppointmentTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A table that holds these appointments, or items.
    #[must_use]
    pub fn holding<T: Into<AppointmentItem>>(items: impl IntoIterator<Item = T>) -> Self {
        let items = items
            .into_iter()
            .map(Into::into)
            .map(|item| (item.appointment.appointment_id, item));
        Self {
            items: Mutex::new(items.collect()),
            failures: Failures::default(),
        }
    }

    /// Makes one more of the coming calls fail like this.
    pub fn fail_next(&self, error: PortError) {
        self.failures.push(error);
    }

    /// Lets one more of the coming calls have no effect and no end.
    pub fn silence_next(&self) {
        self.failures.push_silence();
    }

    /// The appointments that the table holds, by id.
    #[must_use]
    pub fn items(&self) -> Vec<Appointment> {
        self.stored().into_iter().map(|item| item.appointment).collect()
    }

    /// What the table holds, by id.
    #[must_use]
    pub fn stored(&self) -> Vec<AppointmentItem> {
        locked(&self.items).values().cloned().collect()
    }

    /// The items of a shard of the index with their announcements, in the order of the index.
    fn shard(&self, shard: AnnounceShard) -> Vec<(Announcement, AppointmentItem)> {
        let mut found: Vec<_> = self
            .stored()
            .into_iter()
            .filter_map(|item| Some((item.announcement.clone()?, item)))
            .filter(|(announcement, _)| announcement.shard == shard)
            .collect();
        found.sort_by_key(|(announcement, _)| announcement.after);
        found
    }
}

impl AppointmentTable for InMemoryAppointmentTable {
    async fn create_appointment(&self, item: &AppointmentItem) -> Result<(), CreateError> {
        self.failures.check().await?;
        match locked(&self.items).entry(item.appointment.appointment_id) {
            Entry::Occupied(_) => Err(CreateError::AlreadyExists),
            Entry::Vacant(place) => {
                place.insert(item.clone());
                Ok(())
            }
        }
    }

    async fn get_item_by_id(&self, id: &AppointmentId) -> Result<Option<AppointmentItem>, PortError> {
        self.failures.check().await?;
        Ok(locked(&self.items).get(id).cloned())
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        self.failures.check().await?;
        match locked(&self.items).get_mut(id) {
            None => Ok(StatusUpdate::NotFound),
            Some(item) if item.appointment.status.may_become(status) || !Guard::ConditionalStatus.holds() => {
                item.appointment.status = status;
                item.appointment.updated_at = Some(Moment::new(updated_at));
                item.announcement = None;
                Ok(StatusUpdate::Updated)
            }
            Some(_) => Ok(StatusUpdate::Unchanged),
        }
    }
}

impl AppointmentListing for InMemoryAppointmentTable {
    async fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> Result<AppointmentPage, PortError> {
        self.failures.check().await?;
        let mut found: Vec<_> = self
            .items()
            .into_iter()
            .filter(|appointment| query.matches(appointment))
            .map(|appointment| (Position::from(&appointment), appointment))
            .filter(|(place, _)| query.after.as_ref().is_none_or(|after| after < place))
            .collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(AppointmentPage::of(found, query.limit))
    }
}

impl AnnouncementOutbox for InMemoryAppointmentTable {
    async fn get_due_announcements(
        &self,
        shard: AnnounceShard,
        now: Timestamp,
        limit: usize,
    ) -> Result<DueAnnouncements, PortError> {
        self.failures.check().await?;
        let due = self
            .shard(shard)
            .into_iter()
            .filter(|(announcement, _)| announcement.after <= Moment::new(now))
            .map(|(_, item)| item);
        Ok(DueAnnouncements {
            items: due.take(limit).collect(),
            unreadable: 0,
        })
    }

    async fn count_waiting_announcements(
        &self,
        shard: AnnounceShard,
        created_until: Moment,
        limit: usize,
    ) -> Result<WaitingAnnouncements, PortError> {
        self.failures.check().await?;
        let created: Vec<_> = self
            .shard(shard)
            .into_iter()
            .take(limit)
            .map(|(_, item)| item.appointment.date_created)
            .filter(|created| *created <= created_until)
            .collect();
        Ok(WaitingAnnouncements {
            count: created.len(),
            oldest: created.into_iter().min(),
        })
    }

    async fn reschedule_announcement(
        &self,
        id: &AppointmentId,
        seen: &Announcement,
        next: &Announcement,
    ) -> Result<Reschedule, PortError> {
        self.failures.check().await?;
        match locked(&self.items).get_mut(id) {
            Some(item)
                if item.appointment.status == Status::Pending && item.announcement.as_ref() == Some(seen) =>
            {
                item.announcement = Some(next.clone());
                Ok(Reschedule::Rescheduled)
            }
            _ => Ok(Reschedule::Changed),
        }
    }
}
