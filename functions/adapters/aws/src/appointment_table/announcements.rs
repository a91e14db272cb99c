//! What has to be announced: the sparse index, and the conditional change of when.

use aws_sdk_dynamodb::{
    operation::{query::builders::QueryFluentBuilder, update_item::UpdateItemError},
    types::AttributeValue,
};
use jiff::Timestamp;
use schedule_core::{
    AnnounceShard, Announcement, AppointmentId, Moment, Status,
    names::{
        ANNOUNCE_AFTER, ANNOUNCE_SHARD, ANNOUNCEMENTS, APPOINTMENT_ID, DATE_CREATED, PENDING_INDEX, STATUS,
    },
    ports::{AnnouncementOutbox, DueAnnouncements, PortError, Reschedule, WaitingAnnouncements},
};

use super::{DynamoDbAppointmentTable, QUERY, UPDATE_ITEM, item};
use crate::fault;

impl AnnouncementOutbox for DynamoDbAppointmentTable {
    async fn get_due_announcements(
        &self,
        shard: AnnounceShard,
        now: Timestamp,
        limit: usize,
    ) -> Result<DueAnnouncements, PortError> {
        let mut pages = self
            .query_shard(shard, "#shard = :shard AND #after <= :now")
            .expression_attribute_names("#after", ANNOUNCE_AFTER)
            .expression_attribute_values(":now", AttributeValue::S(Moment::new(now).to_string()))
            .limit(page_size(limit))
            .into_paginator()
            .send();
        let mut due = DueAnnouncements::default();
        // What does not read must not stand in front of the rest.
        while due.items.len() < limit
            && let Some(page) = pages.next().await
        {
            let page = page.map_err(|error| fault::from_sdk(QUERY, &error))?;
            for found in page.items.unwrap_or_default() {
                match item::read(QUERY, found) {
                    Ok(item) => due.items.push(item),
                    Err(_) => due.unreadable += 1,
                }
            }
        }
        due.items.truncate(limit);
        Ok(due)
    }

    async fn count_waiting_announcements(
        &self,
        shard: AnnounceShard,
        created_until: Moment,
        limit: usize,
    ) -> Result<WaitingAnnouncements, PortError> {
        let mut pages = self
            .query_shard(shard, "#shard = :shard")
            .projection_expression("#created")
            .expression_attribute_names("#created", DATE_CREATED)
            .limit(page_size(limit))
            .into_paginator()
            .send();
        let mut waiting = WaitingAnnouncements::default();
        let mut seen = 0;
        while seen < limit
            && let Some(page) = pages.next().await
        {
            let page = page.map_err(|error| fault::from_sdk(QUERY, &error))?;
            for mut found in page.items.unwrap_or_default().into_iter().take(limit - seen) {
                seen += 1;
                // What does not read is no appointment whose age could be told.
                let created = match found.remove(DATE_CREATED) {
                    Some(AttributeValue::S(text)) => text.parse::<Moment>().ok(),
                    _ => None,
                };
                if let Some(created) = created.filter(|created| *created <= created_until) {
                    waiting.count += 1;
                    waiting.oldest = waiting.oldest.into_iter().chain([created]).min();
                }
            }
        }
        Ok(waiting)
    }

    async fn reschedule_announcement(
        &self,
        id: &AppointmentId,
        seen: &Announcement,
        next: &Announcement,
    ) -> Result<Reschedule, PortError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(APPOINTMENT_ID, AttributeValue::S(id.to_string()))
            .update_expression("SET #after = :next, #count = :count")
            // Where there is no item there is no status, so nothing is created.
            .condition_expression("#status = :pending AND #after = :seen AND #count = :before")
            .expression_attribute_names("#status", STATUS)
            .expression_attribute_names("#after", ANNOUNCE_AFTER)
            .expression_attribute_names("#count", ANNOUNCEMENTS)
            .expression_attribute_values(":pending", AttributeValue::S(Status::Pending.to_string()))
            .expression_attribute_values(":seen", AttributeValue::S(seen.after.to_string()))
            .expression_attribute_values(":before", AttributeValue::N(seen.count.to_string()))
            .expression_attribute_values(":next", AttributeValue::S(next.after.to_string()))
            .expression_attribute_values(":count", AttributeValue::N(next.count.to_string()))
            .send()
            .await;
        let Err(error) = update else {
            return Ok(Reschedule::Rescheduled);
        };
        match error.as_service_error() {
            // Also where an attempt of this very call wrote it and its answer got lost: then it is merely due later.
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(Reschedule::Changed),
            _ => Err(fault::from_sdk(UPDATE_ITEM, &error)),
        }
    }
}

impl DynamoDbAppointmentTable {
    /// What is `PENDING` of a shard. Functions from before there were announcements complete an appointment without
    /// taking it out of the index.
    fn query_shard(&self, shard: AnnounceShard, condition: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .index_name(PENDING_INDEX)
            .key_condition_expression(condition)
            .expression_attribute_names("#shard", ANNOUNCE_SHARD)
            .expression_attribute_values(":shard", AttributeValue::S(shard.as_str().to_owned()))
            .filter_expression("#status = :pending")
            .expression_attribute_names("#status", STATUS)
            .expression_attribute_values(":pending", AttributeValue::S(Status::Pending.to_string()))
            .scan_index_forward(true)
    }
}

fn page_size(limit: usize) -> i32 {
    i32::try_from(limit).unwrap_or(i32::MAX)
}
