//! The adapter against a real MariaDB that each test run starts for itself.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::{num::NonZeroUsize, time::Duration};

use mysql_async::{Conn, Opts, Row, prelude::Queryable};
use schedule_core::{
    Appointment, AppointmentId, Country, DateSchedule, InsuredId, Moment, Reference,
    doubles::sample_appointment,
    port_tests::{self, CountryRow},
    ports::{CountryDatabase, PortError, PortErrorKind},
};
use schedule_mysql::{Limits, MySqlCountryDatabase, MySqlOptions, test_mariadb::MariaDb};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

fn options(url: &str) -> MySqlOptions {
    MySqlOptions::from_url(url).expect("a sound URL")
}

async fn connection(url: &str) -> Conn {
    Conn::new(Opts::from_url(url).expect("a sound URL"))
        .await
        .expect("a connection")
}

/// How long what has to happen may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A country's table, empty, in a database of its own.
struct TestTable {
    database: MySqlCountryDatabase,
    url: String,
}

impl TestTable {
    async fn new(server: &MariaDb, country: Country) -> Self {
        Self::within(server, country, Limits::default())
            .await
            .connected()
            .await
    }

    async fn within(server: &MariaDb, country: Country, limits: Limits) -> Self {
        let url = server.create_database().await;
        // Making the table is not what has limits.
        let made = MySqlCountryDatabase::new(&options(&url), country);
        made.create_tables_if_absent().await.expect("a table");
        made.close().await;
        let database = MySqlCountryDatabase::new(&options(&url).with_limits(limits), country);
        Self { database, url }
    }

    /// The same, with one connection made.
    async fn connected(self) -> Self {
        self.database.keys(None, None, 1).await.expect("no rows");
        self
    }
}

impl CountryDatabase for TestTable {
    async fn insert_appointments(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        self.database.insert_appointments(appointments).await
    }
}

async fn rows(url: &str, country: Country) -> Vec<CountryRow> {
    let statement = format!(
        "SELECT appointment_id, insured_id, schedule_id, center_id, specialty_id, medic_id, \
         DATE_FORMAT(date_schedule, '%Y-%m-%dT%TZ'), country_iso, DATE_FORMAT(created_at, '%Y-%m-%dT%T.%fZ'), status \
         FROM {}",
        country.table_name()
    );
    let mut connection = connection(url).await;
    let rows: Vec<Row> = connection.query(statement).await.expect("rows");
    connection.disconnect().await.expect("a farewell");
    rows.iter().map(row).collect()
}

fn row(row: &Row) -> CountryRow {
    let text = |index: usize| row.get::<String, _>(index).expect("a text");
    let reference = |index: usize| {
        let text: Option<String> = row.get(index).expect("a text or null");
        text.map(|text| Reference::new(text).expect("a reference"))
    };
    assert_eq!(text(9), "CREATED");
    CountryRow {
        appointment_id: text(0).parse::<AppointmentId>().expect("an id"),
        insured_id: InsuredId::new(text(1)).expect("an insured id"),
        schedule_id: reference(2),
        center_id: reference(3),
        specialty_id: reference(4),
        medic_id: reference(5),
        date_schedule: text(6).parse::<DateSchedule>().expect("a date"),
        country_iso: text(7).parse().expect("a country"),
        created_at: text(8).parse::<Moment>().expect("a moment"),
    }
}

#[tokio::test]
async fn the_adapter_keeps_every_promise_of_the_port() {
    let server = MariaDb::shared();
    for country in Country::ALL {
        port_tests::country_database(
            country,
            async || TestTable::new(&server, country).await,
            async |table: &TestTable| rows(&table.url, country).await,
        )
        .await;
    }
}

#[tokio::test]
async fn making_the_tables_again_keeps_what_is_in_them() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::PE).await;
    let appointment = sample_appointment(1, Country::PE);
    table
        .insert_appointments(std::slice::from_ref(&appointment))
        .await
        .expect("an insert");
    table
        .database
        .create_tables_if_absent()
        .await
        .expect("nothing to do");
    assert_eq!(
        rows(&table.url, Country::PE).await,
        [CountryRow::from(&appointment)]
    );
}

#[tokio::test]
async fn the_longest_values_of_the_contract_fit() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::CL).await;
    let longest = Reference::new("ñ".repeat(Reference::MAX_CHARACTERS)).ok();
    let appointment = Appointment {
        insured_id: InsuredId::new("a".repeat(InsuredId::MAX_CHARACTERS)).expect("an insured id"),
        schedule_id: longest.clone(),
        center_id: longest.clone(),
        specialty_id: longest.clone(),
        medic_id: longest,
        ..sample_appointment(1, Country::CL)
    };
    table
        .insert_appointments(std::slice::from_ref(&appointment))
        .await
        .expect("an insert");
    assert_eq!(
        rows(&table.url, Country::CL).await,
        [CountryRow::from(&appointment)]
    );
}

#[tokio::test]
async fn more_rows_than_one_statement_takes_go_in_whole_or_not_at_all() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::PE).await;
    let mut many: Vec<_> = (1..=2_500)
        .map(|number| sample_appointment(number, Country::PE))
        .collect();
    many[2_400].schedule_id = Some(too_long());
    let refused = table
        .insert_appointments(&many)
        .await
        .expect_err("a value that does not fit");
    assert_eq!(refused.kind(), PortErrorKind::Invalid);
    assert_eq!(rows(&table.url, Country::PE).await, []);
    many[2_400].schedule_id = None;
    table.insert_appointments(&many).await.expect("an insert");
    assert_eq!(rows(&table.url, Country::PE).await.len(), 2_500);
}

/// A reference as an older system may have sent it: only a request is held to the length.
fn too_long() -> Reference {
    let text = "secret".repeat(20);
    serde_json::from_value(serde_json::Value::from(text)).expect("any text reads")
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_invalid_and_is_not_repeated() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::PE).await;
    let fault = Appointment {
        medic_id: Some(too_long()),
        ..sample_appointment(1, Country::PE)
    };
    let refused = table
        .insert_appointments(&[fault, sample_appointment(2, Country::PE)])
        .await;
    let refused = refused.expect_err("a value that does not fit");
    assert_eq!(refused.kind(), PortErrorKind::Invalid);
    assert!(refused.message().contains("error 1406"), "{refused}");
    assert!(!format!("{refused} {refused:?}").contains("secret"), "{refused}");
    assert_eq!(rows(&table.url, Country::PE).await, [], "all or none");
}

#[tokio::test]
async fn batches_that_meet_all_succeed_and_leave_one_row_each() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::PE).await;
    let other = MySqlCountryDatabase::new(&options(&table.url), Country::PE);
    let forwards: Vec<_> = (1..=50)
        .map(|number| sample_appointment(number, Country::PE))
        .collect();
    let backwards: Vec<_> = forwards.iter().rev().cloned().collect();
    for _ in 0..20 {
        let both = tokio::join!(
            table.insert_appointments(&forwards),
            other.insert_appointments(&backwards)
        );
        assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
    }
    assert_eq!(rows(&table.url, Country::PE).await.len(), 50);
}

#[tokio::test]
async fn a_wrong_password_is_denied_and_is_not_repeated() {
    let server = MariaDb::shared();
    server
        .execute("CREATE USER IF NOT EXISTS 'clerk'@'%' IDENTIFIED BY 'right'")
        .await;
    let url = format!("mysql://clerk:secret@127.0.0.1:{}/mysql", server.port());
    let database = MySqlCountryDatabase::new(&options(&url), Country::PE);
    let denied = database.create_tables_if_absent().await.expect_err("no access");
    assert_eq!(denied.kind(), PortErrorKind::Denied);
    assert!(denied.message().contains("'clerk'"), "{denied}");
    assert!(
        !format!("{denied} {denied:?} {database:?}").contains("secret"),
        "{denied}"
    );
}

#[tokio::test]
async fn a_user_without_the_privilege_is_denied() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::PE).await;
    let name = table.url.rsplit('/').next().expect("a database").to_owned();
    server.execute("CREATE USER IF NOT EXISTS 'reader'@'%'").await;
    server
        .execute(&format!("GRANT SELECT ON `{name}`.* TO 'reader'@'%'"))
        .await;
    let url = table.url.replace("root@", "reader@");
    let database = MySqlCountryDatabase::new(&options(&url), Country::PE);
    let denied = database
        .insert_appointments(&[sample_appointment(1, Country::PE)])
        .await;
    assert_eq!(denied.expect_err("no access").kind(), PortErrorKind::Denied);
}

#[tokio::test]
async fn a_database_or_a_table_that_is_not_there_is_unavailable_by_name() {
    let server = MariaDb::shared();
    let nowhere = MySqlCountryDatabase::new(&options(&server.url("nowhere")), Country::PE);
    let absent = nowhere.create_tables_if_absent().await.expect_err("no database");
    assert_eq!(absent.kind(), PortErrorKind::Unavailable);
    assert!(absent.message().contains("nowhere"), "{absent}");

    let url = server.create_database().await;
    let database = MySqlCountryDatabase::new(&options(&url), Country::CL);
    let absent = database
        .insert_appointments(&[sample_appointment(1, Country::CL)])
        .await;
    let absent = absent.expect_err("no table");
    assert_eq!(absent.kind(), PortErrorKind::Unavailable);
    assert!(absent.message().contains("appointment_cl"), "{absent}");
}

#[tokio::test]
async fn a_server_that_goes_away_is_unavailable_before_and_after_the_connection() {
    let mut server = MariaDb::start();
    let table = TestTable::new(&server, Country::PE).await;
    server.kill();
    for number in 1..=2 {
        let lost = table
            .insert_appointments(&[sample_appointment(number, Country::PE)])
            .await;
        let lost = lost.expect_err("no server");
        assert_eq!(lost.kind(), PortErrorKind::Unavailable, "{lost}");
        assert!(lost.is_retryable());
    }
}

#[tokio::test]
async fn a_statement_that_hangs_ends_at_its_limit() {
    let server = MariaDb::shared();
    let limits = Limits {
        statement: Duration::from_millis(200),
        ..Limits::default()
    };
    let table = TestTable::within(&server, Country::PE, limits).await;
    let mut blocker = connection(&table.url).await;
    blocker
        .query_drop("LOCK TABLES appointment_pe WRITE")
        .await
        .expect("a lock");
    let hung = table
        .insert_appointments(&[sample_appointment(1, Country::PE)])
        .await;
    let hung = hung.expect_err("a locked table");
    assert_eq!(hung.kind(), PortErrorKind::Unavailable);
    assert!(hung.message().contains("time limit"), "{hung}");
    blocker.disconnect().await.expect("a farewell");
}

#[tokio::test]
async fn a_connection_whose_statement_was_given_up_is_never_used_again() {
    // One of its own: the server's count of connections is of all tests.
    let server = MariaDb::start();
    let limits = Limits {
        connections: NonZeroUsize::MIN,
        statement: Duration::from_secs(1),
        ..Limits::default()
    };
    let table = TestTable::within(&server, Country::PE, limits)
        .await
        .connected()
        .await;
    let appointment = sample_appointment(1, Country::PE);
    let insert = || table.insert_appointments(std::slice::from_ref(&appointment));
    let mut blocker = connection(&table.url).await;
    blocker
        .query_drop("LOCK TABLES appointment_pe WRITE")
        .await
        .expect("a lock");
    let before = connections_made(&mut blocker).await;

    insert().await.expect_err("the table's first connection hangs");
    assert_eq!(connections_made(&mut blocker).await, before);
    insert().await.expect_err("a second one hangs");
    assert_eq!(connections_made(&mut blocker).await, before + 1);
    tokio::select! {
        result = insert() => panic!("a third one is dropped with its caller, not {result:?}"),
        () = connections_reach(&mut blocker, before + 2) => {}
    }
    blocker.query_drop("UNLOCK TABLES").await.expect("no lock");
    insert().await.expect("a fourth one works");
    insert().await.expect("and goes on working");
    assert_eq!(connections_made(&mut blocker).await, before + 3);
    assert_eq!(rows(&table.url, Country::PE).await.len(), 1);
    blocker.disconnect().await.expect("a farewell");
}

#[tokio::test]
async fn a_connection_that_died_without_a_word_is_not_used() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::PE).await;
    let network = Network::to(server.port()).await;
    let url = table
        .url
        .replace(&format!(":{}/", server.port()), &format!(":{}/", network.port));
    let database = MySqlCountryDatabase::new(&options(&url), Country::PE);
    let insert = async |number| {
        database
            .insert_appointments(&[sample_appointment(number, Country::PE)])
            .await
    };
    // Two at once, so that both of the pool's connections are idle afterwards.
    let (first, second) = tokio::join!(insert(1), insert(2));
    first.and(second).expect("two inserts");
    assert_eq!(network.connections(), 2);
    network.forget_all();
    insert(3).await.expect("an insert on a new connection");
    assert_eq!(network.connections(), 3);
    assert_eq!(rows(&table.url, Country::PE).await.len(), 3);
}

/// A way to the server that can forget its connections: what is sent on them arrives nowhere, and nobody is told.
struct Network {
    port: u16,
    connections: watch::Sender<usize>,
    forgotten: watch::Sender<usize>,
}

impl Network {
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (connections, forgotten) = (watch::Sender::new(0), watch::Sender::new(0));
        let (count, lost) = (connections.clone(), forgotten.subscribe());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                count.send_modify(|count| *count += 1);
                let (number, mut lost) = (*count.borrow(), lost.clone());
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(("127.0.0.1", server)).await.expect("a server");
                    let lost = async { lost.wait_for(|lost| *lost >= number).await.is_ok() };
                    let is_lost = tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => false,
                        is_lost = lost => is_lost,
                    };
                    if is_lost {
                        // Both ends stay open.
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        Self {
            port,
            connections,
            forgotten,
        }
    }

    fn connections(&self) -> usize {
        *self.connections.borrow()
    }

    fn forget_all(&self) {
        self.forgotten.send_replace(self.connections());
    }
}

async fn connections_reach(observer: &mut Conn, number: u64) {
    while connections_made(observer).await < number {
        tokio::task::yield_now().await;
    }
}

/// How many connections the server has taken since its start.
async fn connections_made(observer: &mut Conn) -> u64 {
    let status: Option<(String, u64)> = observer
        .query_first("SHOW GLOBAL STATUS LIKE 'Connections'")
        .await
        .expect("a status");
    status.expect("a count").1
}

#[tokio::test]
async fn a_closed_database_leaves_no_connection_on_the_server() {
    let server = MariaDb::shared();
    let table = TestTable::new(&server, Country::PE).await;
    let name = table.url.rsplit('/').next().expect("a database").to_owned();
    let count = format!("SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{name}'");
    let mut observer = connection(&server.url("mysql")).await;
    assert_eq!(
        observer.query_first::<u32, _>(&count).await.expect("a count"),
        Some(1)
    );
    table.database.close().await;
    // The farewell has been sent; the server takes it in its own time.
    let gone = async {
        while observer.query_first::<u32, _>(&count).await.expect("a count") != Some(0) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone)
        .await
        .expect("no connection is left");
    observer.disconnect().await.expect("a farewell");
}

#[tokio::test]
async fn keys_are_read_in_order_page_by_page_and_by_when_they_were_accepted() {
    let server = MariaDb::start();
    let table = TestTable::new(&server, Country::PE).await;
    let mut appointments: Vec<Appointment> = (1..=5)
        .map(|number| sample_appointment(number, Country::PE))
        .collect();
    let later: Moment = "2999-01-01T00:00:00.500Z".parse().expect("a moment");
    appointments[3].date_created = later;
    table.insert_appointments(&appointments).await.expect("rows");
    let keys: Vec<String> = appointments
        .iter()
        .map(|appointment| appointment.appointment_id.to_string())
        .collect();
    let database = &table.database;
    let page = async |after: Option<&str>, since| database.keys(after, since, 3).await.expect("keys");
    assert_eq!(page(None, None).await, keys[..3]);
    assert_eq!(page(Some(keys[2].as_str()), None).await, keys[3..]);
    assert!(page(Some(keys[4].as_str()), None).await.is_empty());
    assert_eq!(page(None, Some(later)).await, keys[3..4]);

    let unknown = sample_appointment(9, Country::PE).appointment_id;
    let asked = [
        appointments[1].appointment_id,
        unknown,
        appointments[0].appointment_id,
    ];
    let mut among = database.keys_among(&asked).await.expect("keys");
    among.sort();
    assert_eq!(among, keys[..2]);
    assert!(database.keys_among(&[]).await.expect("no keys").is_empty());
}
