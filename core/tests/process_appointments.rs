//! What a country does with a batch of messages, and what each guard keeps from happening.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::sync::Arc;

use jiff::Timestamp;
use schedule_core::{
    Appointment, Country, DateSchedule, Moment, Reference, RequestId, country_table,
    doubles::{FixedClock, InMemoryConfirmationBus, InMemoryCountryDatabase, sample_appointment, sample_id},
    guards::{self, Guard},
    messages::{AppointmentConfirmation, AppointmentCreated},
    ports::{PortError, PortErrorKind},
    use_cases::{ProcessAppointmentError, ProcessAppointments},
};

fn now() -> Timestamp {
    "2030-01-01T12:00:00.123456Z".parse().unwrap()
}

fn failure(kind: PortErrorKind) -> PortError {
    PortError::new(kind, "call", "made to fail")
}

#[derive(Default)]
struct Processing {
    database: Arc<InMemoryCountryDatabase>,
    bus: Arc<InMemoryConfirmationBus>,
}

impl Processing {
    async fn process(&self, appointments: &[Appointment]) -> Vec<Result<(), ProcessAppointmentError>> {
        self.process_until(appointments, Timestamp::MAX).await
    }

    async fn process_until(
        &self,
        appointments: &[Appointment],
        until: Timestamp,
    ) -> Vec<Result<(), ProcessAppointmentError>> {
        let messages = appointments.iter().map(|appointment| AppointmentCreated {
            request_id: RequestId::new(format!("r{}", appointment.appointment_id.as_uuid().as_u128())),
            ..AppointmentCreated::new(appointment.clone(), appointment.date_created)
        });
        ProcessAppointments::new(
            Country::PE,
            self.database.clone(),
            self.bus.clone(),
            FixedClock::at(now()),
        )
        .execute(messages.collect(), until)
        .await
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

fn peru(numbers: &[u32]) -> Vec<Appointment> {
    numbers
        .iter()
        .map(|number| sample_appointment(*number, Country::PE))
        .collect()
}

fn succeeded(outcomes: &[Result<(), ProcessAppointmentError>]) -> Vec<bool> {
    outcomes.iter().map(Result::is_ok).collect()
}

#[tokio::test]
async fn a_batch_is_one_insert_and_every_appointment_is_confirmed() {
    let world = Processing::default();
    let outcomes = world.process(&peru(&[1, 2, 3])).await;
    assert_eq!(succeeded(&outcomes), [true; 3]);
    assert_eq!(
        (world.database.inserts(), world.rows(), world.confirmed()),
        (vec![3], vec![1, 2, 3], vec![1, 2, 3])
    );
    let expected = AppointmentConfirmation {
        request_id: RequestId::new("r1"),
        ..AppointmentConfirmation::new(sample_appointment(1, Country::PE), Moment::new(now()))
    };
    assert_eq!(world.bus.sent()[0], expected);
}

#[tokio::test]
async fn an_empty_batch_calls_nothing() {
    let world = Processing::default();
    assert_eq!(world.process(&[]).await.len(), 0);
    assert_eq!(world.database.inserts().len(), 0);
}

#[tokio::test]
async fn one_bad_appointment_never_takes_its_neighbours_along() {
    let world = Processing::default();
    world.database.refuse(sample_id(2));
    let outcomes = world.process(&peru(&[1, 2, 3])).await;
    assert_eq!(succeeded(&outcomes), [true, false, true]);
    assert!(matches!(&outcomes[1], Err(ProcessAppointmentError::Database(_))));
    assert_eq!((world.rows(), world.confirmed()), (vec![1, 3], vec![1, 3]));
}

#[tokio::test]
async fn a_bad_appointment_alone_is_not_inserted_a_second_time() {
    let world = Processing::default();
    world.database.refuse(sample_id(1));
    assert_eq!(succeeded(&world.process(&peru(&[1])).await), [false]);
    assert_eq!(world.database.inserts(), [1]);
}

#[tokio::test]
async fn a_database_that_is_away_fails_the_batch_after_one_call() {
    let world = Processing::default();
    world.database.fail_next(failure(PortErrorKind::Unreachable));
    assert_eq!(succeeded(&world.process(&peru(&[1, 2])).await), [false; 2]);
    assert_eq!(
        (world.database.inserts(), world.rows(), world.confirmed()),
        (vec![2], vec![], vec![])
    );
}

#[tokio::test]
async fn a_database_that_goes_away_midway_fails_the_rest_without_asking() {
    let world = Processing::default();
    world.database.fail_next(failure(PortErrorKind::Invalid));
    world.database.fail_next(failure(PortErrorKind::Unreachable));
    let outcomes = world.process(&peru(&[1, 2, 3])).await;
    assert!(matches!(
        &outcomes[..],
        [
            Err(ProcessAppointmentError::Database(_)),
            Err(ProcessAppointmentError::DatabaseAway),
            Err(ProcessAppointmentError::DatabaseAway),
        ]
    ));
    assert_eq!(
        (world.database.inserts(), world.confirmed()),
        (vec![3, 1], vec![])
    );
}

#[tokio::test]
async fn what_the_bus_refuses_fails_its_own_message_only() {
    let world = Processing::default();
    world
        .bus
        .refuse_next(sample_id(2), failure(PortErrorKind::Throttled));
    let outcomes = world.process(&peru(&[1, 2, 3])).await;
    assert_eq!(succeeded(&outcomes), [true, false, true]);
    assert!(matches!(&outcomes[1], Err(ProcessAppointmentError::Bus(_))));

    // Delivered again, it is still one row, and is confirmed now.
    assert_eq!(succeeded(&world.process(&peru(&[2])).await), [true]);
    assert_eq!((world.rows(), world.confirmed()), (vec![1, 2, 3], vec![1, 3, 2]));
}

#[tokio::test]
async fn an_appointment_of_another_country_fails_alone() {
    let world = Processing::default();
    let mut batch = peru(&[1, 2]);
    batch.insert(1, sample_appointment(9, Country::CL));
    let outcomes = world.process(&batch).await;
    assert_eq!(succeeded(&outcomes), [true, false, true]);
    assert!(matches!(
        &outcomes[1],
        Err(ProcessAppointmentError::OtherCountry {
            found: Country::CL,
            ..
        })
    ));
    assert_eq!(world.rows(), [1, 2]);
}

#[tokio::test]
async fn an_appointment_that_is_twice_in_a_batch_is_one_row_and_one_confirmation() {
    let world = Processing::default();
    assert_eq!(succeeded(&world.process(&peru(&[1, 2, 1])).await), [true; 3]);
    assert_eq!((world.rows(), world.confirmed()), (vec![1, 2], vec![1, 2]));
}

#[tokio::test]
async fn once_the_time_is_up_no_call_is_made_and_nothing_succeeds() {
    let world = Processing::default();
    let outcomes = world.process_until(&peru(&[1, 2]), now()).await;
    for outcome in outcomes {
        assert!(matches!(outcome, Err(ProcessAppointmentError::TimeIsUp)));
    }
    assert_eq!((world.database.inserts().len(), world.confirmed().len()), (0, 0));
}

/// A reference as an older system may have sent it: only a request is held to the length.
fn longer_than_a_column() -> Option<Reference> {
    let text = serde_json::Value::from("ñ".repeat(country_table::REFERENCE_CHARACTERS + 1));
    serde_json::from_value(text).unwrap()
}

#[tokio::test]
async fn what_no_row_can_hold_fails_with_its_reason_before_the_database_is_asked() {
    let early: Timestamp = "0999-12-31T23:59:59Z".parse().unwrap();
    let [
        mut schedule,
        mut center,
        mut specialty,
        mut medic,
        mut date,
        mut created,
    ] = [1, 2, 3, 4, 5, 6].map(|number| sample_appointment(number, Country::PE));
    schedule.schedule_id = longer_than_a_column();
    center.center_id = longer_than_a_column();
    specialty.specialty_id = longer_than_a_column();
    medic.medic_id = longer_than_a_column();
    date.date_schedule = DateSchedule::new(early);
    created.date_created = Moment::new(early);

    let world = Processing::default();
    let poison = [schedule, center, specialty, medic, date, created];
    let reasons: Vec<_> = world
        .process(&poison)
        .await
        .into_iter()
        .map(|outcome| outcome.unwrap_err().to_string())
        .collect();
    let too_long = |field: &str| {
        format!(
            "the appointment fits in no row: `{field}` is longer than the 64 characters that the country's table holds"
        )
    };
    let too_early = |field: &str| {
        format!(
            "the appointment fits in no row: `{field}` lies before the year 1000, where the dates of the country's \
             table begin"
        )
    };
    assert_eq!(
        reasons,
        [
            too_long("scheduleId"),
            too_long("centerId"),
            too_long("specialtyId"),
            too_long("medicId"),
            too_early("dateSchedule"),
            too_early("dateCreated"),
        ]
    );
    assert_eq!(world.database.inserts().len(), 0);

    // Among others it takes nothing from them, nor a second call.
    let [poisoned, ..] = poison;
    let outcomes = world
        .process(&[
            sample_appointment(7, Country::PE),
            poisoned,
            sample_appointment(8, Country::PE),
        ])
        .await;
    assert_eq!(succeeded(&outcomes), [true, false, true]);
    assert_eq!(world.database.inserts(), [2]);
}

#[tokio::test]
async fn the_longest_and_the_earliest_that_a_row_holds_are_inserted() {
    let mut appointment = sample_appointment(1, Country::PE);
    appointment.specialty_id = Reference::new("ñ".repeat(country_table::REFERENCE_CHARACTERS)).ok();
    appointment.date_schedule = "1000-01-01T00:00:00Z".parse().unwrap();
    let world = Processing::default();
    assert_eq!(succeeded(&world.process(&[appointment]).await), [true]);
}

/// What a batch leaves while a guard is away: outcomes, rows, confirmations.
async fn without(
    guard: Guard,
    world: &Processing,
    batch: &[Appointment],
) -> (Vec<bool>, Vec<u128>, Vec<u128>) {
    let removed = guards::remove(guard);
    let outcomes = world.process(batch).await;
    drop(removed);
    (succeeded(&outcomes), world.rows(), world.confirmed())
}

#[tokio::test]
async fn without_the_idempotent_insert_a_redelivered_message_is_two_rows() {
    let world = Processing::default();
    world.process(&peru(&[1])).await;
    assert_eq!(
        without(Guard::IdempotentInsert, &world, &peru(&[1])).await,
        (vec![true], vec![1, 1], vec![1, 1])
    );
}

#[tokio::test]
async fn without_its_guard_what_is_not_inserted_is_confirmed() {
    let world = Processing::default();
    world.database.fail_next(failure(PortErrorKind::Unreachable));
    assert_eq!(
        without(Guard::ConfirmOnlyInserted, &world, &peru(&[1])).await,
        (vec![true], vec![], vec![1])
    );
}

#[tokio::test]
async fn without_a_look_at_each_entry_a_lost_confirmation_is_a_success() {
    let world = Processing::default();
    world
        .bus
        .refuse_next(sample_id(1), failure(PortErrorKind::Throttled));
    assert_eq!(
        without(Guard::PerEntryFailures, &world, &peru(&[1, 2])).await,
        (vec![true, true], vec![1, 2], vec![2])
    );
}

#[tokio::test]
async fn without_its_guard_a_message_that_nobody_looked_at_is_a_success() {
    let world = Processing::default();
    world.database.fail_next(failure(PortErrorKind::Invalid));
    world.database.fail_next(failure(PortErrorKind::Unreachable));
    assert_eq!(
        without(Guard::UnlookedAtFails, &world, &peru(&[1, 2, 3])).await,
        (vec![false, true, true], vec![], vec![])
    );
    let removed = guards::remove(Guard::UnlookedAtFails);
    assert_eq!(succeeded(&world.process_until(&peru(&[1]), now()).await), [true]);
    drop(removed);
    assert!(world.rows().is_empty());
}
