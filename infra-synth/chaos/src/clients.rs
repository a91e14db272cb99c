//! Clients that do not give up: a request that failed or broke is sent again, with the same key and body.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::api::{Answer, Api};

/// Enough that the rate is kept while some of them wait for a batch of commits.
const CLIENTS: u32 = 16;

/// Enough that no list is long, few enough that reading all of them back is quick.
pub(crate) const INSURED: u32 = 200;

/// Between two attempts of one client: there is nothing to wait for but the system's return.
const PAUSE: Duration = Duration::from_millis(20);

/// How long the last requests may go unanswered once nothing is killed any more.
const LAST_ANSWERS: Duration = Duration::from_secs(60);

/// What the clients do together.
pub(crate) struct Load<'a> {
    pub(crate) api: &'a Api,
    pub(crate) seed: u64,
    pub(crate) rate: u32,
    pub(crate) end: Instant,
}

/// A request that was answered 201.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The id in the answer.
    pub(crate) id: String,
    /// What makes the request known again in the table and in the rows: its schedule id.
    pub(crate) request: String,
    /// Whose it is.
    pub(crate) insured_id: String,
}

impl Load<'_> {
    /// Sends requests until the end, and each until it is answered; `calm` says that nothing is killed any more.
    pub(crate) fn run(&self, calm: &AtomicBool) -> Result<Vec<Accepted>> {
        let next = AtomicU32::new(0);
        let started = Instant::now();
        let clients: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = (0..CLIENTS)
                .map(|_| scope.spawn(|| self.client(&next, started, calm)))
                .collect();
            running.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        let mut accepted = Vec::new();
        for client in clients {
            accepted.extend(client.map_err(|_| anyhow::anyhow!("a client ended in a panic"))??);
        }
        Ok(accepted)
    }

    /// Takes the next request when it is due. One that fell behind catches up without a pause.
    fn client(&self, next: &AtomicU32, started: Instant, calm: &AtomicBool) -> Result<Vec<Accepted>> {
        let mut accepted = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let due = started + Duration::from_secs_f64(f64::from(number) / f64::from(self.rate));
            if due >= self.end {
                return Ok(accepted);
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if Instant::now() >= self.end {
                return Ok(accepted);
            }
            accepted.push(self.ask(number, calm)?);
        }
    }

    fn ask(&self, number: u32, calm: &AtomicBool) -> Result<Accepted> {
        let insured_id = insured(number % INSURED);
        let request = format!("request-{number}");
        let country = if number.is_multiple_of(2) { "PE" } else { "CL" };
        let body = format!(
            r#"{{"insuredId":"{insured_id}","countryISO":"{country}","dateSchedule":"2099-01-{:02}T{:02}:30:00-05:00","scheduleId":"{request}","comments":"control anual"}}"#,
            number % 28 + 1,
            number % 24,
        );
        let key = format!("\"{:x}-{number}\"", self.seed);
        let mut calm_since = None;
        loop {
            if let Answer::Created(id) = self.api.post(&key, &body)? {
                return Ok(Accepted {
                    id,
                    request,
                    insured_id,
                });
            }
            if calm.load(Ordering::Acquire)
                && calm_since.get_or_insert_with(Instant::now).elapsed() > LAST_ANSWERS
            {
                bail!("a POST has no answer {LAST_ANSWERS:?} after the last fault");
            }
            thread::sleep(PAUSE);
        }
    }
}

/// The insured with this number.
pub(crate) fn insured(number: u32) -> String {
    format!("{number:05}")
}
