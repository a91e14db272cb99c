//! `infra-synth local` as a process of its own, which can be killed and started again at the same address.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// The running process; dropping it kills it.
pub(crate) struct Local {
    binary: PathBuf,
    folder: PathBuf,
    mysql_url: String,
    address: SocketAddr,
    child: Child,
}

/// The folder below the run's own that keeps the system's data.
pub(crate) const DATA: &str = "data";

impl Local {
    /// Starts it on a free port, with the country tables on that MySQL.
    pub(crate) fn start(binary: &Path, folder: &Path, mysql_url: &str) -> Result<Self> {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (child, address) = spawn(binary, folder, mysql_url, free)?;
        Ok(Self {
            binary: binary.to_owned(),
            folder: folder.to_owned(),
            mysql_url: mysql_url.to_owned(),
            address,
            child,
        })
    }

    /// Where it listens, also after a restart.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// As `kill -9`: the functions that run inside it end in the middle of their calls.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts the killed process again on its data, and waits until it listens.
    pub(crate) fn restart(&mut self) -> Result<()> {
        (self.child, _) = spawn(&self.binary, &self.folder, &self.mysql_url, self.address)?;
        Ok(())
    }

    /// Whether it still runs; it must, unless it was killed from here.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!(
                "`infra-synth local` ended by itself ({status}); see `{}`",
                self.folder.join("events.log").display()
            ),
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // It fails only where the process is gone already.
        let _ = self.kill();
    }
}

fn spawn(binary: &Path, folder: &Path, mysql_url: &str, listen: SocketAddr) -> Result<(Child, SocketAddr)> {
    let log = folder.join("events.log");
    let events = File::options().create(true).append(true).open(&log)?;
    let mut child = Command::new(binary)
        .args([
            "local",
            "--log-level",
            "warn",
            "--listen",
            &listen.to_string(),
            "--data-dir",
        ])
        .arg(folder.join(DATA))
        // Not among the arguments, which every process of the machine can read.
        .env("INFRA_SYNTH_MYSQL_URL", mysql_url)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(events)
        .spawn()
        .with_context(|| format!("cannot run `{}`", binary.display()))?;
    let output = child.stdout.take().context("no standard output")?;
    for line in BufReader::new(output).lines() {
        if let Some(address) = line?.strip_prefix("Listening on http://") {
            return Ok((child, address.trim().parse()?));
        }
    }
    child.wait()?;
    bail!(
        "`infra-synth local` ended before it listened; see `{}`",
        log.display()
    )
}
