//! The country tables on a real MariaDB.

use infra_synth_local::{Options, StartError};
use mysql_async::prelude::Queryable;
use schedule_mysql::test_mariadb::MariaDb;
use tokio::runtime::Runtime;

use crate::support::{System, booking, options, template};

#[test]
fn appointments_are_rows_of_a_real_database_one_each() {
    let database = MariaDb::shared();
    let runtime = Runtime::new().unwrap();
    let url = runtime.block_on(database.create_database());
    let with_url = || Options {
        mysql_url: Some(url.clone()),
        ..options()
    };
    let system = System::start_with(&template(), with_url()).unwrap();
    for country in ["PE", "CL", "PE"] {
        assert_eq!(system.post(&booking("00123", country)).status, 201);
    }
    let completed = system.completed("00123", 3);
    let rows: Vec<(String, String, String, String)> = runtime.block_on(async {
        let mut connection = mysql_async::Conn::from_url(&url).await.unwrap();
        let query = "SELECT appointment_id, insured_id, country_iso, status FROM appointment_pe \
                     UNION ALL SELECT appointment_id, insured_id, country_iso, status FROM appointment_cl";
        let rows = connection.query(query).await.unwrap();
        connection.disconnect().await.unwrap();
        rows
    });
    let mut stored: Vec<_> = rows
        .iter()
        .map(|(id, insured, country, status)| {
            assert_eq!((insured.as_str(), status.as_str()), ("00123", "CREATED"));
            (id.clone(), country.clone())
        })
        .collect();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut expected: Vec<_> = completed
        .iter()
        .map(|one| (text(&one["appointmentId"]), text(&one["countryISO"])))
        .collect();
    stored.sort();
    expected.sort();
    assert_eq!(stored, expected);
    assert!(
        system.rows("appointment_pe").is_empty(),
        "the embedded table is not used"
    );
    system.stop();
    // A second start finds the tables there.
    System::start_with(&template(), with_url()).unwrap().stop();
}

#[test]
fn a_database_that_cannot_be_used_is_a_clear_error_without_its_password() {
    for (url, expected) in [
        ("mysql://root:s3cret@127.0.0.1:1/appointments", "127.0.0.1:1"),
        ("postgres://root:s3cret@127.0.0.1/appointments", "`mysql:`"),
    ] {
        let options = Options {
            mysql_url: Some(url.to_owned()),
            ..options()
        };
        let Err(error @ StartError::Database { .. }) = System::start_with(&template(), options) else {
            panic!("it started on {url}")
        };
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains(expected), "{cause}");
        assert!(
            !format!("{error} {cause} {error:?}").contains("s3cret"),
            "{cause}"
        );
    }
}
