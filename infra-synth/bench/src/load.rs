//! Eight clients posting appointments as fast as they are answered.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::client::Client;
use crate::percentile;
use crate::server::Server;

const CLIENTS: usize = 8;
const POSTS: usize = 40_000;
/// Enough that no list is long, few enough that reading all of them back is quick.
const INSURED: usize = 400;
/// The most that a list may be asked for; every insured's appointments are fewer.
const LONGEST_PAGE: usize = 200;
/// Runs of each kind, one after the other in turn, so that a slow minute strikes both.
const PAIRS: usize = 5;

/// What one run showed.
struct Figures {
    ready: Duration,
    posts_a_second: f64,
    /// In seconds, sorted.
    latencies: Vec<f64>,
    drained: Duration,
    /// For one appointment.
    processor: Duration,
    /// In MiB.
    peak_memory: f64,
}

pub(crate) fn run(binary: &Path, options: &[&str]) -> Result<()> {
    let figures = measured(binary, options)?;
    println!(
        "local: ready after                           {:>9.0} ms",
        figures.ready.as_secs_f64() * 1e3
    );
    println!(
        "local: POST/s, {CLIENTS} clients, all durable         {:>9.0}",
        figures.posts_a_second
    );
    for (name, share) in [("p50", 0.5), ("p99", 0.99)] {
        println!(
            "local: POST {name}                              {:>9.2} ms",
            percentile(&figures.latencies, share) * 1e3
        );
    }
    println!(
        "local: last answer to all COMPLETED          {:>9.0} ms",
        figures.drained.as_secs_f64() * 1e3
    );
    println!(
        "local: processor time an appointment         {:>9.0} µs",
        figures.processor.as_secs_f64() * 1e6
    );
    println!(
        "local: peak resident memory                  {:>9.0} MiB",
        figures.peak_memory
    );
    Ok(())
}

/// Two builds in turn, and how the first's throughput stands to the second's.
pub(crate) fn compare(names: [&str; 2], binaries: [&Path; 2]) -> Result<()> {
    let mut throughputs = [vec![], vec![]];
    for _ in 0..PAIRS {
        for (runs, binary) in throughputs.iter_mut().zip(binaries) {
            runs.push(measured(binary, &[])?.posts_a_second);
        }
    }
    let medians = throughputs.map(|mut runs| {
        runs.sort_by(f64::total_cmp);
        percentile(&runs, 0.5)
    });
    for (name, median) in names.iter().zip(medians) {
        println!("local, {name:<22} POST/s, median of {PAIRS} {median:>9.0}");
    }
    println!(
        "local: {} to {}, as a ratio {:>9.2}",
        names[0],
        names[1],
        medians[0] / medians[1]
    );
    Ok(())
}

fn measured(binary: &Path, options: &[&str]) -> Result<Figures> {
    let folder = Path::new("target/bench").join(format!("local-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let measured = runtime.block_on(measure(binary, &folder, options));
    fs::remove_dir_all(&folder)?;
    measured
}

async fn measure(binary: &Path, folder: &Path, options: &[&str]) -> Result<Figures> {
    let server = Server::start(binary, folder, options).await?;
    let address = server.address;
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(post(address, client)))
        .collect();
    let mut latencies = Vec::with_capacity(POSTS);
    for client in clients {
        latencies.extend(client.await??);
    }
    let elapsed = started.elapsed();
    let drained = completed(address).await?;
    latencies.sort_by(f64::total_cmp);
    let figures = Figures {
        ready: server.ready,
        posts_a_second: POSTS as f64 / elapsed.as_secs_f64(),
        latencies,
        drained,
        processor: server.processor_time()?.div_f64(POSTS as f64),
        peak_memory: server.peak_memory()?,
    };
    server.stop().await?;
    Ok(figures)
}

async fn post(address: SocketAddr, client: usize) -> Result<Vec<f64>> {
    let mut connection = Client::connect(address).await?;
    let mut latencies = Vec::with_capacity(POSTS / CLIENTS);
    for number in 0..POSTS / CLIENTS {
        let insured = (client * POSTS / CLIENTS + number) % INSURED;
        let country = if number % 2 == 0 { "PE" } else { "CL" };
        let body = format!(
            r#"{{"insuredId":"{insured:05}","countryISO":"{country}","dateSchedule":"2099-01-{:02}T{:02}:30:00-05:00","scheduleId":"100","centerId":"4","specialtyId":"3","medicId":"4","comments":"control anual"}}"#,
            number % 28 + 1,
            number % 24,
        );
        let started = Instant::now();
        let status = connection.post("/appointments", &body).await?;
        latencies.push(started.elapsed().as_secs_f64());
        if status != 201 {
            bail!("a POST was answered {status}");
        }
    }
    Ok(latencies)
}

/// Reads every insured's appointments until none is PENDING; how long that took.
async fn completed(address: SocketAddr) -> Result<Duration> {
    let started = Instant::now();
    let mut connection = Client::connect(address).await?;
    let mut seen = 0;
    for insured in 0..INSURED {
        loop {
            let list = format!("/appointments/{insured:05}?limit={LONGEST_PAGE}");
            let (status, body) = connection.get(&list).await?;
            if status != 200 {
                bail!("a GET was answered {status}");
            }
            let Value::Array(appointments) = serde_json::from_slice(&body)? else {
                bail!("a GET gave no array")
            };
            if appointments
                .iter()
                .all(|appointment| appointment["status"] == "COMPLETED")
            {
                seen += appointments.len();
                break;
            }
        }
    }
    if seen != POSTS {
        bail!("{POSTS} appointments were accepted and {seen} read back");
    }
    Ok(started.elapsed())
}
