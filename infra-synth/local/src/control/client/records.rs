use std::collections::BTreeMap;
use std::path::Path;

use infra_synth_operations::{Entry, EntryPage, Records, RecordsError};
use schedule_core::{AppointmentId, Country, Moment};
use serde::de::DeserializeOwned;

use super::{Connection, Request};
use crate::control::protocol::Known;

/// The table and the country databases of the `infra-synth local` that runs with a data folder.
#[derive(Debug, Clone)]
pub struct LocalRecords {
    connection: Connection,
}

impl LocalRecords {
    /// Those of the system with this data folder, which each call finds anew.
    #[must_use]
    pub fn of(data_folder: &Path) -> Self {
        Self {
            connection: Connection::to(data_folder),
        }
    }

    async fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<Vec<T>, RecordsError> {
        let answer = self.connection.ask(request).await;
        answer.map_err(|failure| RecordsError(self.connection.say(failure)))
    }

    async fn change(&self, request: Request) -> Result<bool, RecordsError> {
        let changed = self.connection.change(request).await;
        changed.map_err(|failure| RecordsError(self.connection.say(failure)))
    }
}

impl Records for LocalRecords {
    async fn entries(&self, from: Option<&str>) -> Result<EntryPage, RecordsError> {
        let from = from.map(str::to_owned);
        let pages = self.ask(Request::Entries { from }).await?;
        Ok(pages.into_iter().next().unwrap_or_default())
    }

    async fn entries_of(
        &self,
        ids: &[AppointmentId],
    ) -> Result<BTreeMap<AppointmentId, Option<Entry>>, RecordsError> {
        let ids = ids.to_vec();
        let known: Vec<Known> = self.ask(Request::EntriesOf { ids }).await?;
        Ok(known
            .into_iter()
            .map(|known| (known.appointment_id, known.entry))
            .collect())
    }

    async fn rows(
        &self,
        country: Country,
        after: Option<&str>,
        since: Option<Moment>,
    ) -> Result<Vec<String>, RecordsError> {
        let after = after.map(str::to_owned);
        self.ask(Request::Rows {
            country,
            after,
            since,
        })
        .await
    }

    async fn rows_of(&self, country: Country, ids: &[AppointmentId]) -> Result<Vec<String>, RecordsError> {
        let ids = ids.to_vec();
        self.ask(Request::RowsOf { country, ids }).await
    }

    async fn complete(&self, id: &AppointmentId) -> Result<bool, RecordsError> {
        self.change(Request::Complete { id: *id }).await
    }

    async fn announce(&self, id: &AppointmentId) -> Result<bool, RecordsError> {
        self.change(Request::Announce { id: *id }).await
    }
}
