use jiff::Timestamp;
use schedule_core::{
    AppointmentId,
    ports::{AppointmentIds, Clock},
};
use uuid::Builder;

use crate::{gate::Gate, world::World};

/// The world's clock.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedClock(pub(crate) Gate);

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.0.world().timestamp()
    }

    async fn wait_until(&self, instant: Timestamp) {
        self.0.turn_at(World::time_of(instant)).await;
    }
}

/// Random ids, from the world's generator.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedIds(pub(crate) Gate);

impl AppointmentIds for SimulatedIds {
    fn next_id(&self) -> AppointmentId {
        let bytes = self.0.world().rng.u128(..).to_be_bytes();
        AppointmentId::new(Builder::from_random_bytes(bytes).into_uuid())
    }
}
