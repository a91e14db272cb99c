//! Starts and batches of warm calls, for both of which the subjects take turns.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    process::Child,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::time::timeout;

use crate::{
    runtime_api::RuntimeApi,
    subject::{Cloud, Subject},
};

/// How often what is done; more is steadier and slower.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) starts: usize,
    /// In each of the [`BATCHES`].
    pub(crate) calls: usize,
}

/// Of warm calls: a machine's bad moment spoils the slowest hundredth of one, not of most.
const BATCHES: usize = 5;

/// Medians, in microseconds.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    /// From the start of the process to its asking for an event.
    pub(crate) init: f64,
    /// The first call.
    pub(crate) first: f64,
    /// The start to the first answer.
    pub(crate) start: f64,
    /// The middle one of the batches', as `p99`.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Processor time of a warm call.
    pub(crate) processor: f64,
    /// Resident after the calls, in bytes.
    pub(crate) resident: u64,
}

/// Far beyond anything that works.
const LIMIT: Duration = Duration::from_secs(30);

/// Of each subject. They take turns, in another order each time, so that all come upon the same moods of the machine
/// and none always follows the same one, whose memory it gets.
pub(crate) async fn measure(
    subjects: &[Subject],
    cloud: &Cloud,
    effort: Effort,
    folder: &Path,
) -> Result<Vec<Figures>> {
    let log = folder.join("function.log");
    let named = |subject: &Subject| {
        let log = fs::read_to_string(&log).unwrap_or_default();
        format!("`{}` cannot be measured; its log:\n{log}", subject.name)
    };
    let mut starts: Vec<_> = subjects.iter().map(|_| Starts::default()).collect();
    for round in 0..effort.starts {
        for (subject, starts) in turns(round, subjects, &mut starts) {
            within(LIMIT, start(subject, cloud, &log))
                .await
                .map(|started| starts.add(&started))
                .with_context(|| named(subject))?;
        }
    }
    let mut warm = Vec::new();
    for subject in subjects {
        let started = within(LIMIT, start(subject, cloud, &log)).await;
        warm.push(Warm::from(started.with_context(|| named(subject))?));
    }
    for round in 0..BATCHES {
        for (subject, warm) in turns(round, subjects, &mut warm) {
            within(LIMIT, warm.batch(subject, effort.calls))
                .await
                .with_context(|| named(subject))?;
        }
    }
    starts
        .into_iter()
        .zip(warm)
        .map(|(starts, warm)| starts.figures(warm))
        .collect()
}

/// The subjects with what belongs to each, in the order of a round.
fn turns<'a, T>(round: usize, subjects: &'a [Subject], own: &'a mut [T]) -> Vec<(&'a Subject, &'a mut T)> {
    let mut turns: Vec<_> = subjects.iter().zip(own).collect();
    turns.sort_by_cached_key(|(subject, _)| shuffled((round, subject.name)));
    turns
}

/// A key that puts things into an order without sense, the same in each run.
fn shuffled(thing: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(limit, work)
        .await
        .unwrap_or_else(|_| bail!("it did not come to an end"))
}

/// A function that has answered once.
struct Started {
    api: RuntimeApi,
    process: Running,
    init: Duration,
    first: Duration,
}

async fn start(subject: &Subject, cloud: &Cloud, log: &Path) -> Result<Started> {
    let mut api = RuntimeApi::serve().await?;
    let began = Instant::now();
    let process = Running(subject.start(&api.address, cloud, log)?);
    let init = api.polled().await? - began;
    let first = call(&mut api, subject).await?;
    Ok(Started {
        api,
        process,
        init,
        first,
    })
}

#[derive(Default)]
struct Starts {
    inits: Vec<Duration>,
    firsts: Vec<Duration>,
    both: Vec<Duration>,
}

impl Starts {
    fn add(&mut self, started: &Started) {
        self.inits.push(started.init);
        self.firsts.push(started.first);
        self.both.push(started.init + started.first);
    }

    fn figures(mut self, mut warm: Warm) -> Result<Figures> {
        let resident = warm.process.resident()?;
        let calls = warm.batches.iter().map(Vec::len).sum::<usize>();
        let mut of_batches = |percent| {
            let mut all: Vec<_> = warm
                .batches
                .iter_mut()
                .map(|calls| percentile(calls, percent))
                .collect();
            microseconds(percentile(&mut all, 50))
        };
        Ok(Figures {
            p50: of_batches(50),
            p99: of_batches(99),
            init: microseconds(percentile(&mut self.inits, 50)),
            first: microseconds(percentile(&mut self.firsts, 50)),
            start: microseconds(percentile(&mut self.both, 50)),
            processor: microseconds(warm.spent) / calls as f64,
            resident,
        })
    }
}

/// One that answers call after call.
struct Warm {
    api: RuntimeApi,
    process: Running,
    batches: Vec<Vec<Duration>>,
    /// Processor time of all calls.
    spent: Duration,
}

impl From<Started> for Warm {
    fn from(Started { api, process, .. }: Started) -> Self {
        Self {
            api,
            process,
            batches: vec![],
            spent: Duration::ZERO,
        }
    }
}

impl Warm {
    async fn batch(&mut self, subject: &Subject, number: usize) -> Result<()> {
        let before = self.process.processor_time()?;
        let mut calls = Vec::with_capacity(number);
        for _ in 0..number {
            self.api.polled().await?;
            calls.push(call(&mut self.api, subject).await?);
        }
        self.batches.push(calls);
        self.spent += self.process.processor_time()? - before;
        Ok(())
    }
}

async fn call(api: &mut RuntimeApi, subject: &Subject) -> Result<Duration> {
    let (sent, answered, body) = api.call(subject.event.as_bytes()).await?;
    let body = String::from_utf8(body)?;
    if !body.contains(subject.answer) {
        bail!("it answered `{body}`");
    }
    Ok(answered - sent)
}

/// A process that ends with its measurement.
struct Running(Child);

impl Running {
    fn processor_time(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let after_name = stat.rsplit(") ").next().unwrap_or_default();
        let fields: Vec<_> = after_name.split(' ').collect();
        let ticks =
            |place: usize| -> Result<u64> { Ok(fields.get(place).context("a shorter `stat`")?.parse()?) };
        // Linux counts a hundred ticks a second towards programs, whatever its own clock does.
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
    }

    fn resident(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line
            .and_then(|line| line.trim().split(' ').next())
            .context("no `VmRSS`")?;
        Ok(kibibytes.parse::<u64>()? * 1024)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn percentile(durations: &mut [Duration], percent: usize) -> Duration {
    durations.sort_unstable();
    let place = (durations.len() * percent / 100).min(durations.len().saturating_sub(1));
    durations.get(place).copied().unwrap_or_default()
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
