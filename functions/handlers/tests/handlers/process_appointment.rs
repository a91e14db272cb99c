use std::sync::Arc;

use schedule_core::{
    Country,
    doubles::{FixedClock, InMemoryConfirmationBus, InMemoryCountryDatabase, sample_appointment, sample_id},
    messages::AppointmentCreated,
    ports::PortErrorKind,
};
use schedule_handlers::{HandlerError, ProcessAppointmentHandler};
use serde_json::{Value, json};

use crate::fixtures::{
    batch, body_of, clock, event, failed_messages, failed_messages_within, failure, failure_of_event,
};

#[derive(Default)]
pub(crate) struct World {
    pub(crate) database: Arc<InMemoryCountryDatabase>,
    pub(crate) bus: Arc<InMemoryConfirmationBus>,
}

impl World {
    pub(crate) fn handler(
        &self,
    ) -> ProcessAppointmentHandler<Arc<InMemoryCountryDatabase>, Arc<InMemoryConfirmationBus>, FixedClock>
    {
        ProcessAppointmentHandler::new(Country::PE, self.database.clone(), self.bus.clone(), clock())
    }

    async fn failed(&self, bodies: &[String]) -> Vec<String> {
        failed_messages(&self.handler(), &batch("sqs-sns-envelope", bodies)).await
    }

    fn rows(&self) -> Vec<u128> {
        self.database
            .rows()
            .iter()
            .map(|row| row.appointment_id.as_uuid().as_u128())
            .collect()
    }

    fn confirmed(&self) -> Vec<u128> {
        self.bus
            .sent()
            .iter()
            .map(|sent| sent.appointment_id.as_uuid().as_u128())
            .collect()
    }
}

/// The fixture's envelope around another message.
fn enveloped(message: &str) -> String {
    let mut envelope: Value = serde_json::from_str(&body_of("sqs-sns-envelope")).unwrap();
    envelope["Message"] = json!(message);
    envelope.to_string()
}

fn message(number: u32, country: Country) -> String {
    let appointment = sample_appointment(number, country);
    let created = appointment.date_created;
    serde_json::to_string(&AppointmentCreated::new(appointment, created)).unwrap()
}

fn peru(number: u32) -> String {
    enveloped(&message(number, Country::PE))
}

#[tokio::test]
async fn a_message_in_its_envelope_and_a_raw_one_are_the_same() {
    let mut worlds = Vec::new();
    for name in ["sqs-sns-envelope", "sqs-raw"] {
        let world = World::default();
        assert!(
            failed_messages(&world.handler(), &event(name)).await.is_empty(),
            "{name}"
        );
        let rows = serde_json::to_value(world.database.rows()).unwrap();
        let sent = serde_json::to_value(world.bus.sent()).unwrap();
        assert_eq!(rows[0]["appointmentId"], "00000000-0000-0000-0000-000000000001");
        assert_eq!(
            (&sent[0]["status"], &sent[0]["appointmentData"]),
            (&json!("CONFIRMED"), &rows[0])
        );
        worlds.push((rows, sent));
    }
    assert_eq!(worlds[0], worlds[1]);
}

#[tokio::test]
async fn one_malformed_message_never_takes_its_neighbours_along() {
    let mut incomplete: Value = serde_json::from_str(&message(9, Country::PE)).unwrap();
    incomplete["data"].as_object_mut().unwrap().remove("countryISO");
    let mut other_event: Value = serde_json::from_str(&message(9, Country::PE)).unwrap();
    other_event["event"] = json!("APPOINTMENT_CANCELLED");
    let subscription = enveloped("x").replace("Notification\"", "SubscriptionConfirmation\"");
    for bad in [
        String::new(),
        "hola".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        enveloped("not json"),
        enveloped("{}"),
        enveloped(&incomplete.to_string()),
        other_event.to_string(),
        subscription,
        r#"{"Type":"Notification"}"#.to_owned(),
    ] {
        let world = World::default();
        assert_eq!(
            world.failed(&[peru(1), bad.clone(), peru(2)]).await,
            ["m2"],
            "{bad}"
        );
        assert_eq!(
            (world.rows(), world.confirmed()),
            (vec![1, 2], vec![1, 2]),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn an_appointment_that_cannot_be_stored_never_takes_its_neighbours_along() {
    let world = World::default();
    world.database.refuse(sample_id(2));
    assert_eq!(world.failed(&[peru(1), peru(2), peru(3)]).await, ["m2"]);
    assert_eq!((world.rows(), world.confirmed()), (vec![1, 3], vec![1, 3]));
}

#[tokio::test]
async fn an_appointment_of_another_country_fails_alone() {
    let world = World::default();
    let chile = enveloped(&message(2, Country::CL));
    assert_eq!(world.failed(&[peru(1), chile, peru(3)]).await, ["m2"]);
    assert_eq!(world.rows(), [1, 3]);
}

#[tokio::test]
async fn a_confirmation_that_the_bus_refuses_fails_its_own_message_only() {
    let world = World::default();
    world
        .bus
        .refuse_next(sample_id(3), failure(PortErrorKind::Throttled));
    assert_eq!(world.failed(&[peru(1), peru(2), peru(3)]).await, ["m3"]);
    assert_eq!(world.confirmed(), [1, 2]);
}

#[tokio::test]
async fn a_database_that_is_away_returns_every_message() {
    let world = World::default();
    world.database.fail_next(failure(PortErrorKind::Unreachable));
    assert_eq!(world.failed(&[peru(1), peru(2)]).await, ["m1", "m2"]);
    assert!(world.confirmed().is_empty());
}

#[tokio::test]
async fn a_redelivered_message_inserts_one_row() {
    let world = World::default();
    assert!(world.failed(&[peru(1), peru(1)]).await.is_empty());
    assert!(world.failed(&[peru(1)]).await.is_empty());
    assert_eq!(world.rows(), [1]);
}

#[tokio::test]
async fn what_the_table_cannot_hold_fails_alone_and_without_asking_the_database() {
    let mut long: Value = serde_json::from_str(&message(2, Country::PE)).unwrap();
    long["data"]["medicId"] = json!("9".repeat(65));
    let world = World::default();
    assert_eq!(
        world
            .failed(&[peru(1), enveloped(&long.to_string()), peru(3)])
            .await,
        ["m2"]
    );
    assert_eq!((world.rows(), world.confirmed()), (vec![1, 3], vec![1, 3]));
    assert_eq!(world.database.inserts(), [2]);
}

#[tokio::test]
async fn a_batch_for_which_there_is_no_time_is_returned_whole_and_untouched() {
    let world = World::default();
    let batch = batch("sqs-sns-envelope", &[peru(1), peru(2)]);
    for (seconds, failed) in [(4, vec!["m1", "m2"]), (5, vec!["m1", "m2"]), (6, vec![])] {
        assert!(world.database.inserts().is_empty());
        assert_eq!(
            failed_messages_within(&world.handler(), &batch, seconds).await,
            failed,
            "{seconds} s before the end"
        );
    }
    assert_eq!((world.rows(), world.confirmed()), (vec![1, 2], vec![1, 2]));
}

#[tokio::test]
async fn the_requests_id_goes_on_with_the_confirmation_and_an_odd_one_is_left_out() {
    let mut created: Value = serde_json::from_str(&message(1, Country::PE)).unwrap();
    for (given, expected) in [
        (json!("Bz7aXjPqIAMEVqQ="), json!("Bz7aXjPqIAMEVqQ=")),
        (Value::Null, Value::Null),
        (json!(7), Value::Null),
        (json!({"a": 1}), Value::Null),
        (json!("two words"), Value::Null),
    ] {
        created["requestId"] = given;
        let world = World::default();
        assert!(world.failed(&[enveloped(&created.to_string())]).await.is_empty());
        let sent = serde_json::to_value(world.bus.sent()).unwrap();
        assert_eq!(sent[0].get("requestId").unwrap_or(&Value::Null), &expected);
    }
}

#[tokio::test]
async fn an_empty_batch_has_no_failures() {
    assert!(World::default().failed(&[]).await.is_empty());
}

#[tokio::test]
async fn a_failed_message_without_an_id_returns_the_whole_batch() {
    let world = World::default();
    let mut event = batch("sqs-sns-envelope", &[peru(1), "bad".to_owned()]);
    event["Records"][1].as_object_mut().unwrap().remove("messageId");
    assert_eq!(
        failure_of_event(&world.handler(), &event).await,
        HandlerError::UnnamedMessage
    );
}

#[tokio::test]
async fn an_event_of_another_source_is_an_error_that_quotes_none_of_it() {
    let error = failure_of_event(&World::default().handler(), &json!({"Records": "00123"})).await;
    assert!(matches!(error, HandlerError::Event(_)));
    let shown = format!("{error} {error:?} {}", std::error::Error::source(&error).unwrap());
    assert!(!shown.contains("00123"), "{shown}");
}
