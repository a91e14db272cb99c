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

pub(crate) fn run(binary: &Path, options: &[&str]) -> Result<()> {
    let folder = Path::new("target/bench").join(format!("local-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let measured = runtime.block_on(measure(binary, &folder, options));
    fs::remove_dir_all(&folder)?;
    measured
}

async fn measure(binary: &Path, folder: &Path, options: &[&str]) -> Result<()> {
    let server = Server::start(binary, folder, options).await?;
    println!(
        "local: ready after                           {:>9.0} ms",
        server.ready.as_secs_f64() * 1e3
    );
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
    println!(
        "local: POST/s, {CLIENTS} clients, all durable         {:>9.0}",
        POSTS as f64 / elapsed.as_secs_f64()
    );
    println!(
        "local: POST p50                              {:>9.2} ms",
        percentile(&latencies, 0.5) * 1e3
    );
    println!(
        "local: POST p99                              {:>9.2} ms",
        percentile(&latencies, 0.99) * 1e3
    );
    println!(
        "local: last answer to all COMPLETED          {:>9.0} ms",
        drained.as_secs_f64() * 1e3
    );
    let processor = server.processor_time()?.as_secs_f64() / POSTS as f64;
    println!(
        "local: processor time an appointment         {:>9.0} µs",
        processor * 1e6
    );
    println!(
        "local: peak resident memory                  {:>9.0} MiB",
        server.peak_memory()?
    );
    server.stop().await
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
            let (status, body) = connection.get(&format!("/appointments/{insured:05}")).await?;
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
