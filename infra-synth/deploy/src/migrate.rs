//! The country tables' schema, version by version.
//!
//! By hand and not with a migration framework: MySQL commits each schema statement by itself, so what a framework adds
//! (a transaction) does not hold there, and what is needed instead, a lock over all of it and statements that may run
//! twice, is this page.

use std::time::Duration;

use mysql_async::{Conn, Row, params, prelude::Queryable};
pub use schedule_mysql::MySqlOptions;
use tokio::time::timeout;

/// One step of the schema. What has been released is never edited; another is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the order, from 1.
    pub version: u32,
    /// What it is for.
    pub title: &'static str,
    /// Its statements, each of which may run again after a break-down between two of them.
    pub statements: &'static [&'static str],
}

/// The schema's history.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    title: "the tables of both countries",
    statements: &[
        include_str!("migrate/1_appointment_pe.sql"),
        include_str!("migrate/1_appointment_cl.sql"),
    ],
}];

/// Why a schema was not migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// Nobody answers, or the sign-in fails.
    #[error("the database cannot be reached; check that it runs, and the user's password")]
    Connect(#[source] mysql_async::Error),
    /// Nobody says anything.
    #[error(
        "`{host}` has not answered for {} s; the database lies in a private network: run this from inside it, or \
         through a tunnel",
        PATIENCE.as_secs()
    )]
    Silent {
        /// Where.
        host: String,
    },
    /// Another migration has been running for a minute.
    #[error("another migration of this database is running; wait for it, and run infra-synth migrate again")]
    Locked,
    /// The database was migrated by a newer version of this program.
    #[error("the database is at version {found}, and this program knows {known}; use a newer one")]
    Newer {
        /// The database's version.
        found: u32,
        /// The newest here.
        known: u32,
    },
    /// A statement failed.
    #[error(
        "migration {version} failed; mend what the database says, and run infra-synth migrate again: it goes on there"
    )]
    Statement {
        /// The migration.
        version: u32,
        /// What the database said.
        #[source]
        source: mysql_async::Error,
    },
    /// The history could not be read.
    #[error("the history of migrations cannot be read")]
    History(#[source] mysql_async::Error),
}

/// The migrations that a database lacks, without applying them; nothing is written.
///
/// # Errors
///
/// A database that cannot be reached, or is ahead of this program.
pub async fn pending(database: &MySqlOptions) -> Result<Vec<Migration>, MigrateError> {
    let mut connection = connect(database).await?;
    let version = version(&mut connection).await?;
    let _ = connection.disconnect().await;
    lacking(version)
}

/// Applies the migrations that a database lacks, and tells which those were. Safe to run again, and from two places at
/// once: the second waits for the first, and finds nothing to do.
///
/// # Errors
///
/// A database that cannot be reached, is locked by another migration for over a minute, or refuses a statement.
pub async fn apply(database: &MySqlOptions) -> Result<Vec<Migration>, MigrateError> {
    let mut connection = connect(database).await?;
    // The server gives the lock back when the connection ends, whatever ends it.
    let locked: Option<Option<u8>> = connection
        .query_first(format!("SELECT GET_LOCK({LOCK}, 60)"))
        .await
        .map_err(MigrateError::History)?;
    if locked.flatten() != Some(1) {
        return Err(MigrateError::Locked);
    }
    let applied = apply_locked(&mut connection).await;
    let _ = connection.disconnect().await;
    applied
}

/// Locks are the server's, not the schema's: two schemas on one server do not wait for each other.
const LOCK: &str = "CONCAT('infra-synth migrate ', LEFT(DATABASE(), 40))";

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS `schema_migrations` (
    `version` INT UNSIGNED NOT NULL PRIMARY KEY,
    `title` VARCHAR(200) NOT NULL,
    `applied_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4";

async fn apply_locked(connection: &mut Conn) -> Result<Vec<Migration>, MigrateError> {
    connection
        .query_drop(HISTORY)
        .await
        .map_err(MigrateError::History)?;
    let lacking = lacking(version(connection).await?)?;
    for migration in &lacking {
        let failed = |source| MigrateError::Statement {
            version: migration.version,
            source,
        };
        for statement in migration.statements {
            connection.query_drop(*statement).await.map_err(failed)?;
        }
        let record = "INSERT INTO `schema_migrations` (`version`, `title`) VALUES (:version, :title)";
        let values = params! { "version" => migration.version, "title" => migration.title };
        connection.exec_drop(record, values).await.map_err(failed)?;
    }
    Ok(lacking)
}

/// For a connection, which takes a moment or, where a firewall drops what is sent, minutes.
const PATIENCE: Duration = Duration::from_secs(10);

async fn connect(database: &MySqlOptions) -> Result<Conn, MigrateError> {
    let opts = database.for_one_connection();
    match timeout(PATIENCE, Conn::new(opts.clone())).await {
        Ok(connected) => connected.map_err(MigrateError::Connect),
        Err(_) => Err(MigrateError::Silent {
            host: format!("{}:{}", opts.ip_or_hostname(), opts.tcp_port()),
        }),
    }
}

async fn version(connection: &mut Conn) -> Result<u32, MigrateError> {
    let exists: Option<Row> = connection
        .query_first(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'",
        )
        .await
        .map_err(MigrateError::History)?;
    if exists.is_none() {
        return Ok(0);
    }
    let newest: Option<Option<u32>> = connection
        .query_first("SELECT MAX(`version`) FROM `schema_migrations`")
        .await
        .map_err(MigrateError::History)?;
    Ok(newest.flatten().unwrap_or(0))
}

fn lacking(version: u32) -> Result<Vec<Migration>, MigrateError> {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    if version > known {
        return Err(MigrateError::Newer {
            found: version,
            known,
        });
    }
    Ok(MIGRATIONS
        .iter()
        .filter(|migration| migration.version > version)
        .copied()
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_from_one_without_a_gap() {
        for (place, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.version as usize, place + 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_says_nothing_is_not_waited_for_without_end() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let database =
            MySqlOptions::from_url(&format!("mysql://me:secret@127.0.0.1:{port}/appointments")).unwrap();
        let error = pending(&database).await.unwrap_err();
        assert!(matches!(&error, MigrateError::Silent { .. }), "{error}");
        assert!(error.to_string().contains(&port.to_string()), "{error}");
    }

    #[test]
    fn a_database_that_is_ahead_is_left_alone() {
        assert!(matches!(lacking(7), Err(MigrateError::Newer { found: 7, .. })));
        assert_eq!(lacking(1).unwrap(), []);
    }
}
