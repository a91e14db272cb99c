use jiff::Timestamp;
use schedule_core::{
    AppointmentId,
    ports::{AppointmentIds, Clock},
};
use uuid::Uuid;

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Random ids that begin with the time (UUID version 7).
#[derive(Clone, Copy, Debug)]
pub struct TimeOrderedIds;

impl AppointmentIds for TimeOrderedIds {
    fn next_id(&self) -> AppointmentId {
        AppointmentId::new(Uuid::now_v7())
    }
}
