use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{Violation, simulation::Simulation};

/// Lets the system run with this seed until all is quiet, and checks the promise.
///
/// # Errors
///
/// [`Failure`] at the first violation, with what led to it.
pub fn run(seed: u64) -> Result<Summary, Box<Failure>> {
    let mut simulation = Simulation::new(seed, false);
    caught(|| simulation.run()).map_err(|_| {
        // The same again, told: telling costs more than all the rest.
        let mut again = Simulation::new(seed, true);
        let violation = caught(|| again.run()).err().unwrap_or(Violation::NoRest(0));
        Box::new(Failure {
            seed,
            violation,
            steps: again.told(),
        })
    })
}

/// A panic is the end of a run as well, and no reason to forget its seed. What it left half done is only read.
fn caught<T>(run: impl FnOnce() -> Result<T, Violation>) -> Result<T, Violation> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Violation::Panicked(text(&*panic))))
}

fn text(panic: &(dyn Any + Send)) -> String {
    let formatted = panic.downcast_ref::<String>().cloned();
    let literal = || panic.downcast_ref::<&str>().map(ToString::to_string);
    formatted.or_else(literal).unwrap_or_default()
}

/// What a run was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How often something happened.
    pub steps: u64,
    /// How many appointments were answered 201.
    pub accepted: usize,
    /// How many messages are dead letters.
    pub dead_letters: usize,
    /// A number that is another one if anything was decided otherwise.
    pub fingerprint: u64,
}

/// A run that broke the promise.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The run.
    pub seed: u64,
    /// What must never be, and was.
    pub violation: Violation,
    /// What happened before, the last of it.
    pub steps: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(formatter, "{step}")?;
        }
        writeln!(formatter, "seed {}: {}", self.seed, self.violation)?;
        write!(
            formatter,
            "to see it again: SEED={} cargo test -p schedule-simulation --test promise the_seed",
            self.seed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_violation_with_its_words() {
        for (panicking, words) in [
            ((|| panic!("of a literal")) as fn() -> _, "of a literal"),
            (|| panic!("of {}", "words"), "of words"),
        ] {
            let ended: Result<(), _> = caught(panicking);
            assert_eq!(ended, Err(Violation::Panicked(words.to_owned())));
        }
    }
}
