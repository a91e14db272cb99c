//! Whole processes, timed from outside.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::percentile;

/// One run to warm up, then `runs` that count.
pub(crate) fn run(name: &str, runs: usize, command: &[&str]) -> Result<()> {
    let [program, arguments @ ..] = command else {
        bail!("no command to time")
    };
    let mut seconds = Vec::with_capacity(runs);
    for counted in std::iter::once(false).chain(std::iter::repeat_n(true, runs)) {
        let started = Instant::now();
        let status = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .with_context(|| format!("cannot run `{program}`"))?;
        if !status.success() {
            bail!("`{}` failed: {status}", command.join(" "));
        }
        if counted {
            seconds.push(started.elapsed().as_secs_f64());
        }
    }
    seconds.sort_by(f64::total_cmp);
    println!(
        "{name:<44} median {:>9.1} ms   min {:>9.1}   max {:>9.1}   ({runs} runs)",
        percentile(&seconds, 0.5) * 1e3,
        percentile(&seconds, 0.0) * 1e3,
        percentile(&seconds, 1.0) * 1e3,
    );
    Ok(())
}
