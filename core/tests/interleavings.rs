//! Requests that meet, runs that end between two calls, and what happens then without the guard against it.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
};

use jiff::{SignedDuration, Timestamp};
use schedule_core::{
    AnnounceShard, Announcement, AppointmentId, AppointmentItem, Country, IdempotencyKey, Moment, Status,
    authorization::Caller,
    doubles::{
        FixedClock, InMemoryAppointmentTable, InMemoryAppointmentTopic, SequentialIds, sample_appointment,
        sample_id,
    },
    guards::{self, Guard},
    ports::{
        AnnouncementOutbox, AppointmentTable, CreateError, DueAnnouncements, PortError, Reschedule,
        StatusUpdate, WaitingAnnouncements,
    },
    use_cases::{
        Accepted, CompleteAppointment, Completion, CreateAppointment, CreateAppointmentError, CreateRequest,
        RepublishPending,
    },
};

const BODY: &[u8] = br#"{"insuredId":"00123","countryISO":"CL","dateSchedule":"2030-05-20T15:30:00-05:00"}"#;

fn now() -> Timestamp {
    "2030-01-01T12:00:00.123456Z".parse().unwrap()
}

/// The table in memory, which lets others go first before and after every call for an appointment.
#[derive(Default)]
struct Yielding(InMemoryAppointmentTable);

/// Pending once, as a call over the network is.
async fn yielded() {
    let mut polled = false;
    poll_fn(|_| {
        if std::mem::replace(&mut polled, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

async fn between<T>(call: impl Future<Output = T>) -> T {
    yielded().await;
    let result = call.await;
    yielded().await;
    result
}

impl AppointmentTable for Yielding {
    async fn create_appointment(&self, item: &AppointmentItem) -> Result<(), CreateError> {
        between(self.0.create_appointment(item)).await
    }

    async fn get_item_by_id(&self, id: &AppointmentId) -> Result<Option<AppointmentItem>, PortError> {
        between(self.0.get_item_by_id(id)).await
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        between(self.0.update_appointment_status(id, status, updated_at)).await
    }
}

impl AnnouncementOutbox for Yielding {
    async fn get_due_announcements(
        &self,
        shard: AnnounceShard,
        now: Timestamp,
        limit: usize,
    ) -> Result<DueAnnouncements, PortError> {
        self.0.get_due_announcements(shard, now, limit).await
    }

    async fn count_waiting_announcements(
        &self,
        shard: AnnounceShard,
        created_until: Moment,
        limit: usize,
    ) -> Result<WaitingAnnouncements, PortError> {
        self.0
            .count_waiting_announcements(shard, created_until, limit)
            .await
    }

    async fn reschedule_announcement(
        &self,
        id: &AppointmentId,
        seen: &Announcement,
        next: &Announcement,
    ) -> Result<Reschedule, PortError> {
        between(self.0.reschedule_announcement(id, seen, next)).await
    }
}

#[derive(Default)]
struct World {
    table: Arc<Yielding>,
    topic: Arc<InMemoryAppointmentTopic>,
}

type Answer = Result<Accepted, CreateAppointmentError>;

impl World {
    /// A request with a key, in a process of its own.
    fn request(&self, body: &[u8]) -> Pin<Box<dyn Future<Output = Answer>>> {
        let create = CreateAppointment::new(
            Arc::clone(&self.table),
            Arc::clone(&self.topic),
            FixedClock::at(now()),
            SequentialIds::new(),
        );
        let request = CreateRequest {
            permitted: Caller::anyone().may_create(create.read(body).unwrap()).unwrap(),
            idempotency_key: IdempotencyKey::from_header(b"k").ok(),
            request_id: None,
        };
        Box::pin(async move { create.execute(request, Timestamp::MAX).await })
    }

    /// Runs what is due after this time, as the schedule does.
    async fn republish_after(&self, seconds: i64) -> usize {
        let clock = FixedClock::at(now() + SignedDuration::from_secs(seconds));
        let republish = RepublishPending::new(Arc::clone(&self.table), Arc::clone(&self.topic), clock);
        republish.execute(Timestamp::MAX).await.announced.len()
    }
}

/// Polls one of two after the other, as the bits of `order` say, until both have ended.
fn interleaved<'a>(
    mut first: Pin<Box<dyn Future<Output = Answer> + 'a>>,
    mut second: Pin<Box<dyn Future<Output = Answer> + 'a>>,
    order: u32,
) -> [Answer; 2] {
    let mut context = Context::from_waker(Waker::noop());
    let (mut one, mut two) = (None, None);
    for step in 0.. {
        let turn = (order >> (step % 32)) & 1 == 0;
        if one.is_none() && (turn || two.is_some()) {
            if let Poll::Ready(answer) = first.as_mut().poll(&mut context) {
                one = Some(answer);
            }
        } else if two.is_none()
            && let Poll::Ready(answer) = second.as_mut().poll(&mut context)
        {
            two = Some(answer);
        }
        if one.is_some() && two.is_some() {
            break;
        }
    }
    [one.unwrap(), two.unwrap()]
}

/// Every order in which two requests can have their turns: neither has more than eight.
fn orders() -> impl Iterator<Item = u32> {
    (0..1 << 12).map(|order| order | !0 << 12)
}

#[test]
fn two_requests_with_one_key_at_once_are_one_appointment_and_one_answer() {
    for order in orders() {
        let world = World::default();
        let answers = interleaved(world.request(BODY), world.request(BODY), order);
        let [one, two] = answers.map(Result::unwrap);
        assert_eq!(one.appointment, two.appointment, "order {order:b}");
        assert_ne!(one.replayed, two.replayed, "order {order:b}");
        assert_eq!(world.table.0.stored().len(), 1, "order {order:b}");
    }
}

#[test]
fn of_two_different_requests_with_one_key_at_once_one_is_refused() {
    let other = std::str::from_utf8(BODY).unwrap().replace("CL", "PE");
    for order in orders() {
        let world = World::default();
        let answers = interleaved(world.request(BODY), world.request(other.as_bytes()), order);
        let accepted = answers.iter().filter(|answer| answer.is_ok()).count();
        let refused = answers
            .iter()
            .filter(|answer| matches!(answer, Err(CreateAppointmentError::KeyReused { .. })))
            .count();
        assert_eq!((accepted, refused), (1, 1), "order {order:b}");
        assert_eq!(
            (world.table.0.stored().len(), world.topic.published().len()),
            (1, 1),
            "order {order:b}"
        );
    }
}

/// A run that ends once the appointment is stored, before it is announced.
fn crash_between_put_and_publish(world: &World) {
    let mut run = pin!(world.request(BODY));
    let mut context = Context::from_waker(Waker::noop());
    while world.table.0.stored().is_empty() {
        assert!(run.as_mut().poll(&mut context).is_pending());
    }
    assert!(world.topic.published().is_empty());
}

/// Runs what yields without a waker, as all here does.
fn ended<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = work.as_mut().poll(&mut context) {
            return result;
        }
    }
}

#[test]
fn after_a_crash_between_put_and_publish_the_same_request_gives_its_201_and_announces() {
    let world = World::default();
    crash_between_put_and_publish(&world);
    let accepted = ended(world.request(BODY)).unwrap();
    assert!(accepted.replayed);
    assert_eq!(world.topic.published()[0].data, accepted.appointment);
    assert_eq!(world.table.0.stored().len(), 1);
}

#[test]
fn after_a_crash_between_put_and_publish_it_is_announced_though_nobody_asks_again() {
    let world = World::default();
    crash_between_put_and_publish(&world);
    assert_eq!(ended(world.republish_after(119)), 0);
    assert_eq!(ended(world.republish_after(120)), 1);

    let unmarked = World::default();
    let removed = guards::remove(Guard::OutboxMarker);
    crash_between_put_and_publish(&unmarked);
    drop(removed);
    assert_eq!(
        ended(unmarked.republish_after(100_000)),
        0,
        "stranded without its mark"
    );
}

#[test]
fn a_confirmation_of_an_unknown_appointment_is_swallowed_without_its_guard() {
    let table = Arc::new(InMemoryAppointmentTable::holding([sample_appointment(
        1,
        Country::PE,
    )]));
    let complete = CompleteAppointment::new(table, FixedClock::at(now()));
    let confirm = || ended(complete.execute(&sample_id(2), Timestamp::MAX));
    assert!(confirm().is_err());
    let removed = guards::remove(Guard::UnknownConfirmationFails);
    assert_eq!(confirm().unwrap(), Completion::AlreadyCompleted);
    drop(removed);
    assert!(confirm().is_err());
}

#[test]
fn a_confirmation_for_which_there_is_no_time_is_swallowed_without_its_guard() {
    let table = Arc::new(InMemoryAppointmentTable::holding([sample_appointment(
        1,
        Country::PE,
    )]));
    let complete = CompleteAppointment::new(Arc::clone(&table), FixedClock::at(now()));
    let removed = guards::remove(Guard::UnlookedAtFails);
    assert!(ended(complete.execute(&sample_id(1), now())).is_ok());
    drop(removed);
    assert!(ended(complete.execute(&sample_id(1), now())).is_err());
    assert_eq!(table.items()[0].status, Status::Pending);
}
