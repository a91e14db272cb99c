use std::time::Duration;

use jiff::Timestamp;
use schedule_core::{
    AppointmentId,
    ports::{AppointmentIds, Clock},
};
use tokio::time::sleep;
use uuid::Uuid;

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn wait_until(&self, instant: Timestamp) {
        let left = instant.duration_since(self.now());
        // None is left where it is negative.
        sleep(Duration::try_from(left).unwrap_or_default()).await;
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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use jiff::SignedDuration;
    use schedule_core::ports::in_time;
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_never_ends_is_given_up_at_its_time_and_what_ends_is_not() {
        let start = Instant::now();
        let until = SystemClock.now() + SignedDuration::from_secs(9);
        let silence = in_time(&SystemClock, until, pending::<()>()).await;
        assert_eq!(silence, None);
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());

        assert_eq!(in_time(&SystemClock, until, async { 7 }).await, Some(7));
        assert_eq!(in_time(&SystemClock, Timestamp::MIN, pending::<()>()).await, None);
        let soon = sleep(Duration::from_secs(60));
        assert_eq!(in_time(&SystemClock, Timestamp::MAX, soon).await, Some(()));
    }
}
