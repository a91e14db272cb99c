use std::sync::Arc;

use schedule_core::{
    Appointment, Country, Moment, Status,
    doubles::{FixedClock, InMemoryAppointmentTable, sample_appointment, sample_id},
    messages::AppointmentConfirmation,
    ports::PortErrorKind,
};
use schedule_handlers::{EventHandler, ProcessConfirmationHandler};
use serde_json::{Value, json};

use crate::fixtures::{
    batch, body_of, clock, event, failed_messages, failed_messages_within, failure, invocation, now,
};

pub(crate) fn handler(
    table: &Arc<InMemoryAppointmentTable>,
) -> ProcessConfirmationHandler<Arc<InMemoryAppointmentTable>, FixedClock> {
    ProcessConfirmationHandler::new(table.clone(), clock())
}

fn pending(numbers: &[u32]) -> Arc<InMemoryAppointmentTable> {
    let appointments = numbers
        .iter()
        .map(|number| sample_appointment(*number, Country::PE));
    Arc::new(InMemoryAppointmentTable::holding(appointments))
}

async fn failed(table: &Arc<InMemoryAppointmentTable>, bodies: &[String]) -> Vec<String> {
    failed_messages(&handler(table), &batch("sqs-eventbridge", bodies)).await
}

/// The fixture's event around another detail.
fn on_the_bus(detail: &Value) -> String {
    let mut event: Value = serde_json::from_str(&body_of("sqs-eventbridge")).unwrap();
    event["detail"] = detail.clone();
    event.to_string()
}

fn confirmation(number: u32) -> Value {
    let appointment = sample_appointment(number, Country::PE);
    let processed = appointment.date_created;
    serde_json::to_value(AppointmentConfirmation::new(appointment, processed)).unwrap()
}

fn confirmed(number: u32) -> String {
    on_the_bus(&confirmation(number))
}

fn statuses(table: &InMemoryAppointmentTable) -> Vec<Status> {
    table
        .items()
        .iter()
        .map(|appointment| appointment.status)
        .collect()
}

#[tokio::test]
async fn a_confirmed_appointment_is_completed_and_says_when() {
    let table = pending(&[1, 2]);
    assert!(
        failed_messages(&handler(&table), &event("sqs-eventbridge"))
            .await
            .is_empty()
    );
    let completed = Appointment {
        status: Status::Completed,
        updated_at: Some(Moment::new(now())),
        ..sample_appointment(1, Country::PE)
    };
    assert_eq!(table.items(), [completed, sample_appointment(2, Country::PE)]);
}

#[tokio::test]
async fn a_raw_confirmation_is_taken_too() {
    let table = pending(&[1]);
    assert!(failed(&table, &[confirmation(1).to_string()]).await.is_empty());
    assert_eq!(statuses(&table), [Status::Completed]);
}

#[tokio::test]
async fn an_unknown_appointment_fails_its_message_and_nothing_else() {
    let table = pending(&[1, 3]);
    assert_eq!(
        failed(&table, &[confirmed(1), confirmed(2), confirmed(3)]).await,
        ["m2"]
    );
    assert_eq!(statuses(&table), [Status::Completed; 2]);
    assert!(
        table
            .items()
            .iter()
            .all(|appointment| appointment.appointment_id != sample_id(2))
    );
}

#[tokio::test]
async fn a_confirmation_that_arrives_twice_is_one_completed() {
    let table = pending(&[1]);
    assert!(failed(&table, &[confirmed(1), confirmed(1)]).await.is_empty());
    let once = table.items();
    assert!(failed(&table, &[confirmed(1)]).await.is_empty());
    assert_eq!(table.items(), once);
    assert_eq!(statuses(&table), [Status::Completed]);
}

#[tokio::test]
async fn only_a_confirmation_that_comes_again_is_of_what_was_completed_before() {
    let table = pending(&[1, 2]);
    let bodies = [confirmed(1), confirmed(1), confirmed(2), confirmed(9)];
    for completed_before in [1, 3] {
        let batch = serde_json::from_value(batch("sqs-eventbridge", &bodies)).unwrap();
        let answer = handler(&table).handle(batch, &invocation(30)).await.unwrap();
        assert_eq!(answer.completed_before, completed_before);
        assert_eq!(answer.response.batch_item_failures.len(), 1);
    }
}

#[tokio::test]
async fn one_malformed_message_never_takes_its_neighbours_along() {
    let mut no_id = confirmation(9);
    no_id.as_object_mut().unwrap().remove("appointmentId");
    let mut rejected = confirmation(9);
    rejected["status"] = json!("REJECTED");
    for bad in [
        String::new(),
        "hola".to_owned(),
        "{}".to_owned(),
        on_the_bus(&json!("text")),
        on_the_bus(&no_id),
        on_the_bus(&rejected),
        confirmed(9).replace("appointment.service", "another.service"),
        confirmed(9).replace("AppointmentConfirmation", "AppointmentCancellation"),
    ] {
        let table = pending(&[1, 2, 9]);
        assert_eq!(
            failed(&table, &[confirmed(1), bad.clone(), confirmed(2)]).await,
            ["m2"],
            "{bad}"
        );
        assert_eq!(
            statuses(&table),
            [Status::Completed, Status::Completed, Status::Pending],
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_call_that_fails_fails_its_own_message_only() {
    let table = pending(&[1, 2, 3]);
    table.fail_next(failure(PortErrorKind::Throttled));
    assert_eq!(
        failed(&table, &[confirmed(1), confirmed(2), confirmed(3)]).await,
        ["m1"]
    );
    assert_eq!(
        statuses(&table),
        [Status::Pending, Status::Completed, Status::Completed]
    );
}

#[tokio::test]
async fn a_batch_for_which_there_is_no_time_is_returned_whole_and_untouched() {
    let table = pending(&[1, 2]);
    let batch = batch("sqs-eventbridge", &[confirmed(1), confirmed(2)]);
    for (seconds, failed) in [(5, vec!["m1", "m2"]), (6, vec![])] {
        assert_eq!(statuses(&table), [Status::Pending; 2]);
        assert_eq!(
            failed_messages_within(&handler(&table), &batch, seconds).await,
            failed,
            "{seconds} s before the end"
        );
    }
    assert_eq!(statuses(&table), [Status::Completed; 2]);
}
