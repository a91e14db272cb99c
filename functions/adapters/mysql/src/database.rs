use std::{fmt, time::Duration};

use mysql_async::{Conn, Pool, TxOpts, Value, prelude::Queryable};
use schedule_core::{
    Appointment, AppointmentId, Country, Moment,
    ports::{CountryDatabase, PortError, PortErrorKind},
};
use tokio::time::timeout;

use crate::{
    fault, insert, keys,
    options::{Limits, MySqlOptions},
    pools::{NoToken, Pools},
    schema,
};

/// How many rows a statement looks at for those that are wanted: far below what its time limit allows.
const ROWS_LOOKED_AT: usize = 10_000;

/// How long an idle connection may take to say that it is alive.
const PING_LIMIT: Duration = Duration::from_secs(1);

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

    /// The keys of at most `limit` rows in their order, those after `after`; with `since`, only of appointments that
    /// were accepted then or later.
    ///
    /// # Errors
    ///
    /// [`PortError`], as for an insert.
    pub async fn keys(
        &self,
        after: Option<&str>,
        since: Option<Moment>,
        limit: usize,
    ) -> Result<Vec<String>, PortError> {
        const OPERATION: &str = "keys";
        let looked_at = if since.is_some() {
            limit.max(ROWS_LOOKED_AT)
        } else {
            limit
        };
        let mut after = after.unwrap_or_default().to_owned();
        let mut keys = Vec::new();
        loop {
            let (statement, values) = keys::in_order(self.country, &after, since, looked_at)
                .map_err(|insert::DateOutOfRange| before_the_calendar(OPERATION))?;
            let rows: Vec<(String, bool)> = self
                .with_connection(OPERATION, async |connection| {
                    connection.exec(statement, values).await
                })
                .await?;
            let is_last = rows.len() < looked_at;
            if let Some((last, _)) = rows.last() {
                after.clone_from(last);
            }
            keys.extend(rows.into_iter().filter(|(_, wanted)| *wanted).map(|(key, _)| key));
            if is_last || keys.len() >= limit {
                keys.truncate(limit);
                return Ok(keys);
            }
        }
    }

    /// The keys of those of these appointments that have a row.
    ///
    /// # Errors
    ///
    /// [`PortError`], as for an insert.
    pub async fn keys_among(&self, ids: &[AppointmentId]) -> Result<Vec<String>, PortError> {
        const OPERATION: &str = "keys_among";
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (statement, values) = keys::among(self.country, ids);
        self.with_connection(OPERATION, async |connection| {
            connection.exec(statement, values).await
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
    async fn with_connection<T>(
        &self,
        operation: &'static str,
        work: impl AsyncFnOnce(&mut Conn) -> mysql_async::Result<T>,
    ) -> Result<T, PortError> {
        let failed = |error| fault::from_driver(operation, &self.place, &error);
        let pool = self
            .pools
            .current()
            .map_err(|NoToken| fault::no_token(operation, &self.place))?;
        let mut connection = timeout(self.limits.connect, self.live_connection(&pool))
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

    /// A connection that has just answered, or a new one.
    ///
    /// A failover, or a network that forgets what is idle while the function is frozen, ends a connection without a
    /// word: a statement on it would wait its whole limit, and cost its messages one of their few deliveries.
    async fn live_connection(&self, pool: &Pool) -> mysql_async::Result<Conn> {
        for _ in 0..self.limits.connections.get() {
            let mut connection = pool.get_conn().await?;
            if let Ok(Ok(())) = timeout(PING_LIMIT, connection.ping()).await {
                return Ok(connection);
            }
        }
        // Every one that could be idle is gone.
        pool.get_conn().await
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
        let statements = statements(self.country, &rows)
            .map_err(|insert::DateOutOfRange| before_the_calendar(OPERATION))?;
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

fn before_the_calendar(operation: &'static str) -> PortError {
    PortError::new(PortErrorKind::Invalid, operation, "a date lies before the year 0")
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
