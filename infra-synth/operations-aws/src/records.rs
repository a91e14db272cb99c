use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes, builders::KeysAndAttributesBuilder},
};
use aws_types::SdkConfig;
use infra_synth_operations::{Entry, EntryPage, Records, RecordsError, announce_again};
use jiff::Timestamp;
use schedule_aws::{DynamoDbAppointmentTable, SnsAppointmentTopic, fault};
use schedule_core::ports::{AppointmentTable, PortError, StatusUpdate};
use schedule_core::{AppointmentId, Country, Moment, Status, names};
use schedule_mysql::MySqlCountryDatabase;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use crate::databases::{self, SignInError};
use crate::stack_stores::StackStores;

/// How much is read at once.
const PAGE: usize = 500;
/// The most keys of a BatchGetItem, and how often those that it leaves out are asked for again.
const KEYS_AT_ONCE: usize = 100;
const ATTEMPTS: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The attributes that are read: none of them is a person's.
const ATTRIBUTES: [&str; 7] = [
    names::APPOINTMENT_ID,
    names::COUNTRY_ISO,
    names::STATUS,
    names::DATE_CREATED,
    names::ANNOUNCE_SHARD,
    names::ANNOUNCE_AFTER,
    names::ANNOUNCEMENTS,
];

/// The table and the country databases of a deployed stack.
pub struct DeployedRecords {
    dynamodb: Client,
    table_name: String,
    table: DynamoDbAppointmentTable,
    topic: SnsAppointmentTopic,
    databases: BTreeMap<Country, MySqlCountryDatabase>,
}

impl DeployedRecords {
    /// Those of a stack: the table and the topic reached as `config` says, and the databases by `database_url`, or as
    /// the functions reach them, with these credentials.
    ///
    /// # Errors
    ///
    /// When the credentials are not to be had, or a database cannot be signed in to.
    pub async fn new(
        config: &SdkConfig,
        stores: &StackStores,
        database_url: Option<&str>,
    ) -> Result<Self, SignInError> {
        let clients = databases::clients(config).await?;
        Ok(Self {
            dynamodb: Client::new(config),
            table_name: stores.table.clone(),
            table: DynamoDbAppointmentTable::new(&clients, stores.table.clone()),
            topic: SnsAppointmentTopic::new(&clients, stores.topic_arn.clone()),
            databases: databases::open(&clients, stores, database_url)?,
        })
    }

    fn database(&self, country: Country) -> Result<&MySqlCountryDatabase, RecordsError> {
        self.databases
            .get(&country)
            .ok_or_else(|| RecordsError(format!("there is no database of `{country}`")))
    }

    async fn some_of(
        &self,
        ids: &[AppointmentId],
        found: &mut BTreeMap<AppointmentId, Option<Entry>>,
    ) -> Result<(), RecordsError> {
        let keys = ids.iter().map(|id| {
            let key = AttributeValue::S(id.to_string());
            HashMap::from([(names::APPOINTMENT_ID.to_owned(), key)])
        });
        let mut asked = keys
            .fold(projected(), KeysAndAttributesBuilder::keys)
            .build()
            .ok();
        for attempt in 0..ATTEMPTS {
            let Some(keys) = asked.take() else { return Ok(()) };
            if attempt > 0 {
                tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(attempt - 1)).await;
            }
            let answer = self
                .dynamodb
                .batch_get_item()
                .request_items(&self.table_name, keys)
                .send()
                .await
                .map_err(|error| said(&fault::from_sdk("BatchGetItem", &error)))?;
            let items = answer.responses.unwrap_or_default().into_values().flatten();
            for item in items {
                let id = item
                    .get(names::APPOINTMENT_ID)
                    .and_then(|id| id.as_s().ok()?.parse().ok());
                if let Some(id) = id {
                    found.insert(id, from_item(item).ok());
                }
            }
            asked = answer
                .unprocessed_keys
                .and_then(|mut keys| keys.remove(&self.table_name));
        }
        match asked {
            None => Ok(()),
            Some(_) => Err(RecordsError(
                "`BatchGetItem` left keys out time and again: the table is throttled; say the command again later"
                    .to_owned(),
            )),
        }
    }
}

impl Records for DeployedRecords {
    async fn entries(&self, from: Option<&str>) -> Result<EntryPage, RecordsError> {
        let mut call = self
            .dynamodb
            .scan()
            .table_name(&self.table_name)
            .limit(i32::try_from(PAGE).unwrap_or(i32::MAX))
            .projection_expression(projection());
        for (place, name) in ATTRIBUTES.iter().enumerate() {
            call = call.expression_attribute_names(placeholder(place), *name);
        }
        if let Some(from) = from {
            call = call.exclusive_start_key(names::APPOINTMENT_ID, AttributeValue::S(from.to_owned()));
        }
        let answer = call
            .send()
            .await
            .map_err(|error| said(&fault::from_sdk("Scan", &error)))?;
        let last = answer.last_evaluated_key.unwrap_or_default();
        let mut page = EntryPage {
            next: last
                .get(names::APPOINTMENT_ID)
                .and_then(|key| key.as_s().ok().cloned()),
            ..EntryPage::default()
        };
        for item in answer.items.unwrap_or_default() {
            match from_item(item) {
                Ok(entry) => page.entries.push(entry),
                Err(_) => page.unreadable += 1,
            }
        }
        Ok(page)
    }

    async fn entries_of(
        &self,
        ids: &[AppointmentId],
    ) -> Result<BTreeMap<AppointmentId, Option<Entry>>, RecordsError> {
        let mut found = BTreeMap::new();
        for some in ids.chunks(KEYS_AT_ONCE) {
            self.some_of(some, &mut found).await?;
        }
        Ok(found)
    }

    async fn rows(
        &self,
        country: Country,
        after: Option<&str>,
        since: Option<Moment>,
    ) -> Result<Vec<String>, RecordsError> {
        let keys = self.database(country)?.keys(after, since, PAGE).await;
        keys.map_err(|error| said(&error))
    }

    async fn rows_of(&self, country: Country, ids: &[AppointmentId]) -> Result<Vec<String>, RecordsError> {
        let keys = self.database(country)?.keys_among(ids).await;
        keys.map_err(|error| said(&error))
    }

    async fn complete(&self, id: &AppointmentId) -> Result<bool, RecordsError> {
        let updated = self
            .table
            .update_appointment_status(id, Status::Completed, Timestamp::now())
            .await;
        updated
            .map(|updated| updated == StatusUpdate::Updated)
            .map_err(|error| said(&error))
    }

    async fn announce(&self, id: &AppointmentId) -> Result<bool, RecordsError> {
        let announced = announce_again(&self.table, &self.topic, id, Timestamp::now()).await;
        announced.map_err(|error| said(&error))
    }
}

fn projected() -> KeysAndAttributesBuilder {
    let names = ATTRIBUTES.iter().enumerate();
    names.fold(
        KeysAndAttributes::builder()
            .consistent_read(true)
            .projection_expression(projection()),
        |asked, (place, name)| asked.expression_attribute_names(placeholder(place), *name),
    )
}

/// `status` is a word of DynamoDB's own, so that every name goes by a placeholder.
fn projection() -> String {
    let places = (0..ATTRIBUTES.len()).map(placeholder);
    places.collect::<Vec<_>>().join(", ")
}

fn placeholder(place: usize) -> String {
    format!("#a{place}")
}

fn said(error: &PortError) -> RecordsError {
    RecordsError(error.to_string())
}

impl fmt::Debug for DeployedRecords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DeployedRecords")
            .field("table", &self.table_name)
            .field("databases", &self.databases)
            .finish_non_exhaustive()
    }
}
