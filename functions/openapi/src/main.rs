//! Writes the document to the file that is named: `openapi docs/openapi.json`.

use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let Some(path) = env::args_os().nth(1) else {
        return failed("name the file to write: `openapi docs/openapi.json`");
    };
    match fs::write(&path, schedule_openapi::document()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&format!("`{}` cannot be written: {error}", path.display())),
    }
}

#[expect(clippy::print_stderr, reason = "it is what the person at the terminal reads")]
fn failed(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::FAILURE
}
