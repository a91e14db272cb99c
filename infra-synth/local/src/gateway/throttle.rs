//! A token bucket: `rate` requests a second, `burst` at once.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use crate::model::Throttle;

pub(super) struct TokenBucket {
    limits: Throttle,
    state: Mutex<(f64, Instant)>,
}

impl TokenBucket {
    pub(super) fn new(limits: Throttle) -> Self {
        Self {
            limits,
            state: Mutex::new((limits.burst as f64, Instant::now())),
        }
    }

    pub(super) fn admit(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = *state;
        let now = Instant::now();
        let refilled = tokens + now.duration_since(since).as_secs_f64() * self.limits.rate as f64;
        let available = refilled.min(self.limits.burst as f64);
        let admitted = available >= 1.0;
        *state = (if admitted { available - 1.0 } else { available }, now);
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_admitted_and_then_the_rate() {
        let bucket = TokenBucket::new(Throttle { rate: 10, burst: 3 });
        let burst: Vec<bool> = (0..4).map(|_| bucket.admit()).collect();
        assert_eq!(burst, [true, true, true, false]);
        tokio::time::advance(Duration::from_millis(100)).await;
        assert!(bucket.admit());
        assert!(!bucket.admit());
    }
}
