//! What must hold of every message in a queue, whatever its body, and of every event, whatever its bytes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use schedule_core::{
    AppointmentId, Country, Status,
    doubles::{
        FixedClock, InMemoryAppointmentTable, InMemoryConfirmationBus, InMemoryCountryDatabase,
        sample_appointment, sample_id,
    },
    messages::{AppointmentConfirmation, AppointmentCreated},
    ports::AppointmentTable,
};
use schedule_handlers::{
    EventHandler, Invocation, ProcessAppointmentHandler, ProcessConfirmationHandler, handle_json,
};
use serde_json::{Value, json};

/// Delivers the body to each queue between two sound messages, and panics where a promise is broken.
pub(crate) async fn hold_for_body(body: &str) {
    a_message_to_a_country_stands_for_itself(body).await;
    an_envelope_changes_nothing(body).await;
    a_confirmation_stands_for_itself(body).await;
}

/// Calls each handler with these bytes; who answers names only messages that it was given.
pub(crate) async fn hold_for_event(event: &[u8]) {
    let country = Country::PE;
    names_only_its_messages(&CountryWorld::default().handler(country), event).await;
    let table = Arc::new(InMemoryAppointmentTable::new());
    names_only_its_messages(&ProcessConfirmationHandler::new(table, clock()), event).await;
}

#[derive(Default)]
struct CountryWorld {
    database: Arc<InMemoryCountryDatabase>,
    bus: Arc<InMemoryConfirmationBus>,
}

impl CountryWorld {
    fn handler(
        &self,
        country: Country,
    ) -> ProcessAppointmentHandler<Arc<InMemoryCountryDatabase>, Arc<InMemoryConfirmationBus>, FixedClock>
    {
        ProcessAppointmentHandler::new(country, self.database.clone(), self.bus.clone(), clock())
    }
}

async fn a_message_to_a_country_stands_for_itself(body: &str) {
    let world = CountryWorld::default();
    let neighbours = [created(1), created(2)];
    let failed = failed(
        &world.handler(Country::PE),
        &[&neighbours[0], body, &neighbours[1]],
    )
    .await;
    assert!(
        failed.is_subset(&["m1".to_owned()].into()),
        "a neighbour failed: {failed:?}"
    );

    let rows: BTreeMap<AppointmentId, _> = world
        .database
        .rows()
        .into_iter()
        .map(|row| (row.appointment_id, row))
        .collect();
    let confirmed: BTreeSet<AppointmentId> =
        world.bus.sent().iter().map(|sent| sent.appointment_id).collect();
    assert!(
        rows.keys().eq(&confirmed),
        "what is in the database is confirmed, and nothing else"
    );
    assert!(rows.values().all(|row| row.country_iso == Country::PE));
    let of_neighbours = BTreeSet::from([sample_id(1), sample_id(2)]);
    assert!(of_neighbours.is_subset(&confirmed));
    if !failed.is_empty() {
        assert_eq!(confirmed, of_neighbours, "what failed left a row");
    }
}

async fn an_envelope_changes_nothing(body: &str) {
    // What has a type of its own is taken for an envelope.
    if serde_json::from_str::<Value>(body).is_ok_and(|value| value.get("Type").is_some()) {
        return;
    }
    let envelope = json!({"Type": "Notification", "Message": body}).to_string();
    let (bare, enveloped) = (CountryWorld::default(), CountryWorld::default());
    assert_eq!(
        failed(&bare.handler(Country::CL), &[body]).await,
        failed(&enveloped.handler(Country::CL), &[&envelope]).await
    );
    assert_eq!(bare.database.rows(), enveloped.database.rows());
}

async fn a_confirmation_stands_for_itself(body: &str) {
    let table = Arc::new(InMemoryAppointmentTable::new());
    for number in [1, 2] {
        let item = sample_appointment(number, Country::PE).into();
        table.create_appointment(&item).await.expect("an unused id");
    }
    let handler = ProcessConfirmationHandler::new(table.clone(), clock());
    let neighbours = [confirmation(1), confirmation(2)];
    let failed_between = failed(&handler, &[&neighbours[0], body, &neighbours[1]]).await;
    assert!(failed_between.is_subset(&["m1".to_owned()].into()));
    for number in [1, 2] {
        let stored = table.get_appointment_by_id(&sample_id(number)).await;
        let status = stored
            .expect("the double answers")
            .expect("it was created")
            .status;
        assert_eq!(status, Status::Completed);
    }
    let nothing = ProcessConfirmationHandler::new(Arc::new(InMemoryAppointmentTable::new()), clock());
    assert_eq!(
        failed(&nothing, &[body]).await.len(),
        1,
        "a confirmation of an unknown appointment is no success"
    );
}

async fn names_only_its_messages(handler: &impl EventHandler, event: &[u8]) {
    let Ok(answer) = handle_json(handler, event, &invocation()).await else {
        return;
    };
    let event: Value = serde_json::from_slice(event).expect("an event that was answered");
    let given = event["Records"].as_array().map(Vec::as_slice).unwrap_or_default();
    let answer: Value = serde_json::from_slice(&answer).expect("an answer is JSON");
    for failure in answer["batchItemFailures"].as_array().expect("a batch response") {
        let id = &failure["itemIdentifier"];
        assert!(given.iter().any(|record| record["messageId"] == *id));
    }
}

/// The ids of the failed messages among `m0`, `m1` … with these bodies.
async fn failed(handler: &impl EventHandler, bodies: &[&str]) -> BTreeSet<String> {
    let records: Vec<Value> = bodies
        .iter()
        .enumerate()
        .map(|(number, body)| json!({"messageId": format!("m{number}"), "body": body}))
        .collect();
    let event = json!({"Records": records}).to_string();
    let answer = handle_json(handler, event.as_bytes(), &invocation())
        .await
        .expect("an answer");
    let answer: Value = serde_json::from_slice(&answer).expect("an answer is JSON");
    let failures = answer["batchItemFailures"].as_array().expect("a batch response");
    failures
        .iter()
        .filter_map(|failure| failure["itemIdentifier"].as_str().map(str::to_owned))
        .collect()
}

fn created(number: u32) -> String {
    let appointment = sample_appointment(number, Country::PE);
    let at = appointment.date_created;
    serde_json::to_string(&AppointmentCreated::new(appointment, at)).expect("a message serializes")
}

fn confirmation(number: u32) -> String {
    let appointment = sample_appointment(number, Country::PE);
    let at = appointment.date_created;
    serde_json::to_string(&AppointmentConfirmation::new(appointment, at)).expect("a message serializes")
}

fn clock() -> FixedClock {
    FixedClock::at(now())
}

/// With time for everything, since the clock stands still.
fn invocation() -> Invocation {
    Invocation {
        request_id: "8f5e4b5a-0e2f-4c80-9b1a-2f6a53c1d7e0".to_owned(),
        deadline: now() + SignedDuration::from_secs(30),
    }
}

/// The first instant of 2030.
fn now() -> Timestamp {
    Timestamp::from_second(1_893_456_000).expect("a second of the calendar")
}
