//! What the use cases do, and how each failure stays with the one that it belongs to.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::sync::Arc;

use jiff::Timestamp;
use schedule_core::{
    Announcement, Appointment, AppointmentItem, Country, IdempotencyKey, Moment, RequestId, Status,
    authorization::Caller,
    doubles::{
        FixedClock, InMemoryAppointmentTable, InMemoryAppointmentTopic, SequentialIds, sample_appointment,
        sample_id,
    },
    ports::{AppointmentFilter, PortError, PortErrorKind},
    use_cases::{
        Accepted, CompleteAppointment, CompleteAppointmentError, Completion, CreateAppointment,
        CreateAppointmentError, CreateRequest, GetAppointments, Listing, RepublishPending,
    },
};

const BODY: &[u8] = br#"{"insuredId":"00123","countryISO":"CL","dateSchedule":"2030-05-20T15:30:00-05:00"}"#;

fn now() -> Timestamp {
    "2030-01-01T12:00:00.123456Z".parse().unwrap()
}

fn failure(kind: PortErrorKind) -> PortError {
    PortError::new(kind, "call", "made to fail")
}

struct Creating {
    now: Timestamp,
    until: Timestamp,
    table: Arc<InMemoryAppointmentTable>,
    topic: Arc<InMemoryAppointmentTopic>,
}

impl Creating {
    fn over(table: InMemoryAppointmentTable) -> Self {
        Self {
            now: now(),
            until: Timestamp::MAX,
            table: Arc::new(table),
            topic: Arc::default(),
        }
    }

    async fn create(&self, body: &[u8]) -> Result<Appointment, CreateAppointmentError> {
        Ok(self.accept(body, None).await?.appointment)
    }

    async fn accept(&self, body: &[u8], key: Option<&str>) -> Result<Accepted, CreateAppointmentError> {
        let create = CreateAppointment::new(
            self.table.clone(),
            self.topic.clone(),
            FixedClock::at(self.now),
            SequentialIds::new(),
        );
        let draft = create.read(body)?;
        let request = CreateRequest {
            permitted: Caller::anyone().may_create(draft).unwrap(),
            request_id: RequestId::new("Bz7aXjPqIAMEVqQ="),
            idempotency_key: key.map(|key| IdempotencyKey::from_header(key.as_bytes()).unwrap()),
        };
        create.execute(request, self.until).await
    }
}

#[tokio::test]
async fn a_created_appointment_is_stored_and_then_published() {
    let world = Creating::over(InMemoryAppointmentTable::new());
    let created = world.create(BODY).await.unwrap();
    assert_eq!(created.status, Status::Pending);
    assert_eq!(created.date_created.to_string(), "2030-01-01T12:00:00.123Z");
    assert_eq!(world.table.items(), std::slice::from_ref(&created));
    let [message] = &world.topic.published()[..] else {
        panic!("one message")
    };
    assert_eq!(
        (&message.data, message.timestamp),
        (&created, created.date_created)
    );
}

#[tokio::test]
async fn a_refused_body_stores_and_publishes_nothing() {
    let world = Creating::over(InMemoryAppointmentTable::new());
    assert!(matches!(
        world.create(b"{}").await,
        Err(CreateAppointmentError::Body(_))
    ));
    assert_eq!((world.table.items().len(), world.topic.published().len()), (0, 0));
}

#[tokio::test]
async fn a_taken_id_is_replaced_by_the_next_one() {
    let taken = [1, 2].map(|number| sample_appointment(number, Country::PE));
    let world = Creating::over(InMemoryAppointmentTable::holding(taken.clone()));
    let created = world.create(BODY).await.unwrap();
    assert_eq!(created.appointment_id, sample_id(3));
    assert_eq!(world.topic.published()[0].data.appointment_id, sample_id(3));
    assert_eq!(world.table.items()[..2], taken, "what was there is as it was");
}

#[tokio::test]
async fn an_endless_collision_is_given_up() {
    let taken = (1..100).map(|number| sample_appointment(number, Country::PE));
    let world = Creating::over(InMemoryAppointmentTable::holding(taken));
    assert!(matches!(
        world.create(BODY).await,
        Err(CreateAppointmentError::NoFreeId)
    ));
    assert_eq!(world.topic.published().len(), 0);
}

#[tokio::test]
async fn what_could_not_be_stored_is_not_published() {
    let world = Creating::over(InMemoryAppointmentTable::new());
    world.table.fail_next(failure(PortErrorKind::Throttled));
    let error = world.create(BODY).await.unwrap_err();
    assert!(matches!(error, CreateAppointmentError::Table(error) if error.is_retryable()));
    assert_eq!(world.topic.published().len(), 0);
}

#[tokio::test]
async fn what_could_not_be_published_is_accepted_and_due_to_be_announced() {
    let world = Creating::over(InMemoryAppointmentTable::new());
    world.topic.fail_next(failure(PortErrorKind::Denied));
    let accepted = world.accept(BODY, None).await.unwrap();
    assert_eq!(accepted.announced_late.unwrap().kind(), PortErrorKind::Denied);
    let expected = AppointmentItem {
        request_id: RequestId::new("Bz7aXjPqIAMEVqQ="),
        ..AppointmentItem::pending(accepted.appointment, now())
    };
    assert_eq!(world.table.stored(), [expected]);
}

/// A world whose time ends now, so that nothing is waited for.
fn without_time() -> Creating {
    Creating {
        until: now(),
        ..Creating::over(InMemoryAppointmentTable::new())
    }
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_waited_for_until_the_time_is_up() {
    let world = without_time();
    world.table.silence_next();
    let error = world.accept(BODY, Some("k")).await.unwrap_err();
    assert!(matches!(error, CreateAppointmentError::TimeIsUp));
    assert_eq!(world.topic.published().len(), 0);

    let accepted = world.accept(BODY, Some("k")).await.unwrap();
    assert!(
        accepted.announced_late.is_none(),
        "what answers at once is in time"
    );
}

#[tokio::test]
async fn what_a_silent_topic_does_not_take_in_time_is_accepted_and_announced_by_the_schedule() {
    let world = without_time();
    world.topic.silence_next();
    let accepted = world.accept(BODY, Some("k")).await.unwrap();
    let late = accepted.announced_late.unwrap();
    assert_eq!(late.kind(), PortErrorKind::Unreachable);
    assert_eq!(
        (world.table.stored().len(), world.topic.published().len()),
        (1, 0)
    );

    let clock = FixedClock::at(now() + jiff::SignedDuration::from_mins(2));
    let republish = RepublishPending::new(world.table.clone(), world.topic.clone(), clock);
    let report = republish.execute(Timestamp::MAX).await;
    assert_eq!(report.announced, [accepted.appointment.appointment_id]);
}

#[tokio::test]
async fn a_table_that_does_not_answer_is_not_measured_beyond_the_time() {
    let world = without_time();
    world.table.silence_next();
    let republish = RepublishPending::new(world.table.clone(), world.topic.clone(), FixedClock::at(now()));
    let report = republish.execute(world.until).await;
    let [(_, error)] = &report.shard_failures[..] else {
        panic!("{} parts failed", report.shard_failures.len())
    };
    assert_eq!(error.kind(), PortErrorKind::Unreachable);
}

#[tokio::test]
async fn the_same_key_and_request_is_the_same_appointment_whatever_its_spelling() {
    let world = Creating::over(InMemoryAppointmentTable::new());
    let first = world.accept(BODY, Some("\"k\"")).await.unwrap();
    let spelt = br#"{"dateSchedule":"2030-05-20T20:30:00Z", "countryISO":"CL","insuredId":"00123"}"#;
    let second = world.accept(spelt, Some("k")).await.unwrap();
    assert_eq!((first.replayed, second.replayed), (false, true));
    assert_eq!(first.appointment, second.appointment);
    assert_eq!(world.table.stored().len(), 1);
    assert_eq!(world.topic.published().len(), 2, "a crash may have come between");
}

#[tokio::test]
async fn a_replay_after_completion_and_after_its_date_is_answered_as_the_first_time() {
    let mut world = Creating::over(InMemoryAppointmentTable::new());
    let first = world.accept(BODY, Some("k")).await.unwrap().appointment;
    CompleteAppointment::new(world.table.clone(), FixedClock::at(now()))
        .execute(&first.appointment_id, Timestamp::MAX)
        .await
        .unwrap();
    world.now = "2031-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(world.accept(BODY, Some("k")).await.unwrap().appointment, first);
    assert_eq!(world.topic.published().len(), 1, "it is completed");
    assert!(matches!(
        world.accept(BODY, Some("other")).await,
        Err(CreateAppointmentError::Body(_))
    ));
}

#[tokio::test]
async fn a_key_with_another_request_is_refused_and_another_insureds_is_another_key() {
    let world = Creating::over(InMemoryAppointmentTable::new());
    let first = world.accept(BODY, Some("k")).await.unwrap().appointment;
    let text = std::str::from_utf8(BODY).unwrap();
    let error = world
        .accept(text.replace("CL", "PE").as_bytes(), Some("k"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, CreateAppointmentError::KeyReused { appointment_id } if appointment_id == first.appointment_id)
    );
    world
        .accept(text.replace("00123", "123").as_bytes(), Some("k"))
        .await
        .unwrap();
    assert_eq!(world.table.stored().len(), 2);
}

fn peru(numbers: &[u32]) -> Vec<Appointment> {
    numbers
        .iter()
        .map(|number| sample_appointment(*number, Country::PE))
        .collect()
}

struct Republishing {
    table: Arc<InMemoryAppointmentTable>,
    topic: Arc<InMemoryAppointmentTopic>,
    clock: Arc<FixedClock>,
}

impl Republishing {
    fn of(numbers: &[u32]) -> Self {
        let items = peru(numbers)
            .into_iter()
            .map(|appointment| AppointmentItem::pending(appointment, now()));
        Self {
            table: Arc::new(InMemoryAppointmentTable::holding(items)),
            topic: Arc::default(),
            clock: Arc::new(FixedClock::at(now())),
        }
    }

    async fn after(&self, seconds: i64) -> usize {
        self.clock.set(now() + jiff::SignedDuration::from_secs(seconds));
        let republish = RepublishPending::new(self.table.clone(), self.topic.clone(), self.clock.clone());
        let report = republish.execute(Timestamp::MAX).await;
        report.announced.len()
    }
}

#[tokio::test]
async fn what_waits_is_announced_at_doubling_times_until_it_completes() {
    let world = Republishing::of(&[1, 2]);
    for (seconds, announced) in [(119, 0), (120, 2), (121, 0), (359, 0), (360, 2)] {
        assert_eq!(world.after(seconds).await, announced, "{seconds} s");
    }
    CompleteAppointment::new(world.table.clone(), FixedClock::at(now()))
        .execute(&sample_id(1), Timestamp::MAX)
        .await
        .unwrap();
    assert_eq!(world.after(100_000).await, 1);
    assert_eq!(world.topic.published()[4].data.appointment_id, sample_id(2));
}

#[tokio::test]
async fn a_publish_that_failed_comes_again_soon_and_is_not_counted() {
    let world = Republishing::of(&[1]);
    world.topic.fail_next(failure(PortErrorKind::Unavailable));
    for (seconds, announced) in [(120, 0), (239, 0), (240, 1)] {
        assert_eq!(world.after(seconds).await, announced, "{seconds} s");
    }
    assert_eq!(world.table.stored()[0].announcement.as_ref().unwrap().count, 1);
}

#[tokio::test]
async fn after_the_last_announcement_it_is_not_announced_but_still_counted() {
    let world = Republishing::of(&[1]);
    let mut announced = 0;
    for day in 1..=40 {
        announced += world.after(day * 86_400).await;
    }
    assert_eq!(announced, usize::try_from(Announcement::MOST).unwrap());
    let republish = RepublishPending::new(world.table.clone(), world.topic.clone(), world.clock.clone());
    let report = republish.execute(Timestamp::MAX).await;
    assert_eq!((report.waiting, report.announced.len()), (1, 0));
    assert!(report.oldest.is_some());
}

#[tokio::test]
async fn a_large_backlog_is_worked_off_in_bounds_and_not_past_the_end_of_the_time() {
    let world = Republishing::of(&(1..=1_200).collect::<Vec<_>>());
    let republish = RepublishPending::new(world.table.clone(), world.topic.clone(), world.clock.clone());
    assert_eq!(republish.execute(now()).await.announced.len(), 0);
    assert_eq!((world.after(200).await, world.after(200).await), (1_000, 200));
}

#[tokio::test]
async fn the_appointments_of_an_insured_are_listed_or_the_failure_is_told() {
    let [second, first] = [2, 1].map(|number| sample_appointment(number, Country::PE));
    let table = Arc::new(InMemoryAppointmentTable::holding([second.clone(), first.clone()]));
    let get = GetAppointments::new(table.clone());
    let permitted = Caller::anyone().may_read(first.insured_id.clone()).unwrap();
    let listing = Listing {
        filter: AppointmentFilter::default(),
        after: None,
        limit: 1,
    };
    let page = get.list(&permitted, listing.clone()).await.unwrap();
    assert_eq!(page.appointments, [first]);
    let rest = Listing {
        after: page.next,
        ..listing.clone()
    };
    let page = get.list(&permitted, rest).await.unwrap();
    assert_eq!((page.appointments, page.next), (vec![second], None));
    table.fail_next(failure(PortErrorKind::Unavailable));
    assert!(get.list(&permitted, listing).await.is_err());
}

#[tokio::test]
async fn a_confirmation_completes_once_and_a_second_one_changes_nothing() {
    let table = Arc::new(InMemoryAppointmentTable::holding(peru(&[1])));
    let clock = Arc::new(FixedClock::at(now()));
    let complete = CompleteAppointment::new(table.clone(), clock.clone());
    assert_eq!(
        complete.execute(&sample_id(1), Timestamp::MAX).await.unwrap(),
        Completion::Completed
    );
    let once = table.items();
    assert_eq!(
        (once[0].status, once[0].updated_at),
        (Status::Completed, Some(Moment::new(now())))
    );

    clock.set("2031-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(
        complete.execute(&sample_id(1), Timestamp::MAX).await.unwrap(),
        Completion::AlreadyCompleted
    );
    assert_eq!(table.items(), once);
}

#[tokio::test]
async fn a_confirmation_of_an_unknown_appointment_is_an_error_and_creates_nothing() {
    let table = Arc::new(InMemoryAppointmentTable::new());
    let complete = CompleteAppointment::new(table.clone(), FixedClock::at(now()));
    let error = complete.execute(&sample_id(1), Timestamp::MAX).await.unwrap_err();
    assert!(matches!(error, CompleteAppointmentError::UnknownAppointment));
    assert_eq!(table.items().len(), 0);
}

#[tokio::test]
async fn a_confirmation_for_which_there_is_no_time_is_an_error_and_changes_nothing() {
    let table = Arc::new(InMemoryAppointmentTable::holding(peru(&[1])));
    let complete = CompleteAppointment::new(table.clone(), FixedClock::at(now()));
    let error = complete.execute(&sample_id(1), now()).await.unwrap_err();
    assert!(matches!(error, CompleteAppointmentError::TimeIsUp));
    assert_eq!(table.items(), peru(&[1]));
}

#[tokio::test]
async fn the_requests_id_is_in_every_announcement_also_in_a_later_one() {
    let mut world = Creating::over(InMemoryAppointmentTable::new());
    world.accept(BODY, Some("k")).await.unwrap();
    world.accept(BODY, Some("k")).await.unwrap();
    world.now = now() + jiff::SignedDuration::from_hours(1);
    let republish = RepublishPending::new(
        world.table.clone(),
        world.topic.clone(),
        FixedClock::at(world.now),
    );
    republish.execute(Timestamp::MAX).await;
    let ids: Vec<_> = world
        .topic
        .published()
        .into_iter()
        .map(|message| message.request_id)
        .collect();
    assert_eq!(ids, vec![RequestId::new("Bz7aXjPqIAMEVqQ="); 3]);
}
