use std::path::PathBuf;
use std::process::{Command, Output};

use crate::process::{project, text};

/// A tool that `make setup` installs under `target/`.
#[track_caller]
pub(crate) fn installed(path: &str) -> PathBuf {
    let path = project().join("target").join(path);
    assert!(path.exists(), "`{}` is missing: run `make setup`", path.display());
    path
}

/// What a tool says that must end well.
#[track_caller]
pub(crate) fn succeed(command: &mut Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|error| panic!("`{program}` cannot be run ({error}): run `make setup`"));
    let said = text(&stdout);
    assert!(
        status.success(),
        "`{program}` ended with {status}:\n{said}\n{}",
        text(&stderr)
    );
    said
}
