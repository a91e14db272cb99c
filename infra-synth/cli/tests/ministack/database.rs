use mysql_async::{Conn, Opts, prelude::Queryable};
use schedule_mysql::test_mariadb::MariaDb;

/// The country database: a MariaDB that can be away for a while.
pub(crate) struct Database {
    server: MariaDb,
    url: String,
}

impl Database {
    pub(crate) fn start() -> Self {
        let server = MariaDb::start_durable();
        let url = block_on(server.create_database());
        Self { server, url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn stop(&mut self) {
        self.server.kill();
    }

    pub(crate) fn start_again(&mut self) {
        self.server.restart();
    }

    /// A row of an appointment, as far as a row has to be filled.
    pub(crate) fn insert_row(&self, table: &str, appointment_id: &str) {
        block_on(async {
            let mut connection = Conn::new(Opts::from_url(&self.url).unwrap()).await.unwrap();
            let statement = format!(
                "INSERT INTO {table} (appointment_id, insured_id, date_schedule, country_iso, status, created_at, updated_at) \
                 VALUES (?, 'INSURED-0', NOW(), 'PE', 'CREATED', NOW(), NOW())"
            );
            connection.exec_drop(statement, (appointment_id,)).await.unwrap();
            connection.disconnect().await.unwrap();
        });
    }

    /// How many rows a table has for an appointment.
    pub(crate) fn rows(&self, table: &str, appointment_id: &str) -> u64 {
        block_on(async {
            let mut connection = Conn::new(Opts::from_url(&self.url).unwrap()).await.unwrap();
            let statement = format!("SELECT COUNT(*) FROM {table} WHERE appointment_id = ?");
            let count = connection.exec_first(statement, (appointment_id,)).await.unwrap();
            connection.disconnect().await.unwrap();
            count.unwrap()
        })
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
