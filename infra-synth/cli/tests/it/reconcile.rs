//! Whether the table and the databases agree, on whole processes.

use std::process::Output;

use mysql_async::{Conn, Opts, prelude::Queryable};
use schedule_mysql::test_mariadb::MariaDb;
use serde_json::Value;

use crate::process::{Local, empty_folder, run, text};

fn reconcile(folder: &str, arguments: &[&str]) -> Output {
    run(&[&["reconcile", "--data-dir", folder], arguments].concat())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn execute(url: &str, statement: &str) {
    block_on(async {
        let mut connection = Conn::new(Opts::from_url(url).unwrap()).await.unwrap();
        connection.query_drop(statement).await.unwrap();
        connection.disconnect().await.unwrap();
    });
}

#[test]
fn rows_that_a_database_lost_are_found_by_a_gate_and_come_back() {
    let folder = empty_folder("reconciled");
    let folder = folder.join("data").to_str().unwrap().to_owned();
    let server = MariaDb::start();
    let url = block_on(server.create_database());
    let local = Local::start(&["--data-dir", &folder, "--mysql-url", &url, "--log-level", "off"]);
    for (insured_id, country) in [("INSURED-0", "PE"), ("INSURED-1", "CL"), ("INSURED-2", "PE")] {
        assert_eq!(local.post(insured_id, country).unwrap().0, 201);
        local.completed(insured_id);
    }
    let agreed = reconcile(&folder, &["--fail-on-difference"]);
    assert_eq!(agreed.status.code(), Some(0), "{}", text(&agreed.stderr));
    assert!(
        text(&agreed.stdout)
            .contains("compared 3 appointments of the table with 3 rows; 0 on their way\nthey agree")
    );

    execute(&url, "DELETE FROM appointment_pe");
    let told = reconcile(&folder, &[]);
    assert_eq!(told.status.code(), Some(0), "to tell is no failure");
    let told = text(&told.stdout);
    assert!(
        told.contains("2 completed-without-row: --apply announces it again"),
        "{told}"
    );
    assert!(!told.contains("INSURED"), "{told}");
    assert_eq!(
        reconcile(&folder, &["--fail-on-difference"]).status.code(),
        Some(3)
    );
    assert_eq!(
        reconcile(&folder, &["--since", "0s", "--fail-on-difference"])
            .status
            .code(),
        Some(0)
    );

    let mended = reconcile(&folder, &["--apply", "--fail-on-difference", "--format", "json"]);
    assert_eq!(mended.status.code(), Some(0), "{}", text(&mended.stderr));
    let lines = text(&mended.stdout);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["mending"], "done");
    assert_eq!(lines[2]["summary"]["left"], 0);
    let started = std::time::Instant::now();
    while reconcile(&folder, &["--fail-on-difference"]).status.code() != Some(0) {
        assert!(started.elapsed().as_secs() < 60, "the rows stay away");
    }
}

#[test]
fn a_database_that_is_away_is_an_error_and_no_difference() {
    let folder = empty_folder("reconciled-without-a-database");
    let folder = folder.join("data").to_str().unwrap().to_owned();
    let server = MariaDb::start();
    let url = block_on(server.create_database());
    let local = Local::start(&["--data-dir", &folder, "--mysql-url", &url, "--log-level", "off"]);
    assert_eq!(local.post("INSURED-0", "PE").unwrap().0, 201);
    local.completed("INSURED-0");
    drop(server);
    let failed = reconcile(&folder, &["--apply"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        text(&failed.stderr).contains("is the database running?"),
        "{}",
        text(&failed.stderr)
    );
    assert!(!text(&failed.stdout).contains("without-row"));
}
