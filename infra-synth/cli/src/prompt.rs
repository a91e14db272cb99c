//! Asking whoever sits at the terminal.

use std::io::{IsTerminal, stdin};

use anyhow::{Context, Result, bail};

use crate::output;

/// Asks, unless that was answered on the command line.
pub(crate) fn agreed(question: &str, yes: bool) -> Result<bool> {
    if yes {
        return Ok(true);
    }
    if !stdin().is_terminal() {
        bail!("nobody is here to answer `{question}`; say --yes to go on without asking");
    }
    output::note(&format!("{question} [y/N]"));
    let mut answer = String::new();
    stdin()
        .read_line(&mut answer)
        .context("the answer cannot be read")?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
