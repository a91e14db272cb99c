use std::path::Path;

use infra_synth_operations::{RecordsError, Trace};

use super::{Connection, Request};

/// What the `infra-synth local` that runs with a data folder knows of appointments' ways.
#[derive(Debug, Clone)]
pub struct LocalTraces {
    connection: Connection,
}

impl LocalTraces {
    /// Those of the system with this data folder, which each call finds anew.
    #[must_use]
    pub fn of(data_folder: &Path) -> Self {
        Self {
            connection: Connection::to(data_folder),
        }
    }

    /// The ways of the appointment with this id, or of those that the request with this id asked for.
    ///
    /// # Errors
    ///
    /// When no system answers.
    pub async fn of_id(&self, id: &str) -> Result<Vec<Trace>, RecordsError> {
        let request = Request::Trace { id: id.to_owned() };
        let answer = self.connection.ask(request).await;
        answer.map_err(|failure| RecordsError(self.connection.say(failure)))
    }
}
