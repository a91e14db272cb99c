use std::{
    future::pending,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use jiff::Timestamp;

use super::{locked, sample_id};
use crate::{
    domain::AppointmentId,
    ports::{AppointmentIds, Clock},
};

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// A clock that shows this instant.
    #[must_use]
    pub const fn at(instant: Timestamp) -> Self {
        Self(Mutex::new(instant))
    }

    /// Sets it to another instant.
    pub fn set(&self, instant: Timestamp) {
        *locked(&self.0) = instant;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *locked(&self.0)
    }

    /// What is yet to come never does.
    async fn wait_until(&self, instant: Timestamp) {
        if self.now() < instant {
            pending::<()>().await;
        }
    }
}

/// Ids in a row: [`sample_id`] of 1, of 2, and so on.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU32);

impl SequentialIds {
    /// Ids from 1.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicU32::new(0))
    }
}

impl AppointmentIds for SequentialIds {
    fn next_id(&self) -> AppointmentId {
        sample_id(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
