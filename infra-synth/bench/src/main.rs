//! Measures what the project claims of itself.
//!
//! `infra-synth-bench local BINARY` starts `BINARY local` on a fresh folder and drives it;
//! `infra-synth-bench list BINARY` lists pages of a long list of it;
//! `infra-synth-bench guards WITH WITHOUT` does so with two builds in turn;
//! `infra-synth-bench emulator ADDRESS` sends messages to an AWS emulator that listens there;
//! `infra-synth-bench command NAME RUNS -- COMMAND…` times whole processes.
#![expect(clippy::print_stdout, reason = "figures are what this program is for")]

mod client;
mod commands;
mod emulator;
mod listing;
mod load;
mod server;

use std::path::Path;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["local", binary, options @ ..] => load::run(Path::new(binary), options),
        ["list", binary] => listing::run(Path::new(binary)),
        ["guards", with, without] => load::compare(
            ["with guards", "without guards"],
            [Path::new(with), Path::new(without)],
        ),
        ["emulator", address] => emulator::run(address.parse()?),
        ["command", name, runs, "--", command @ ..] => commands::run(name, runs.parse()?, command),
        _ => bail!(
            "usage: infra-synth-bench local BINARY [OPTION…] | list BINARY | guards WITH WITHOUT | emulator ADDRESS | command NAME RUNS -- COMMAND…"
        ),
    }
}

/// The value that `share` of the sorted values do not exceed.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let position = (last as f64 * share).round() as usize;
    sorted.get(position).copied().unwrap_or(f64::NAN)
}
