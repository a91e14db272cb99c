//! What was answered 201 is completed once, with one row, whatever strikes: over many seeds, and not without a guard.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use schedule_core::guards::{self, Guard};
use schedule_simulation::{Failure, Violation, run};

/// The seeds from 0 that every run of the tests goes through.
const SEEDS: u64 = 2_000;

type IsPrevented = fn(&Violation) -> bool;

/// What each guard prevents.
const PREVENTED: [(Guard, IsPrevented); Guard::ALL.len()] = [
    (Guard::OutboxMarker, |found| {
        matches!(found, Violation::NotCompleted(_))
    }),
    (Guard::ClaimBeforePublish, |found| {
        matches!(found, Violation::AnnouncedTwice(..))
    }),
    (Guard::ConditionalStatus, |found| {
        matches!(found, Violation::CompletedTwice(_))
    }),
    (Guard::IdempotentInsert, |found| {
        matches!(found, Violation::TwoRows(..))
    }),
    (Guard::DigestComparison, |found| {
        matches!(found, Violation::Answer(..))
    }),
    (Guard::ConfirmOnlyInserted, |found| {
        matches!(
            found,
            Violation::CompletedWithoutRow(_) | Violation::DeletedUndone(..)
        )
    }),
    (Guard::PerEntryFailures, |found| {
        matches!(found, Violation::DeletedUndone(..))
    }),
    (Guard::UnlookedAtFails, |found| {
        matches!(found, Violation::DeletedUndone(..))
    }),
    (Guard::UnknownConfirmationFails, |found| {
        matches!(found, Violation::DeletedUndone(..))
    }),
];

/// The failure of the lowest seed that fails, looked for on two threads: each goes through the seed that it has begun.
fn first_failure(removed: Option<Guard>) -> Option<Box<Failure>> {
    let next = AtomicU64::new(0);
    let search = || {
        let _without = removed.map(guards::remove);
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= SEEDS {
                return None;
            }
            if let Err(failure) = run(seed) {
                next.store(SEEDS, Ordering::Relaxed);
                return Some(failure);
            }
        }
    };
    thread::scope(|scope| {
        let other = scope.spawn(search);
        let mine = search();
        let other = other.join().unwrap_or_else(|panic| resume_unwind(panic));
        mine.into_iter().chain(other).min_by_key(|failure| failure.seed)
    })
}

#[test]
fn every_seed_keeps_the_promise() {
    if let Some(failure) = first_failure(None) {
        panic!("{failure}");
    }
}

#[test]
fn without_any_one_guard_some_seed_breaks_it_as_the_guard_prevents() {
    assert_eq!(PREVENTED.map(|(guard, _)| guard), Guard::ALL);
    for (guard, is_prevented) in PREVENTED {
        let failure = first_failure(Some(guard)).unwrap_or_else(|| panic!("no seed needs {guard:?}"));
        println!("without {guard:?}, seed {}: {}", failure.seed, failure.violation);
        assert!(is_prevented(&failure.violation), "without {guard:?}: {failure}");
    }
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    for seed in 0..20 {
        assert_eq!(run(seed).unwrap(), run(seed).unwrap(), "seed {seed}");
    }
    assert_ne!(run(1).unwrap(), run(2).unwrap());
}

#[test]
fn the_seeds_reach_acceptance_and_dead_letters() {
    let summaries: Vec<_> = (0..50).map(|seed| run(seed).unwrap()).collect();
    assert!(summaries.iter().map(|summary| summary.accepted).sum::<usize>() > 100);
    assert!(summaries.iter().any(|summary| summary.dead_letters > 0));
}

/// `SEED=… cargo test -p schedule-simulation --test promise the_seed`
#[test]
fn the_seed_that_is_asked_for_keeps_the_promise() {
    let seed = std::env::var("SEED").map_or(0, |seed| seed.parse().expect("SEED is a whole number"));
    if let Err(failure) = run(seed) {
        panic!("{failure}");
    }
}
