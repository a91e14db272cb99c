//! One start after the other, and many calls to the last one.

use std::{
    fs,
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
    pub(crate) calls: usize,
}

/// Medians, in microseconds.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    /// From the start of the process to its asking for an event.
    pub(crate) init: f64,
    /// The first call.
    pub(crate) first: f64,
    /// The start to the first answer.
    pub(crate) start: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Processor time of a warm call.
    pub(crate) processor: f64,
    /// Resident after the calls, in bytes.
    pub(crate) resident: u64,
}

/// Far beyond anything that works.
const LIMIT: Duration = Duration::from_secs(30);

pub(crate) async fn measure(
    subject: &Subject,
    cloud: &Cloud,
    effort: Effort,
    folder: &Path,
) -> Result<Figures> {
    let log = folder.join("function.log");
    let measured = timeout(LIMIT * 4, measure_within(subject, cloud, effort, &log)).await;
    let figures = measured.unwrap_or_else(|_| bail!("it did not come to an end"));
    figures.with_context(|| {
        let log = fs::read_to_string(&log).unwrap_or_default();
        format!("`{}` cannot be measured; its log:\n{log}", subject.name)
    })
}

async fn measure_within(subject: &Subject, cloud: &Cloud, effort: Effort, log: &Path) -> Result<Figures> {
    let (mut inits, mut firsts, mut starts) = (vec![], vec![], vec![]);
    let mut warm = None;
    for start in 1..=effort.starts {
        let mut api = RuntimeApi::serve().await?;
        let began = Instant::now();
        let process = Running(subject.start(&api.address, cloud, log)?);
        let init = timeout(LIMIT, api.polled())
            .await
            .context("it asks for no event")??
            - began;
        let first = call(&mut api, subject).await?;
        inits.push(init);
        firsts.push(first);
        starts.push(init + first);
        if start == effort.starts {
            warm = Some((api, process));
        }
    }
    let (mut api, process) = warm.context("no start was asked for")?;
    let mut calls = Vec::with_capacity(effort.calls);
    let before = process.processor_time()?;
    for _ in 0..effort.calls {
        api.polled().await?;
        calls.push(call(&mut api, subject).await?);
    }
    let spent = process.processor_time()? - before;
    Ok(Figures {
        init: percentile(&mut inits, 50),
        first: percentile(&mut firsts, 50),
        start: percentile(&mut starts, 50),
        p50: percentile(&mut calls, 50),
        p99: percentile(&mut calls, 99),
        processor: microseconds(spent) / effort.calls as f64,
        resident: process.resident()?,
    })
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

fn percentile(durations: &mut [Duration], percent: usize) -> f64 {
    durations.sort_unstable();
    let place = (durations.len() * percent / 100).min(durations.len().saturating_sub(1));
    durations
        .get(place)
        .map_or(0.0, |duration| microseconds(*duration))
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
