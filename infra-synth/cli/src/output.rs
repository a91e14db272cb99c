//! The only place that writes to the terminal.

use std::{
    io::{ErrorKind, Write},
    ops::ControlFlow,
};

use anyhow::Result;

/// What was asked for, to standard output. A reader that has seen enough (`| head`) is no failure.
pub(crate) fn data(text: &str) -> Result<()> {
    part(text).map(drop)
}

/// A part of what was asked for, to standard output; what it gives says whether anyone reads on.
pub(crate) fn part(text: &str) -> Result<ControlFlow<()>> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(error.into()),
    }
}

/// What the user should know, to standard error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// A failure with its causes, to standard error.
pub(crate) fn error(error: &anyhow::Error) {
    let mut stderr = anstream::stderr().lock();
    let style = clap::builder::styling::AnsiColor::Red.on_default().bold();
    let _ = writeln!(stderr, "{style}error:{style:#} {error}");
    for cause in error.chain().skip(1) {
        let _ = writeln!(stderr, "  caused by: {cause}");
    }
}
