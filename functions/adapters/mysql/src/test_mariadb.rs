//! A private MariaDB for tests: on a free loopback port, with its data under `target/mariadb`, and gone with the
//! test that started it, also when that panics or is killed.
//!
//! ```no_run
//! # async fn test() {
//! let server = schedule_mysql::test_mariadb::MariaDb::shared();
//! let url = server.create_database().await;
//! # }
//! ```

mod files;
mod process;

use std::{
    path::PathBuf,
    process::id,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU32, Ordering},
    },
};

use mysql_async::{Conn, Opts, prelude::Queryable};

/// A running server. Dropping it ends the process and removes the data.
#[derive(Debug)]
pub struct MariaDb {
    process: process::ServerProcess,
    commits: process::Commits,
    data: PathBuf,
    databases: AtomicU32,
}

static SHARED: Mutex<Weak<MariaDb>> = Mutex::new(Weak::new());
static STARTED: AtomicU32 = AtomicU32::new(0);

impl MariaDb {
    /// Starts a server and waits until it answers.
    ///
    /// # Panics
    ///
    /// If MariaDB is not installed, or does not start; the message says what to do, or ends with the server's log.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(process::Commits::Soon)
    }

    /// As [`start`](Self::start), with every commit on disk before it is answered: what a [`kill`](Self::kill) must
    /// not undo is there after the [`restart`](Self::restart).
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_durable() -> Self {
        Self::start_with(process::Commits::AtOnce)
    }

    fn start_with(commits: process::Commits) -> Self {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let data = files::target().join("mariadb").join(format!("{}-{number}", id()));
        files::initialize(&data);
        let process = process::ServerProcess::start(&data, commits);
        Self {
            process,
            commits,
            data,
            databases: AtomicU32::new(0),
        }
    }

    /// The server that the running tests of this process share: started by the first, ended by the last.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    #[must_use]
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    /// Makes a database that no other test knows, and gives its URL.
    ///
    /// # Panics
    ///
    /// If the server refuses.
    pub async fn create_database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        self.execute(&format!("CREATE DATABASE `{name}`")).await;
        self.url(&name)
    }

    /// The URL of a database, signed in as `root`, who has no password.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("mysql://root@127.0.0.1:{}/{database}", self.port())
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.process.port()
    }

    /// Runs a statement as `root`.
    ///
    /// # Panics
    ///
    /// If the server refuses.
    #[expect(clippy::expect_used, reason = "a test has no use for a server that refuses")]
    pub async fn execute(&self, statement: &str) {
        let options = Opts::from_url(&self.url("mysql")).expect("a URL of our own");
        let mut connection = Conn::new(options)
            .await
            .expect("a connection to the test's MariaDB");
        connection
            .query_drop(statement)
            .await
            .expect("a statement that the test's MariaDB takes");
        connection.disconnect().await.expect("a farewell");
    }

    /// Kills the server as a power cut would; its data stays until the drop.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts the server again on its port and data, killing it first if it runs, and waits until it answers.
    ///
    /// # Panics
    ///
    /// If it does not start; the message ends with its log.
    pub fn restart(&mut self) {
        self.process.restart(&self.data, self.commits);
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.process.kill();
        files::remove(&self.data);
    }
}
