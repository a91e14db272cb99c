//! The country tables: embedded in the store, or on a real MySQL.

use std::sync::Arc;

use jiff::Timestamp;
use schedule_core::domain::{Appointment, AppointmentId, Country, Moment, Reference};
use schedule_core::names::COUNTRY_ROW_STATUS;
use schedule_core::ports::{CountryDatabase, PortError, PortErrorKind};
use schedule_mysql::MySqlCountryDatabase;
use serde::{Deserialize, Serialize};

use crate::access::Caller;
use crate::adapters::port_error;
use crate::cloud::{CallError, Cloud};
use crate::journal::Step;
use crate::store::{Batch, Space, Store, StoreError, key, last_part};

/// The database of one country function, reached as its role and network allow.
pub(crate) struct LocalCountryDatabase {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) country: Country,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    /// A real MySQL in place of the embedded tables.
    pub(crate) mysql: Option<MySqlCountryDatabase>,
}

/// A row, column by column as in MySQL.
#[derive(Serialize)]
struct Row<'a> {
    appointment_id: String,
    insured_id: &'a str,
    schedule_id: Option<&'a str>,
    center_id: Option<&'a str>,
    specialty_id: Option<&'a str>,
    medic_id: Option<&'a str>,
    date_schedule: Timestamp,
    country_iso: &'static str,
    status: &'static str,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl CountryDatabase for LocalCountryDatabase {
    async fn insert_appointments(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        self.cloud
            .access
            .connect(&self.caller, &self.host, self.port, &self.user)
            .map_err(|error| port_error("connect", &CallError::Access(error)))?;
        match &self.mysql {
            Some(mysql) => {
                // The row is kept elsewhere, and must not be without what it was made of.
                let durable = self.cloud.store.durable().await;
                durable.map_err(|error| port_error("insert", &CallError::Store(error)))?;
                mysql.insert_appointments(appointments).await?;
            }
            None => self.insert_embedded(appointments)?,
        }
        let ids = appointments.iter().map(|appointment| appointment.appointment_id);
        self.cloud
            .journal
            .note(ids.map(|id| Step::RowWritten(id, self.country)));
        Ok(())
    }
}

impl LocalCountryDatabase {
    fn insert_embedded(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        let store = &self.cloud.store;
        let mut batch = Batch::default();
        for appointment in appointments {
            let id = appointment.appointment_id.to_string();
            let at = key(&[self.country.table_name(), &id]);
            // Two batches with the same appointment may both see no row: they write the same one.
            if store.get(Space::Rows, &at).map_err(unavailable)?.is_some() {
                continue;
            }
            let row = serde_json::to_vec(&row(appointment, id)).map_err(|_| {
                PortError::new(
                    PortErrorKind::Invalid,
                    "insert",
                    "the row does not serialize as JSON",
                )
            })?;
            batch.put(Space::Rows, at, row);
        }
        store.commit(batch).map_err(unavailable)
    }
}

/// The keys of at most `limit` rows in their order, those after `after`; with `since`, only of appointments that were
/// accepted then or later.
pub(crate) fn embedded_keys(
    store: &Store,
    country: Country,
    after: Option<&str>,
    since: Option<Moment>,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let table = country.table_name();
    let prefix = key(&[table]);
    let mut from = after.map_or_else(|| prefix.clone(), |after| key(&[table, after]));
    let mut keys = Vec::new();
    while keys.len() < limit {
        let rows = store.page(Space::Rows, &prefix, &from, limit)?;
        let Some((last, _)) = rows.last() else { break };
        from.clone_from(last);
        let wanted = rows
            .iter()
            .filter(|(_, row)| since.is_none_or(|since| was_accepted_since(row, since)));
        keys.extend(wanted.map(|(at, _)| last_part(at, &prefix)));
    }
    keys.truncate(limit);
    Ok(keys)
}

/// Whether a country's table has a row of an appointment.
pub(crate) fn has_embedded_row(
    store: &Store,
    country: Country,
    id: &AppointmentId,
) -> Result<bool, StoreError> {
    let at = key(&[country.table_name(), &id.to_string()]);
    Ok(store.get(Space::Rows, &at)?.is_some())
}

/// A row whose time does not read is looked at rather than passed over.
fn was_accepted_since(row: &[u8], since: Moment) -> bool {
    #[derive(Deserialize)]
    struct Accepted {
        created_at: Timestamp,
    }
    serde_json::from_slice(row).map_or(true, |Accepted { created_at }| created_at >= since.as_timestamp())
}

fn row(appointment: &Appointment, appointment_id: String) -> Row<'_> {
    let created = appointment.date_created.as_timestamp();
    Row {
        appointment_id,
        insured_id: appointment.insured_id.as_str(),
        schedule_id: appointment.schedule_id.as_ref().map(Reference::as_str),
        center_id: appointment.center_id.as_ref().map(Reference::as_str),
        specialty_id: appointment.specialty_id.as_ref().map(Reference::as_str),
        medic_id: appointment.medic_id.as_ref().map(Reference::as_str),
        date_schedule: appointment.date_schedule.as_timestamp(),
        country_iso: appointment.country_iso.as_str(),
        status: COUNTRY_ROW_STATUS,
        created_at: created,
        updated_at: created,
    }
}

fn unavailable(error: StoreError) -> PortError {
    port_error("insert", &CallError::Store(error))
}
