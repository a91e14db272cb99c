//! Pages of a list of ten thousand: the first, and one that begins in the middle.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::client::Client;
use crate::percentile;
use crate::server::Server;

const APPOINTMENTS: usize = 10_000;
const PAGE: usize = 200;
const RUNS: usize = 200;

pub(crate) fn run(binary: &Path) -> Result<()> {
    let folder = Path::new("target/bench").join(format!("list-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let measured = runtime.block_on(async {
        let server = Server::start(binary, &folder, &["--log-level", "off"]).await?;
        let measured = measure(server.address).await;
        server.stop().await?;
        measured
    });
    fs::remove_dir_all(&folder)?;
    measured
}

async fn measure(address: SocketAddr) -> Result<()> {
    let mut connection = Client::connect(address).await?;
    for number in 0..APPOINTMENTS {
        let body = format!(
            r#"{{"insuredId":"00001","countryISO":"PE","dateSchedule":"2099-01-01T{:02}:{:02}:{:02}Z"}}"#,
            number / 3600,
            number / 60 % 60,
            number % 60,
        );
        let status = connection.post("/appointments", &body).await?;
        if status != 201 {
            bail!("a POST was answered {status}");
        }
    }
    let first = format!("/appointments/00001?limit={PAGE}");
    let middle = format!("{first}&from=2099-01-01T01:23:20Z");
    for (name, place) in [("first", first), ("from the middle", middle)] {
        let mut times = Vec::with_capacity(RUNS);
        for _ in 0..RUNS {
            let started = Instant::now();
            let (status, body) = connection.get(&place).await?;
            times.push(started.elapsed().as_secs_f64());
            let page: Vec<Value> = serde_json::from_slice(&body)?;
            if status != 200 || page.len() != PAGE {
                bail!("a GET was answered {status} with {} appointments", page.len());
            }
        }
        times.sort_by(f64::total_cmp);
        println!(
            "local: {PAGE} of {APPOINTMENTS}, {name:<15} p50, p99 {:>9.2} {:>6.2} ms",
            percentile(&times, 0.5) * 1e3,
            percentile(&times, 0.99) * 1e3,
        );
    }
    Ok(())
}
