//! The system under load: `infra-synth local`, as a process of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the line that says where it listens.
    pub(crate) ready: Duration,
}

impl Server {
    pub(crate) async fn start(binary: &Path, folder: &Path, options: &[&str]) -> Result<Self> {
        let started = Instant::now();
        let log = fs::File::create(folder.join("events.log"))?;
        let mut child = Command::new(binary)
            .args(["local", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.join("data"))
            .args(options)
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot run `{}`", binary.display()))?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(address) = line.strip_prefix("Listening on http://") {
                let address = address.trim().parse()?;
                return Ok(Self {
                    child,
                    address,
                    ready: started.elapsed(),
                });
            }
        }
        anyhow::bail!(
            "it ended before it listened; see {}",
            folder.join("events.log").display()
        )
    }

    /// The most memory that was resident, in MiB.
    pub(crate) fn peak_memory(&self) -> Result<f64> {
        let id = self.child.id().context("the process has ended")?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .context("no VmHWM")?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes / 1024.0)
    }

    /// Processor time so far, all threads together.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        let id = self.child.id().context("the process has ended")?;
        let mut nanoseconds = 0;
        for thread in fs::read_dir(format!("/proc/{id}/task"))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            nanoseconds += text
                .split(' ')
                .next()
                .context("an empty schedstat")?
                .parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}
