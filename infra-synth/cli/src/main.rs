//! The command line: arguments in, library calls, exit codes out.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 it failed, 2 wrong usage,
//! 3 a gate that was asked for did not hold.

mod arguments;
mod commands;
#[cfg(feature = "review")]
mod facts;
#[cfg(any(feature = "local", feature = "review"))]
mod gate;
#[cfg(feature = "local")]
mod logging;
mod output;
#[cfg(any(feature = "aws", feature = "local"))]
mod prompt;
mod stages;
#[cfg(any(feature = "local", feature = "review"))]
mod template_file;
mod usage;
#[cfg(any(feature = "aws", feature = "local"))]
mod waiting;

use std::process::ExitCode;

use arguments::{Arguments, Command};

/// `local` serves thousands of requests a second, whose memory is taken in one thread and given back in another:
/// with the system's allocator a fifth of its time goes there.
#[cfg(feature = "local")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::read();
    let done = match arguments.command {
        Command::Synth(options) => commands::synth::run(&arguments.stage, &options),
        #[cfg(feature = "local")]
        Command::Local(options) => commands::local::run(&arguments.stage, &options),
        #[cfg(feature = "local")]
        Command::Token(options) => commands::token::run(&arguments.stage, &options),
        #[cfg(any(feature = "aws", feature = "local"))]
        Command::DeadLetters(options) => commands::dead_letters::run(&arguments.stage, &options),
        #[cfg(any(feature = "aws", feature = "local"))]
        Command::Reconcile(options) => commands::reconcile::run(&arguments.stage, &options),
        #[cfg(feature = "local")]
        Command::Trace(options) => commands::trace::run(&options),
        #[cfg(feature = "review")]
        Command::Diff(options) => commands::diff::run(&arguments.stage, &options),
        #[cfg(feature = "review")]
        Command::Check(options) => commands::check::run(&arguments.stage, &options),
        #[cfg(feature = "review")]
        Command::Cost(options) => commands::cost::run(&arguments.stage, &options),
        #[cfg(feature = "review")]
        Command::Graph(options) => commands::graph::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Package(options) => commands::aws::package::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Bootstrap(options) => commands::aws::bootstrap::run(&options),
        #[cfg(feature = "aws")]
        Command::Deploy(options) => commands::aws::deploy::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Status(options) => commands::aws::status::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Outputs(options) => commands::aws::outputs::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Logs(options) => commands::aws::logs::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Destroy(options) => commands::aws::destroy::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Doctor(options) => commands::aws::doctor::run(&arguments.stage, &options),
        #[cfg(feature = "aws")]
        Command::Migrate(options) => commands::aws::migrate::run(&options),
        Command::Completions { shell } => commands::completions::run(shell),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            exit_code(&error)
        }
    }
}

fn exit_code(error: &anyhow::Error) -> ExitCode {
    #[cfg(any(feature = "local", feature = "review"))]
    if error.is::<gate::GateFailed>() {
        return ExitCode::from(gate::EXIT_CODE);
    }
    if usage::is_wrong(error) {
        ExitCode::from(usage::EXIT_CODE)
    } else {
        ExitCode::FAILURE
    }
}
