//! Kills MariaDB and `infra-synth local` at random while clients book appointments, and counts afterwards.
//!
//! The promise it holds the system to: every appointment that was answered 201 ends COMPLETED, once, with one row.
#![warn(missing_docs)]
#![expect(clippy::print_stdout, reason = "the counts are what this program is for")]

mod api;
mod clients;
mod count;
mod evidence;
mod faults;
mod local;

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::Parser;
use schedule_mysql::test_mariadb::MariaDb;

use crate::{api::Api, clients::Load, count::Counts, faults::Faults, local::Local};

/// Tells the clients that no more faults come, once it is dropped.
struct Calms<'a>(&'a AtomicBool);

impl Drop for Calms<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Puts `infra-synth local` through kills under load; ends with 1 if an appointment was lost or came twice.
#[derive(Parser)]
struct Arguments {
    /// The `infra-synth` to run.
    binary: PathBuf,
    /// How long load and kills last.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Appointments that are asked for in a second, by all clients together.
    #[arg(long, default_value_t = 500)]
    rate: u32,
    /// Chooses the kills; printed, so that a run can be tried again. Chosen at random without it.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    let folder = PathBuf::from("target/chaos").join(std::process::id().to_string());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    println!(
        "chaos: seed {seed}, {} s at {} POST/s, data in {}",
        arguments.seconds,
        arguments.rate,
        folder.display()
    );

    let runtime = tokio::runtime::Runtime::new()?;
    let mut database = MariaDb::start_durable();
    let url = runtime.block_on(database.create_database());
    let mut local = Local::start(&arguments.binary, &folder, &url)?;
    let api = Api::new(local.address());

    let load = Load {
        api: &api,
        seed,
        rate: arguments.rate,
        end: Instant::now() + Duration::from_secs(arguments.seconds),
    };
    let calm = AtomicBool::new(false);
    let (accepted, kills) = thread::scope(|scope| {
        let storm = scope.spawn(|| {
            // However the faults end, else the clients would wait for the calm for ever.
            let _calms = Calms(&calm);
            Faults::new(seed, &mut local, &mut database).strike_until(load.end)
        });
        let accepted = load.run(&calm);
        let kills = storm
            .join()
            .map_err(|_| anyhow::anyhow!("the faults ended in a panic"))?;
        anyhow::Ok((accepted?, kills?))
    })?;
    println!("chaos: {kills}");

    let waited = evidence::settle(&api, &accepted)?;
    println!(
        "chaos: {} after the last fault",
        match waited {
            Some(waited) => format!("all that was accepted is COMPLETED {:.1} s", waited.as_secs_f64()),
            None => format!("not all is COMPLETED {} s", evidence::PATIENCE.as_secs()),
        }
    );
    let appointments = evidence::appointments(&api)?;
    let rows = runtime.block_on(evidence::rows(&url))?;
    local.kill()?;
    let dead_letters = runtime.block_on(evidence::dead_letters(&folder, &url))?;
    let counts = Counts::of(&accepted, &appointments, &rows, dead_letters);
    println!("{counts}");

    if counts.promise_is_kept() {
        fs::remove_dir_all(&folder)?;
        Ok(ExitCode::SUCCESS)
    } else {
        println!(
            "chaos: the promise is broken; data and events are in {}, try it again with --seed {seed}",
            folder.display()
        );
        Ok(ExitCode::FAILURE)
    }
}
