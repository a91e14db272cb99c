//! A test's MariaDB is never left behind.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    net::TcpStream,
    panic::{AssertUnwindSafe, catch_unwind},
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use mysql_async::{Conn, Opts, prelude::Queryable};
use schedule_mysql::test_mariadb::MariaDb;

const CHILD: &str = "a_server_of_a_process_to_be_killed";

/// Waits until nothing listens any more.
#[track_caller]
fn assert_gone(port: u16) {
    let end = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        assert!(Instant::now() < end, "the server on port {port} is still there");
        thread::yield_now();
    }
}

#[test]
fn a_server_ends_with_a_test_that_panics() {
    let mut port = 0;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let server = MariaDb::start();
        port = server.port();
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        panic!("a test that fails");
    }));
    assert!(panicked.is_err());
    assert_gone(port);
}

#[test]
fn a_shared_server_ends_with_the_last_test_that_uses_it() {
    let first = MariaDb::shared();
    let port = first.port();
    let second = MariaDb::shared();
    assert!(Arc::ptr_eq(&first, &second));
    drop(first);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    drop(second);
    assert_gone(port);
}

#[tokio::test]
async fn no_server_touches_the_temporary_tables_of_another() {
    let (first, second) = (MariaDb::start(), MariaDb::start());
    let mut folders = Vec::new();
    for server in [&first, &second] {
        let opts = Opts::from_url(&server.url("mysql")).expect("a server's URL");
        let mut connection = Conn::new(opts).await.expect("a connection");
        let folder: Option<String> = connection
            .query_first("SELECT @@tmpdir")
            .await
            .expect("a setting");
        folders.push(folder.expect("a folder"));
        connection.disconnect().await.expect("a farewell");
    }
    assert_ne!(folders[0], folders[1]);
}

#[test]
fn a_server_ends_with_a_process_that_is_killed() {
    let mut child = Command::new(env::current_exe().expect("this test's program"))
        .args(["--exact", CHILD, "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test's program once more");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("port ")?.parse().ok());
    let port = port.expect("the port of its server");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    child.kill().expect("an end by force");
    child.wait().expect("its end");
    assert_gone(port);
}

#[test]
#[ignore = "runs within another test, which kills it"]
fn a_server_of_a_process_to_be_killed() {
    let server = MariaDb::start();
    println!("\nport {}", server.port());
    let _ = std::io::stdin().read(&mut [0]);
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_kill_and_a_restart_at_the_same_port() {
    let mut server = MariaDb::start_durable();
    let port = server.port();
    server.execute("CREATE DATABASE kept").await;
    server.execute("CREATE TABLE kept.rows_of_it (number INT)").await;
    server.execute("INSERT INTO kept.rows_of_it VALUES (1)").await;
    server.kill();
    assert_gone(port);
    server.restart();
    assert_eq!(server.port(), port);
    let options = Opts::from_url(&server.url("kept")).expect("a URL of our own");
    let mut connection = Conn::new(options).await.expect("a connection");
    let numbers: Vec<u32> = connection
        .query("SELECT number FROM rows_of_it")
        .await
        .expect("rows");
    assert_eq!(numbers, [1]);
}
