//! The table and the country databases, as they are compared and mended.

use std::sync::Arc;

use infra_synth_operations::{Entry, EntryPage, announce_again};
use schedule_core::ports::{AppointmentTable, Clock, StatusUpdate};
use schedule_core::{AppointmentId, Country, Moment, Status, names};
use schedule_mysql::{MySqlCountryDatabase, MySqlOptions};
use serde_json::Value;

use super::OperationError;
use super::protocol::Known;
use crate::access::Caller;
use crate::adapters::{LocalAppointmentTable, LocalAppointmentTopic, SystemClock};
use crate::cloud::Cloud;
use crate::country_database::{embedded_keys, has_embedded_row};
use crate::model::Model;
use crate::table::Item;

/// How much is read at once: what a question may name fits in a line of the protocol.
pub(super) const PAGE: usize = 500;

/// What is compared, reached by whoever may do everything.
pub(crate) struct Ledger {
    cloud: Arc<Cloud>,
    table: LocalAppointmentTable,
    topic: LocalAppointmentTopic,
    /// The countries' tables, where they are on a real MySQL.
    mysql: Option<[MySqlCountryDatabase; 2]>,
}

impl Ledger {
    /// The function that announces again says by its settings which table and which topic are meant.
    pub(super) fn of(model: &Model, cloud: &Arc<Cloud>, mysql: Option<&MySqlOptions>) -> Option<Self> {
        let settings = model.functions.iter().find_map(|function| {
            let setting = |name: &str| function.environment.get(name).cloned();
            Some((
                setting(names::APPOINTMENTS_TABLE)?,
                setting(names::SNS_TOPIC_ARN)?,
            ))
        });
        let (table, topic_arn) = settings?;
        let caller = Caller::operator(cloud.environment());
        Some(Self {
            cloud: Arc::clone(cloud),
            table: LocalAppointmentTable {
                cloud: Arc::clone(cloud),
                caller: caller.clone(),
                table,
            },
            topic: LocalAppointmentTopic {
                cloud: Arc::clone(cloud),
                caller,
                topic_arn,
            },
            mysql: mysql
                .map(|options| Country::ALL.map(|country| MySqlCountryDatabase::new(options, country))),
        })
    }

    pub(super) fn table_name(&self) -> &str {
        &self.table.table
    }

    pub(super) fn entries(&self, from: Option<&str>) -> Result<EntryPage, OperationError> {
        let items = self.cloud.items(&self.table.table, from, PAGE)?;
        let is_last = items.len() < PAGE;
        let mut page = EntryPage {
            next: items.last().filter(|_| !is_last).map(|(key, _)| key.clone()),
            ..EntryPage::default()
        };
        for (_, item) in items {
            match entry(item) {
                Some(entry) => page.entries.push(entry),
                None => page.unreadable += 1,
            }
        }
        Ok(page)
    }

    pub(super) fn entries_of(&self, ids: &[AppointmentId]) -> Result<Vec<Known>, OperationError> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(item) = self.cloud.item(&self.table.table, &id.to_string())? {
                found.push(Known {
                    appointment_id: *id,
                    entry: entry(item),
                });
            }
        }
        Ok(found)
    }

    pub(super) async fn rows(
        &self,
        country: Country,
        after: Option<&str>,
        since: Option<Moment>,
    ) -> Result<Vec<String>, OperationError> {
        match self.mysql(country) {
            Some(mysql) => Ok(mysql.keys(after, since, PAGE).await?),
            None => Ok(embedded_keys(&self.cloud.store, country, after, since, PAGE)?),
        }
    }

    pub(super) async fn rows_of(
        &self,
        country: Country,
        ids: &[AppointmentId],
    ) -> Result<Vec<String>, OperationError> {
        if let Some(mysql) = self.mysql(country) {
            return Ok(mysql.keys_among(ids).await?);
        }
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if has_embedded_row(&self.cloud.store, country, id)? {
                found.push(id.to_string());
            }
        }
        Ok(found)
    }

    pub(super) async fn complete(&self, id: &AppointmentId) -> Result<bool, OperationError> {
        let updated = self
            .table
            .update_appointment_status(id, Status::Completed, SystemClock.now())
            .await?;
        self.cloud.store.durable().await?;
        Ok(updated == StatusUpdate::Updated)
    }

    pub(super) async fn announce(&self, id: &AppointmentId) -> Result<bool, OperationError> {
        let announced = announce_again(&self.table, &self.topic, id, SystemClock.now()).await?;
        self.cloud.store.durable().await?;
        Ok(announced)
    }

    fn mysql(&self, country: Country) -> Option<&MySqlCountryDatabase> {
        let place = Country::ALL.iter().position(|known| *known == country)?;
        self.mysql.as_ref()?.get(place)
    }
}

pub(super) fn entry(item: Item) -> Option<Entry> {
    serde_json::from_value(Value::Object(item)).ok()
}
