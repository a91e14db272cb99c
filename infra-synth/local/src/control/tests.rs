//! The comparison of table and databases, asked for on the socket of a system that runs.

use std::time::Duration;

use infra_synth_operations::{Difference, Finding, Mending, Pace, Rate, Reconciliation, Records, Summary};
use jiff::Timestamp;
use schedule_core::doubles::{sample_appointment, sample_id};
use schedule_core::{Appointment, AppointmentItem, Country, Moment, Status};
use schedule_stacks::stand_in_parameters;
use serde_json::Value;

use super::LocalRecords;
use crate::access::Caller;
use crate::store::{Batch, Space, key};
use crate::testing::TestFolder;
use crate::{DataLocation, DatabaseServer, Options, Running, start};

/// Far longer than a confirmation takes.
const OLD: &str = "2020-01-01T00:00:00.000Z";

struct NoPause;

impl Pace for NoPause {
    async fn wait(&self, _: Duration) {}
}

struct System {
    running: Running,
    records: LocalRecords,
    _folder: TestFolder,
}

impl System {
    async fn start() -> Self {
        let folder = TestFolder::new();
        let database = DatabaseServer::stand_in();
        let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
        // Close to the root, since the path of a socket may not be long.
        let data = folder.path().canonicalize().unwrap().join("d");
        let options = Options {
            data: DataLocation::Folder(data.clone()),
            ..Options::in_memory(parameters, database)
        };
        Self {
            running: start(&crate::tests::template(), options).await.unwrap(),
            records: LocalRecords::of(&data),
            _folder: folder,
        }
    }

    fn store(&self, number: u32, country: Country, status: Status) {
        let appointment = Appointment {
            date_created: OLD.parse().unwrap(),
            status,
            ..sample_appointment(number, country)
        };
        let Ok(Value::Object(item)) = serde_json::to_value(AppointmentItem::from(appointment)) else {
            panic!("an item is an object")
        };
        let cloud = &self.running.cloud;
        let operator = Caller::operator(cloud.environment());
        assert!(cloud.put_item(&operator, "appointments", &item).unwrap());
    }

    fn store_row(&self, number: u32, country: Country) {
        let at = key(&[country.table_name(), &sample_id(number).to_string()]);
        let mut batch = Batch::default();
        batch.put(
            Space::Rows,
            at,
            format!(r#"{{"created_at":"{OLD}"}}"#).into_bytes(),
        );
        self.running.cloud.store.commit(batch).unwrap();
    }

    async fn reconcile(&self, since: Option<&str>, apply: bool) -> (Vec<Finding>, Summary) {
        let reconciliation = Reconciliation {
            since: since.map(|since| since.parse::<Moment>().unwrap()),
            mends: apply.then(|| Rate::per_second(100).unwrap()),
        };
        let mut findings = Vec::new();
        let summary = reconciliation
            .run(&self.records, &NoPause, Timestamp::now, &mut |finding| {
                findings.push(finding.clone());
            })
            .await
            .unwrap();
        (findings, summary)
    }

    /// Makes one difference, and sees it found, mended, and found no more.
    async fn is_mended(&self, number: u32, difference: Difference) {
        let (findings, summary) = self.reconcile(None, false).await;
        let found: Vec<_> = findings
            .iter()
            .map(|one| (one.difference, one.appointment_id))
            .collect();
        assert_eq!(found, [(difference, Some(sample_id(number)))]);
        assert_eq!(summary.left(), 1);
        let (findings, _) = self.reconcile(None, true).await;
        assert_eq!(findings[0].mending, Some(Mending::Done));
        self.agrees().await;
    }

    /// What was announced again takes its way through the functions.
    async fn agrees(&self) {
        let patience = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            let (_, summary) = self.reconcile(None, false).await;
            if summary.left() == 0 && summary.on_their_way == 0 {
                return;
            }
            assert!(tokio::time::Instant::now() < patience, "{summary:?}");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_difference_of_a_running_system_is_found_mended_and_found_no_more() {
    let system = System::start().await;
    system.store(1, Country::PE, Status::Completed);
    system.is_mended(1, Difference::CompletedWithoutRow).await;
    system.store(2, Country::CL, Status::Pending);
    system.store_row(2, Country::CL);
    system.is_mended(2, Difference::PendingWithRow).await;
    system.store(3, Country::CL, Status::Pending);
    system.is_mended(3, Difference::NotAnnounced).await;

    let rows = system.records.rows(Country::PE, None, None).await.unwrap();
    assert_eq!(rows, [sample_id(1).to_string()], "the row is back");
    system.store_row(4, Country::PE);
    system.store_row(2, Country::PE);
    let (findings, summary) = system.reconcile(None, true).await;
    let mut found: Vec<_> = findings
        .iter()
        .map(|one| (one.difference, one.appointment_id))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            (Difference::UnknownRow, Some(sample_id(4))),
            (Difference::MisplacedRow, Some(sample_id(2)))
        ]
    );
    assert_eq!(
        (summary.left(), summary.mended),
        (2, 0),
        "these are mended by hand"
    );
    let (findings, summary) = system.reconcile(Some("2021-01-01T00:00:00Z"), false).await;
    assert_eq!(
        (findings, summary),
        (vec![], Summary::default()),
        "all of it is older"
    );
    system.running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_page_is_compared_to_the_end() {
    const NUMBER: u32 = 1_203;
    let system = System::start().await;
    for number in 0..NUMBER {
        system.store(number, Country::PE, Status::Completed);
        if number != 1_100 {
            system.store_row(number, Country::PE);
        }
    }
    system.store_row(NUMBER, Country::PE);
    let (findings, summary) = system.reconcile(Some("2019-01-01T00:00:00Z"), false).await;
    let found: Vec<_> = findings
        .iter()
        .map(|one| (one.difference, one.appointment_id))
        .collect();
    assert_eq!(
        found,
        [
            (Difference::CompletedWithoutRow, Some(sample_id(1_100))),
            (Difference::UnknownRow, Some(sample_id(NUMBER)))
        ]
    );
    assert_eq!((summary.appointments, summary.rows), (1_203, 1_203));
    system.running.stop().await.unwrap();
}
