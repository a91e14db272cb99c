//! What strikes, and when: a seed decides.

use std::{
    fmt, thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use fastrand::Rng;
use schedule_mysql::test_mariadb::MariaDb;

use crate::local::Local;

/// From one fault to the next, on average.
const PAUSE_MILLISECONDS: u64 = 3_000;

/// A database that is away for longer than a start takes is another fault than one that restarts.
const LONGEST_OUTAGE_MILLISECONDS: u64 = 1_500;

/// Strikes the local system and its database.
pub(crate) struct Faults<'a> {
    random: Rng,
    local: &'a mut Local,
    database: &'a mut MariaDb,
    kills: Kills,
}

/// How often what was killed.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Kills {
    local: u32,
    database: u32,
    both: u32,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(seed: u64, local: &'a mut Local, database: &'a mut MariaDb) -> Self {
        Self {
            random: Rng::with_seed(seed),
            local,
            database,
            kills: Kills::default(),
        }
    }

    /// Kills and restarts until `end`, and ends with all parts up.
    ///
    /// The last fault is always the local system's: its restart makes what functions had in hand visible at once,
    /// where otherwise the queues' visibility timeout (three minutes) would have to be waited for.
    pub(crate) fn strike_until(&mut self, end: Instant) -> Result<Kills> {
        loop {
            let pause = Duration::from_millis(
                self.random
                    .u64(PAUSE_MILLISECONDS / 2..PAUSE_MILLISECONDS * 3 / 2),
            );
            if Instant::now() + pause >= end {
                break;
            }
            thread::sleep(pause);
            self.local.check()?;
            self.strike()?;
        }
        thread::sleep(end.saturating_duration_since(Instant::now()));
        self.local.check()?;
        self.kill_local()?;
        Ok(self.kills)
    }

    fn strike(&mut self) -> Result<()> {
        match self.random.u8(0..5) {
            0 | 1 => self.kill_local(),
            2 | 3 => {
                self.kills.database += 1;
                self.database.kill();
                self.outage();
                self.database.restart();
                Ok(())
            }
            _ => {
                self.kills.both += 1;
                self.database.kill();
                self.local.kill()?;
                self.database.restart();
                self.local.restart()
            }
        }
    }

    fn kill_local(&mut self) -> Result<()> {
        self.kills.local += 1;
        self.local.kill()?;
        self.local.restart()
    }

    fn outage(&mut self) {
        thread::sleep(Duration::from_millis(
            self.random.u64(..LONGEST_OUTAGE_MILLISECONDS),
        ));
    }
}

impl fmt::Display for Kills {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "killed and restarted: local {}, MariaDB {}, both at once {}",
            self.local, self.database, self.both
        )
    }
}
