use std::sync::Arc;

use jiff::SignedDuration;
use schedule_core::{
    AppointmentItem, Country, Moment,
    doubles::{FixedClock, InMemoryAppointmentTable, InMemoryAppointmentTopic, sample_appointment},
    messages::AppointmentCreated,
    ports::{AppointmentTopic, Clock, PortError, PortErrorKind},
};
use schedule_handlers::{HandlerError, RepublishPendingHandler};
use serde_json::{Value, json};

use crate::fixtures::{answer, answer_within, event, failure, failure_of_event, now};

type Handler =
    RepublishPendingHandler<Arc<InMemoryAppointmentTable>, Arc<InMemoryAppointmentTopic>, Arc<FixedClock>>;

/// A table of pending appointments that were created some seconds before [`now`].
pub(crate) struct World {
    pub(crate) table: Arc<InMemoryAppointmentTable>,
    pub(crate) topic: Arc<InMemoryAppointmentTopic>,
    clock: Arc<FixedClock>,
}

impl World {
    pub(crate) fn after(seconds: i64, numbers: &[u32]) -> Self {
        let created = now() - SignedDuration::from_secs(seconds);
        let items = numbers.iter().map(|number| {
            let mut appointment = sample_appointment(*number, Country::PE);
            appointment.date_created = Moment::new(created);
            AppointmentItem::pending(appointment, created)
        });
        Self {
            table: Arc::new(InMemoryAppointmentTable::holding(items)),
            topic: Arc::default(),
            clock: Arc::new(FixedClock::at(now())),
        }
    }

    pub(crate) fn handler(&self) -> Handler {
        RepublishPendingHandler::new(self.table.clone(), self.topic.clone(), self.clock.clone())
    }

    fn published(&self) -> Vec<u128> {
        let published = self.topic.published();
        published
            .iter()
            .map(|message| message.data.appointment_id.as_uuid().as_u128())
            .collect()
    }
}

fn schedule() -> Value {
    event("eventbridge-schedule")
}

#[tokio::test]
async fn what_waits_too_long_is_announced_again_and_counted() {
    let world = World::after(121, &[1, 2]);
    let answer = answer(&world.handler(), &schedule()).await;
    let expected = json!({"pendingAppointments": 2, "oldestPendingAge": 121, "republished": 2, "failed": 0, "shardsFailed": 0});
    assert_eq!(answer, expected);
    let mut published = world.published();
    published.sort_unstable();
    assert_eq!(published, [1, 2]);
}

#[tokio::test]
async fn a_run_that_finds_nothing_says_zero() {
    for world in [World::after(3_600, &[]), World::after(100, &[1])] {
        let answer = answer(&world.handler(), &schedule()).await;
        let expected = json!({"pendingAppointments": 0, "oldestPendingAge": 0, "republished": 0, "failed": 0, "shardsFailed": 0});
        assert_eq!(answer, expected);
        assert!(world.topic.published().is_empty());
    }
}

#[tokio::test]
async fn a_run_that_could_not_announce_all_has_failed_and_the_next_one_goes_on() {
    let world = World::after(121, &[1, 2]);
    world.topic.fail_next(failure(PortErrorKind::Denied));
    let failed = failure_of_event(&world.handler(), &schedule()).await;
    let expected = HandlerError::Republishing {
        failed: 1,
        shards_failed: 0,
    };
    assert_eq!(failed, expected);
    assert_eq!(world.published().len(), 1);

    world.clock.set(now() + SignedDuration::from_secs(124));
    answer_within(&world.handler(), &schedule(), 154).await;
    let mut published = world.published();
    published.sort_unstable();
    published.dedup();
    assert_eq!(published, [1, 2]);
}

#[tokio::test]
async fn a_run_that_could_not_look_everywhere_has_failed_though_it_announced_the_rest() {
    let world = World::after(121, &[1]);
    // The first call counts what waits in the first part of the index.
    world.table.fail_next(failure(PortErrorKind::Denied));
    let failed = failure_of_event(&world.handler(), &schedule()).await;
    let expected = HandlerError::Republishing {
        failed: 0,
        shards_failed: 1,
    };
    assert_eq!(failed, expected);
    assert_eq!(world.published(), [1]);
}

/// A topic that takes half a minute for each message.
struct SlowTopic(Arc<FixedClock>);

impl AppointmentTopic for SlowTopic {
    async fn publish_appointment_created(&self, _: &AppointmentCreated) -> Result<(), PortError> {
        self.0.set(self.0.now() + SignedDuration::from_secs(30));
        Ok(())
    }
}

#[tokio::test]
async fn a_run_ends_in_its_time_and_the_next_one_goes_on() {
    let world = World::after(121, &[1, 2, 3]);
    let slow = SlowTopic(world.clock.clone());
    let handler = RepublishPendingHandler::new(world.table.clone(), slow, world.clock.clone());
    for run in 1..=3 {
        let answer = answer_within(&handler, &schedule(), 30 * run).await;
        assert_eq!(answer["republished"], 1, "run {run}");
    }
}

#[tokio::test]
async fn an_event_of_another_source_is_not_taken_for_the_schedule() {
    let world = World::after(121, &[1]);
    let failed = failure_of_event(&world.handler(), &event("sqs-raw")).await;
    assert!(matches!(failed, HandlerError::Event(_)), "{failed:?}");
    assert!(world.topic.published().is_empty());
}
