//! The functions' ports, answered by the local services under the function's own role and network.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use schedule_core::domain::{
    AnnounceShard, Announcement, Appointment, AppointmentId, AppointmentItem, DateSchedule, Moment, Status,
};
use schedule_core::messages::{AppointmentConfirmation, AppointmentCreated, DETAIL_TYPE, SOURCE};
use schedule_core::names::{
    ANNOUNCE_AFTER, ANNOUNCE_SHARD, ANNOUNCEMENTS, DATE_SCHEDULE, INSURED_ID_INDEX, PENDING_INDEX, STATUS,
    UPDATED_AT,
};
use schedule_core::ports::{
    AnnouncementOutbox, AppointmentIds, AppointmentListing, AppointmentPage, AppointmentQuery,
    AppointmentTable, AppointmentTopic, Clock, ConfirmationBus, CreateError, CursorKey, CursorSecret,
    DueAnnouncements, PortError, PortErrorKind, Position, Reschedule, StatusUpdate, WaitingAnnouncements,
};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{AccessError, Caller};
use crate::cloud::{CallError, Cloud, Placed};
use crate::journal::Step;
use crate::table::{Item, PageQuery, Update};
use infra_synth_matching::MessageAttribute;

pub(crate) struct LocalAppointmentTable {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) table: String,
}

pub(crate) struct LocalAppointmentTopic {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) topic_arn: String,
}

pub(crate) struct LocalConfirmationBus {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) bus: String,
}

pub(crate) struct LocalCursorSecret {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) secret_arn: String,
}

#[derive(Clone, Copy)]
pub(crate) struct SystemClock;

/// Ids that grow with time, so that a table in key order is a table in time order.
pub(crate) struct TimeOrderedIds;

impl AppointmentTable for LocalAppointmentTable {
    async fn create_appointment(&self, item: &AppointmentItem) -> Result<(), CreateError> {
        let id = item.appointment.appointment_id;
        let item = to_item(item)?;
        match self.cloud.put_item(&self.caller, &self.table, &item) {
            Ok(true) => {
                self.cloud.journal.note([Step::Stored(id)]);
                Ok(())
            }
            Ok(false) => Err(CreateError::AlreadyExists),
            Err(error) => Err(port_error("PutItem", &error).into()),
        }
    }

    async fn get_item_by_id(&self, id: &AppointmentId) -> Result<Option<AppointmentItem>, PortError> {
        let item = self.cloud.get_item(&self.caller, &self.table, &id.to_string());
        item.map_err(|error| port_error("GetItem", &error))?
            .map(|item| from_item("GetItem", item))
            .transpose()
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        let update = self
            .cloud
            .update_item(&self.caller, &self.table, &id.to_string(), |item| {
                let current: Option<Status> = item
                    .get(STATUS)
                    .and_then(|status| serde_json::from_value(status.clone()).ok());
                if !current.is_some_and(|current| current.may_become(status)) {
                    return false;
                }
                item.insert(STATUS.to_owned(), Value::from(status.as_str()));
                item.insert(
                    UPDATED_AT.to_owned(),
                    Value::from(Moment::new(updated_at).to_string()),
                );
                for name in [ANNOUNCE_SHARD, ANNOUNCE_AFTER, ANNOUNCEMENTS] {
                    item.remove(name);
                }
                true
            });
        match update.map_err(|error| port_error("UpdateItem", &error))? {
            Update::Written => {
                if status == Status::Completed {
                    self.cloud.journal.note([Step::Completed(*id)]);
                }
                Ok(StatusUpdate::Updated)
            }
            Update::Refused => Ok(StatusUpdate::Unchanged),
            Update::NoSuchItem => Ok(StatusUpdate::NotFound),
        }
    }
}

impl AppointmentListing for LocalAppointmentTable {
    async fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> Result<AppointmentPage, PortError> {
        let (from, to) = (query.filter.from, query.filter.to);
        let (from, to) = (
            from.map(DateSchedule::index_prefix),
            to.map(DateSchedule::index_prefix),
        );
        let mut found: Vec<(Position, Appointment)> = Vec::new();
        let mut after = query.after.clone();
        loop {
            let id = after.as_ref().map(|place| place.appointment_id.to_string());
            let page = self.cloud.query_page(
                &self.caller,
                &self.table,
                &PageQuery {
                    index: INSURED_ID_INDEX,
                    hash: query.insured_id.as_str(),
                    from: from.as_deref(),
                    before: to.as_deref(),
                    after: after
                        .as_ref()
                        .zip(id.as_deref())
                        .map(|(place, id)| (place.date_schedule.as_str(), id)),
                    limit: query.limit.saturating_add(1),
                },
            );
            let page = page.map_err(|error| port_error("Query", &error))?;
            let last = page.items.is_empty() || !page.more;
            for item in page.items {
                let date_schedule = item.get(DATE_SCHEDULE).and_then(Value::as_str);
                let date_schedule = date_schedule.unwrap_or_default().to_owned();
                let appointment = from_item("Query", item)?.appointment;
                let place = Position {
                    date_schedule,
                    appointment_id: appointment.appointment_id,
                };
                after = Some(place.clone());
                if query.matches(&appointment) {
                    found.push((place, appointment));
                }
            }
            if last || found.len() > query.limit {
                return Ok(AppointmentPage::of(found, query.limit));
            }
        }
    }
}

impl AnnouncementOutbox for LocalAppointmentTable {
    async fn get_due_announcements(
        &self,
        shard: AnnounceShard,
        now: Timestamp,
        limit: usize,
    ) -> Result<DueAnnouncements, PortError> {
        let mut due = DueAnnouncements::default();
        for item in self.query_shard(shard)? {
            if due.items.len() + due.unreadable == limit {
                break;
            }
            match from_item("Query", item) {
                Ok(item) => match &item.announcement {
                    Some(announcement) if announcement.after <= Moment::new(now) => due.items.push(item),
                    // In the order of the index, nothing after it is due either.
                    Some(_) => break,
                    // Completed since the index was read.
                    None => {}
                },
                Err(_) => due.unreadable += 1,
            }
        }
        Ok(due)
    }

    async fn count_waiting_announcements(
        &self,
        shard: AnnounceShard,
        created_until: Moment,
        limit: usize,
    ) -> Result<WaitingAnnouncements, PortError> {
        let created: Vec<Moment> = self
            .query_shard(shard)?
            .into_iter()
            .take(limit)
            .filter_map(|item| Some(from_item("Query", item).ok()?.appointment.date_created))
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
        let (pending, after, count) = (
            Value::from(Status::Pending.as_str()),
            Value::from(seen.after.to_string()),
            Value::from(seen.count),
        );
        let update = self
            .cloud
            .update_item(&self.caller, &self.table, &id.to_string(), |item| {
                let holds = item.get(STATUS) == Some(&pending)
                    && item.get(ANNOUNCE_AFTER) == Some(&after)
                    && item.get(ANNOUNCEMENTS) == Some(&count);
                if holds {
                    item.insert(ANNOUNCE_AFTER.to_owned(), Value::from(next.after.to_string()));
                    item.insert(ANNOUNCEMENTS.to_owned(), Value::from(next.count));
                }
                holds
            });
        match update.map_err(|error| port_error("UpdateItem", &error))? {
            Update::Written => Ok(Reschedule::Rescheduled),
            Update::Refused | Update::NoSuchItem => Ok(Reschedule::Changed),
        }
    }
}

impl LocalAppointmentTable {
    fn query_shard(&self, shard: AnnounceShard) -> Result<Vec<Item>, PortError> {
        self.cloud
            .query(&self.caller, &self.table, PENDING_INDEX, shard.as_str())
            .map_err(|error| port_error("Query", &error))
    }
}

impl AppointmentTopic for LocalAppointmentTopic {
    async fn publish_appointment_created(&self, message: &AppointmentCreated) -> Result<(), PortError> {
        let attributes: BTreeMap<String, MessageAttribute> = message
            .attributes()
            .into_iter()
            .map(|(name, value)| {
                (
                    name.to_owned(),
                    MessageAttribute {
                        data_type: "String".to_owned(),
                        value: value.to_owned(),
                    },
                )
            })
            .collect();
        let body = serde_json::to_string(message).map_err(|_| unserializable("Publish"))?;
        let placed = self
            .cloud
            .publish(&self.caller, &self.topic_arn, &body, &attributes)
            .map_err(|error| port_error("Publish", &error))?;
        let id = message.data.appointment_id;
        let announced = std::iter::once(Step::Announced(id));
        let delivered = delivered(id, &placed);
        // Before anybody can receive it, which is noted too.
        self.cloud.journal.note(announced.chain(delivered));
        placed.deliver();
        Ok(())
    }
}

impl ConfirmationBus for LocalConfirmationBus {
    async fn send_appointment_confirmation(
        &self,
        confirmations: &[AppointmentConfirmation],
    ) -> Vec<Result<(), PortError>> {
        confirmations
            .iter()
            .map(|confirmation| {
                let detail = serde_json::to_value(confirmation).map_err(|_| unserializable("PutEvents"))?;
                let placed = self
                    .cloud
                    .put_event(&self.caller, &self.bus, SOURCE, DETAIL_TYPE, &detail)
                    .map_err(|error| port_error("PutEvents", &error))?;
                let id = confirmation.appointment_id;
                let confirmed = std::iter::once(Step::Confirmed(id));
                self.cloud.journal.note(confirmed.chain(delivered(id, &placed)));
                placed.deliver();
                Ok(())
            })
            .collect()
    }
}

impl CursorSecret for LocalCursorSecret {
    async fn cursor_key(&self) -> Result<CursorKey, PortError> {
        const OPERATION: &str = "GetSecretValue";
        let value = self.cloud.get_secret_value(&self.caller, &self.secret_arn);
        let value = value.map_err(|error| port_error(OPERATION, &error))?;
        CursorKey::new(value.as_bytes()).ok_or_else(|| {
            let message = format!("the secret has fewer than {} bytes", CursorKey::MIN_BYTES);
            PortError::new(PortErrorKind::Invalid, OPERATION, message)
        })
    }
}

fn delivered(id: AppointmentId, placed: &Placed) -> impl Iterator<Item = Step> {
    placed
        .messages()
        .map(move |(queue, message)| Step::Delivered(id, queue, message))
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn wait_until(&self, instant: Timestamp) {
        let left = instant.duration_since(self.now());
        // None is left where it is negative.
        tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
    }
}

impl AppointmentIds for TimeOrderedIds {
    fn next_id(&self) -> AppointmentId {
        AppointmentId::new(Uuid::now_v7())
    }
}

/// What a function's client would report; its message holds names and statements, no data.
pub(crate) fn port_error(operation: &'static str, error: &CallError) -> PortError {
    let kind = match error {
        CallError::Access(AccessError::Unreachable { .. }) => PortErrorKind::Unreachable,
        CallError::Access(_) => PortErrorKind::Denied,
        CallError::NotFound { .. } => PortErrorKind::Invalid,
        CallError::Store(_) => PortErrorKind::Unavailable,
    };
    PortError::new(kind, operation, error.to_string())
}

fn to_item(item: &AppointmentItem) -> Result<Item, PortError> {
    match serde_json::to_value(item) {
        Ok(Value::Object(item)) => Ok(item),
        _ => Err(unserializable("PutItem")),
    }
}

fn from_item(operation: &'static str, item: Item) -> Result<AppointmentItem, PortError> {
    serde_json::from_value(Value::Object(item)).map_err(|_| {
        PortError::new(
            PortErrorKind::Invalid,
            operation,
            "the stored item does not read as an appointment",
        )
    })
}

fn unserializable(operation: &'static str) -> PortError {
    PortError::new(
        PortErrorKind::Invalid,
        operation,
        "the data does not serialize as JSON",
    )
}

#[cfg(test)]
mod tests;
