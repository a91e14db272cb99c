//! Waiting for what is done elsewhere.

use std::future::Future;
use std::time::Duration;

use anyhow::{Context, Result};
use infra_synth_operations::Pace;

/// Runs a command to its end.
pub(crate) fn run<T>(command: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")?;
    runtime.block_on(command)
}

/// The time that really passes.
pub(crate) struct Clock;

impl Pace for Clock {
    async fn wait(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
