//! Waiting for what is done elsewhere.

use std::future::Future;

use anyhow::{Context, Result};

/// Runs a command to its end.
pub(crate) fn run<T>(command: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")?;
    runtime.block_on(command)
}
