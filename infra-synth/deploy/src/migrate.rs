//! The country tables' schema, version by version.
//!
//! By hand and not with a migration framework: MySQL commits each schema statement by itself, so what a framework adds
//! (a transaction) does not hold there, and what is needed instead, a lock over all of it and statements that may run
//! twice, is this page.

use std::{fmt, time::Duration};

use mysql_async::{Conn, Opts, OptsBuilder, Row, params, prelude::Queryable};
use schedule_mysql::{DatabaseUrlError, IamSignInError, MySqlOptions, RootCertificates};
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
    /// The URL, which is not repeated because it may hold a password.
    #[error(transparent)]
    Url(#[from] DatabaseUrlError),
    /// The certificates to hold RDS's against.
    #[error(transparent)]
    Certificates(#[from] IamSignInError),
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

/// A database's URL. `Debug` hides it, since it may hold a password.
#[derive(Clone)]
pub struct DatabaseUrl(Opts);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "DatabaseUrl({}:{})",
            self.0.ip_or_hostname(),
            self.0.tcp_port()
        )
    }
}

impl DatabaseUrl {
    /// Reads `mysql://user:password@host:port/database`. A database that is called by its name on RDS is spoken to over
    /// TLS, and must prove that it is RDS's; of any other the URL says whether (`?require_ssl=true`).
    ///
    /// # Errors
    ///
    /// What is no such URL, names no database, or is in a region of RDS whose certificates are not known.
    pub fn parse(url: &str) -> Result<Self, MigrateError> {
        MySqlOptions::from_url(url)?;
        let opts = Opts::from_url(url).map_err(DatabaseUrlError::from)?;
        let tls = match opts.ssl_opts() {
            None => RootCertificates::of_rds_host(opts.ip_or_hostname()).transpose()?,
            Some(given) => Some(given.clone()),
        };
        // The driver would ask the server for its socket, and look for that on this machine.
        let builder = OptsBuilder::from_opts(opts).prefer_socket(false).ssl_opts(tls);
        Ok(Self(builder.into()))
    }
}

/// The migrations that a database lacks, without applying them; nothing is written.
///
/// # Errors
///
/// A database that cannot be reached, or is ahead of this program.
pub async fn pending(url: &DatabaseUrl) -> Result<Vec<Migration>, MigrateError> {
    let mut connection = connect(url).await?;
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
pub async fn apply(url: &DatabaseUrl) -> Result<Vec<Migration>, MigrateError> {
    let mut connection = connect(url).await?;
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

async fn connect(url: &DatabaseUrl) -> Result<Conn, MigrateError> {
    match timeout(PATIENCE, Conn::new(url.0.clone())).await {
        Ok(connected) => connected.map_err(MigrateError::Connect),
        Err(_) => Err(MigrateError::Silent {
            host: format!("{}:{}", url.0.ip_or_hostname(), url.0.tcp_port()),
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

    #[test]
    fn a_url_that_does_not_do_is_told_by_its_fault_and_not_repeated() {
        let refused = |url: &str| DatabaseUrl::parse(url).unwrap_err().to_string();
        let words = refused("mysql://me:secret@db:3306/appointments?ssl-mode=REQUIRED");
        assert!(
            words.contains("`ssl-mode`") && !words.contains("secret"),
            "{words}"
        );
        assert!(refused("mysql://me:secret@db:3306/").contains("names no database"));
    }

    #[test]
    fn a_database_on_rds_is_spoken_to_over_tls_with_rds_as_the_only_authority() {
        let opts = |host: &str| {
            let url = DatabaseUrl::parse(&format!("mysql://me:secret@{host}:3306/appointments"));
            url.map(|url| url.0)
        };
        let rds = opts("clinic.c3oi8.sa-east-1.rds.amazonaws.com").unwrap();
        let tls = rds.ssl_opts().unwrap();
        assert!(tls.disable_built_in_roots() && !tls.root_certs().is_empty());
        assert!(!tls.accept_invalid_certs() && !rds.prefer_socket());
        let own = opts("db.internal").unwrap();
        assert!(own.ssl_opts().is_none() && !own.prefer_socket());
        let error = opts("clinic.c3oi8.moon-1.rds.amazonaws.com").unwrap_err();
        assert!(matches!(error, MigrateError::Certificates(_)), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_says_nothing_is_not_waited_for_without_end() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let url = DatabaseUrl::parse(&format!("mysql://me:secret@127.0.0.1:{port}/appointments")).unwrap();
        let error = pending(&url).await.unwrap_err();
        assert!(matches!(&error, MigrateError::Silent { .. }), "{error}");
        assert!(error.to_string().contains(&port.to_string()), "{error}");
    }

    #[test]
    fn a_database_that_is_ahead_is_left_alone() {
        assert!(matches!(lacking(7), Err(MigrateError::Newer { found: 7, .. })));
        assert_eq!(lacking(1).unwrap(), []);
    }

    #[test]
    fn a_password_is_in_no_error_and_no_debug_output() {
        let url = DatabaseUrl::parse("mysql://root:hidden@db:3307/appointments").unwrap();
        assert_eq!(format!("{url:?}"), "DatabaseUrl(db:3307)");
        let error = DatabaseUrl::parse("postgres://root:hidden@db/x").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("hidden"));
    }
}
