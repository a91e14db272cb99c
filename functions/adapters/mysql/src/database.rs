use std::fmt;

use mysql_async::{Conn, TxOpts, Value, prelude::Queryable};
use schedule_core::{
    Appointment, Country,
    ports::{CountryDatabase, PortError, PortErrorKind},
};
use tokio::time::timeout;

use crate::{
    fault, insert,
    options::{Limits, MySqlOptions},
    pools::{NoToken, Pools},
    schema,
};

/// The table of one country on MySQL or MariaDB.
///
/// Made once a process: it holds a small pool, whose connections are opened when they are first needed.
pub struct MySqlCountryDatabase {
    pools: Pools,
    country: Country,
    limits: Limits,
    place: String,
}

impl MySqlCountryDatabase {
    /// The country's table in that database. Nothing is connected yet.
    #[must_use]
    pub fn new(options: &MySqlOptions, country: Country) -> Self {
        Self {
            pools: Pools::new(options),
            country,
            limits: options.limits(),
            place: options.place(),
        }
    }

    /// Makes the country's table if there is none; one that is there stays as it is, whatever its columns.
    ///
    /// # Errors
    ///
    /// [`PortError`], as for an insert; `Unavailable` where the database itself does not exist.
    pub async fn create_tables_if_absent(&self) -> Result<(), PortError> {
        const OPERATION: &str = "create_tables_if_absent";
        let statement = schema::create_table(self.country);
        self.with_connection(OPERATION, async |connection| {
            connection.query_drop(statement).await
        })
        .await
    }

    /// Closes the connections; to be awaited before the runtime ends, so that the server sees them go.
    pub async fn close(self) {
        // A connection that cannot be closed any more is closed.
        if let Some(pool) = self.pools.into_current() {
            let _ = timeout(self.limits.connect, pool.disconnect()).await;
        }
    }

    /// Runs one piece of work on a connection, within the limits.
    async fn with_connection(
        &self,
        operation: &'static str,
        work: impl AsyncFnOnce(&mut Conn) -> mysql_async::Result<()>,
    ) -> Result<(), PortError> {
        let failed = |error| fault::from_driver(operation, &self.place, &error);
        let pool = self
            .pools
            .current()
            .map_err(|NoToken| fault::no_token(operation, &self.place))?;
        let mut connection = timeout(self.limits.connect, pool.get_conn())
            .await
            .map_err(|_| fault::connect_timeout(operation, &self.place))?
            .map_err(failed)?;
        // A connection whose statement is given up here, or with the whole call, does not go back to the pool: the
        // driver marks it as closed for as long as it owes an answer.
        timeout(self.limits.statement, work(&mut connection))
            .await
            .map_err(|_| fault::statement_timeout(operation, &self.place))?
            .map_err(failed)
    }
}

impl CountryDatabase for MySqlCountryDatabase {
    async fn insert_appointments(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        const OPERATION: &str = "insert_appointments";
        if appointments.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<&Appointment> = appointments.iter().collect();
        // Two batches that meet lock rows in one order, and so do not deadlock. The sort is stable: of two rows
        // with one key the one that came first stays.
        rows.sort_by_key(|appointment| appointment.appointment_id);
        let statements = statements(self.country, &rows).map_err(|insert::DateOutOfRange| {
            PortError::new(PortErrorKind::Invalid, OPERATION, "a date lies before the year 0")
        })?;
        self.with_connection(OPERATION, async |connection| {
            execute(connection, statements).await
        })
        .await
    }
}

impl fmt::Debug for MySqlCountryDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MySqlCountryDatabase")
            .field("country", &self.country)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

type Statement = (String, Vec<Value>);

fn statements(country: Country, rows: &[&Appointment]) -> Result<Vec<Statement>, insert::DateOutOfRange> {
    rows.chunks(insert::ROWS_A_STATEMENT)
        .map(|rows| {
            let values = rows
                .iter()
                .map(|row| insert::values(row))
                .collect::<Result<Vec<_>, _>>()?;
            Ok((
                insert::statement(country, rows.len()),
                values.into_iter().flatten().collect(),
            ))
        })
        .collect()
}

/// All statements or none: a single one is a transaction by itself.
async fn execute(connection: &mut Conn, statements: Vec<Statement>) -> mysql_async::Result<()> {
    if let [_] = statements.as_slice() {
        for (statement, values) in statements {
            connection.exec_drop(statement, values).await?;
        }
        return Ok(());
    }
    let mut transaction = connection.start_transaction(TxOpts::default()).await?;
    for (statement, values) in statements {
        transaction.exec_drop(statement, values).await?;
    }
    transaction.commit().await
}
