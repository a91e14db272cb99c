//! Migrations against a real MariaDB.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use infra_synth_deploy::migrate::{MIGRATIONS, MigrateError, apply, pending};
use mysql_async::{Conn, Opts, prelude::Queryable};
use schedule_core::Country;
use schedule_mysql::{MySqlCountryDatabase, MySqlOptions, test_mariadb::MariaDb};

async fn columns(url: &str) -> Vec<String> {
    let mut connection = Conn::new(Opts::from_url(url).unwrap()).await.unwrap();
    let columns = connection
        .query(
            "SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, column_key, \
             COALESCE(collation_name, '')) FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name LIKE 'appointment%' ORDER BY 1",
        )
        .await
        .unwrap();
    connection.disconnect().await.unwrap();
    columns
}

#[tokio::test]
async fn a_dry_run_tells_what_is_lacking_and_writes_nothing() {
    let server = MariaDb::shared();
    let url = server.create_database().await;
    let database = MySqlOptions::from_url(&url).unwrap();
    assert_eq!(pending(&database).await.unwrap(), MIGRATIONS);
    assert_eq!(pending(&database).await.unwrap(), MIGRATIONS);
    assert!(columns(&url).await.is_empty());
}

#[tokio::test]
async fn a_second_run_finds_nothing_to_do() {
    let server = MariaDb::shared();
    let database = MySqlOptions::from_url(&server.create_database().await).unwrap();
    assert_eq!(apply(&database).await.unwrap(), MIGRATIONS);
    assert_eq!(apply(&database).await.unwrap(), []);
    assert_eq!(pending(&database).await.unwrap(), []);
}

#[tokio::test]
async fn of_many_runs_at_once_one_applies_each_migration() {
    let server = MariaDb::shared();
    let database = MySqlOptions::from_url(&server.create_database().await).unwrap();
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let database = database.clone();
            tokio::spawn(async move { apply(&database).await })
        })
        .collect();
    let mut applied = Vec::new();
    for run in runs {
        applied.extend(run.await.unwrap().unwrap());
    }
    assert_eq!(applied, MIGRATIONS);
}

#[tokio::test]
async fn the_migrated_tables_are_those_that_the_functions_write_to() {
    let server = MariaDb::shared();
    let (migrated, made) = (server.create_database().await, server.create_database().await);
    apply(&MySqlOptions::from_url(&migrated).unwrap()).await.unwrap();
    for country in Country::ALL {
        let options = MySqlOptions::from_url(&made).unwrap();
        let database = MySqlCountryDatabase::new(&options, country);
        database.create_tables_if_absent().await.unwrap();
        database.close().await;
    }
    let columns = columns(&migrated).await;
    assert!(columns.len() > 20, "{columns:?}");
    assert_eq!(columns, self::columns(&made).await);
}

#[tokio::test]
async fn rows_that_are_there_stay() {
    let server = MariaDb::shared();
    let url = server.create_database().await;
    let mut connection = Conn::new(Opts::from_url(&url).unwrap()).await.unwrap();
    connection
        .query_drop(
            "CREATE TABLE appointment_pe (appointment_id VARCHAR(36) PRIMARY KEY, insured_id VARCHAR(50))",
        )
        .await
        .unwrap();
    connection
        .query_drop("INSERT INTO appointment_pe VALUES ('a', '00123')")
        .await
        .unwrap();
    apply(&MySqlOptions::from_url(&url).unwrap()).await.unwrap();
    let kept: Option<String> = connection
        .query_first("SELECT insured_id FROM appointment_pe")
        .await
        .unwrap();
    assert_eq!(kept.as_deref(), Some("00123"));
    connection.disconnect().await.unwrap();
}

#[tokio::test]
async fn a_database_that_a_newer_version_migrated_is_refused() {
    let server = MariaDb::shared();
    let url = server.create_database().await;
    let database = MySqlOptions::from_url(&url).unwrap();
    apply(&database).await.unwrap();
    let mut connection = Conn::new(Opts::from_url(&url).unwrap()).await.unwrap();
    connection
        .query_drop("INSERT INTO schema_migrations (version, title) VALUES (999, 'later')")
        .await
        .unwrap();
    connection.disconnect().await.unwrap();
    let error = apply(&database).await.unwrap_err();
    assert!(matches!(error, MigrateError::Newer { found: 999, .. }), "{error}");
}
