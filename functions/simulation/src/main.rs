//! `soak SECONDS [FIRST_SEED]`: runs seed after seed for so long, and says how many a second.

use std::{
    io::{self, Write},
    panic::resume_unwind,
    process::ExitCode,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use schedule_simulation::{Failure, run};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok());
    let first = match arguments.next() {
        Some(text) => text.parse().ok(),
        // Other seeds than those of the tests, and other ones every time.
        None => Some(fastrand::u64(..) >> 16),
    };
    let (Some(seconds), Some(first)) = (seconds, first) else {
        let _ = writeln!(
            io::stderr(),
            "usage: soak SECONDS [FIRST_SEED], both whole numbers"
        );
        return ExitCode::from(2);
    };
    let began = Instant::now();
    let (seeds, failure) = search(first, began + Duration::from_secs(seconds));
    let speed = seeds as f64 / began.elapsed().as_secs_f64();
    let _ = writeln!(io::stdout(), "{seeds} seeds from {first}, {speed:.0} a second");
    match failure {
        None => ExitCode::SUCCESS,
        Some(failure) => {
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Goes through the seeds on every core until it is time, or one fails; says how many it was.
fn search(first: u64, until: Instant) -> (u64, Option<Box<Failure>>) {
    let next = AtomicU64::new(first);
    let stop = AtomicBool::new(false);
    let work = || {
        while !stop.load(Ordering::Relaxed) && Instant::now() < until {
            if let Err(failure) = run(next.fetch_add(1, Ordering::Relaxed)) {
                stop.store(true, Ordering::Relaxed);
                return Some(failure);
            }
        }
        None
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let failure = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = workers
            .into_iter()
            .filter_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        ended.min_by_key(|failure| failure.seed)
    });
    (next.load(Ordering::Relaxed) - first, failure)
}
