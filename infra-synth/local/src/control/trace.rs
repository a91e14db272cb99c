//! Where appointments stand: what the store has of them, and what the journal remembers.

use infra_synth_operations::{LyingMessage, Trace};
use schedule_core::{AppointmentId, Country, names};
use serde_json::Value;

use super::ledger::{Ledger, PAGE, entry};
use super::{OperationError, Operations};
use crate::table::Item;

impl Operations {
    /// The appointment of this id, or those that the request of this id asked for.
    ///
    /// A request is found by a look at the whole table, which is kept by the appointments' keys.
    pub(super) async fn traces(&self, id: &str) -> Result<Vec<Trace>, OperationError> {
        let ledger = self.ledger()?;
        let table = ledger.table_name();
        let mut traces = Vec::new();
        if id.parse::<AppointmentId>().is_ok()
            && let Some(item) = self.cloud.item(table, id)?
        {
            traces.extend(self.trace(ledger, item).await?);
            return Ok(traces);
        }
        let mut after: Option<String> = None;
        loop {
            let items = self.cloud.items(table, after.as_deref(), PAGE)?;
            let Some((last, _)) = items.last() else { break };
            after = Some(last.clone());
            for (_, item) in items {
                if item.get(names::REQUEST_ID).and_then(Value::as_str) == Some(id) {
                    traces.extend(self.trace(ledger, item).await?);
                }
            }
            // The table may be large, and others are served meanwhile.
            tokio::task::yield_now().await;
        }
        Ok(traces)
    }

    async fn trace(&self, ledger: &Ledger, item: Item) -> Result<Option<Trace>, OperationError> {
        let request_id = item
            .get(names::REQUEST_ID)
            .and_then(|id| id.as_str().map(str::to_owned));
        let updated_at = item
            .get(names::UPDATED_AT)
            .and_then(|at| at.as_str()?.parse().ok());
        let Some(entry) = entry(item) else {
            return Ok(None);
        };
        let id = entry.appointment_id;
        let mut rows = Vec::new();
        let mut rows_unknown = None;
        for country in Country::ALL {
            // A database that is away is a reason to look, and none to see nothing.
            match ledger.rows_of(country, &[id]).await {
                Ok(found) if found.is_empty() => {}
                Ok(_) => rows.push(country),
                Err(error) => {
                    rows_unknown = Some(error.to_string());
                    break;
                }
            }
        }
        Ok(Some(Trace {
            request_id,
            updated_at,
            rows,
            rows_unknown,
            messages: self.messages_about(&id).await?,
            events: self.cloud.journal.of(&id),
            entry,
        }))
    }

    async fn messages_about(&self, id: &AppointmentId) -> Result<Vec<LyingMessage>, OperationError> {
        let mut found = Vec::new();
        for queue in self.cloud.queues() {
            let name = &queue.config.name;
            let is_dead_letter = self.dead_letter_queues.iter().any(|dead| dead.name == *name);
            for (message, receive_count, hidden) in queue.mentioning(&id.to_string())? {
                found.push(LyingMessage {
                    queue: name.clone(),
                    message_id: message.id.to_string(),
                    receive_count: receive_count.max(message.receive_count),
                    hidden_seconds: hidden.map(|time| time.as_secs()),
                    is_dead_letter,
                });
            }
            tokio::task::yield_now().await;
        }
        Ok(found)
    }
}
