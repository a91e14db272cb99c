//! The promise, as numbers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    clients::Accepted,
    evidence::{Found, Row},
};

/// What became of what was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counts {
    accepted: usize,
    completed: usize,
    rows: usize,
    /// Appointments beyond the first of one request.
    duplicates: usize,
    /// Rows beyond the first of one request.
    duplicate_rows: usize,
    completed_without_row: usize,
    /// Rows whose appointment is not in the table.
    unknown_rows: usize,
    /// Accepted, and not COMPLETED.
    lost: usize,
    dead_letters: usize,
}

impl Counts {
    pub(crate) fn of(accepted: &[Accepted], found: &[Found], rows: &[Row], dead_letters: usize) -> Self {
        let completed: BTreeSet<&str> = found
            .iter()
            .filter(|one| one.completed)
            .map(|one| one.id.as_str())
            .collect();
        let known: BTreeSet<&str> = found.iter().map(|one| one.id.as_str()).collect();
        let with_row: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let answered: BTreeSet<&str> = accepted.iter().map(|one| one.id.as_str()).collect();
        Self {
            accepted: accepted.len(),
            completed: completed.len(),
            rows: rows.len(),
            // Two requests that were answered with one id are one too few, which is as bad.
            duplicates: beyond_first(found.iter().map(|one| one.request.as_str()))
                + (accepted.len() - answered.len()),
            duplicate_rows: beyond_first(rows.iter().map(|row| row.request.as_str())),
            completed_without_row: completed.difference(&with_row).count(),
            unknown_rows: with_row.difference(&known).count(),
            lost: answered.difference(&completed).count(),
            dead_letters,
        }
    }

    /// Whether everything that was accepted is there, done, and there once.
    pub(crate) fn promise_is_kept(&self) -> bool {
        let broken = [
            self.lost,
            self.duplicates,
            self.duplicate_rows,
            self.completed_without_row,
            self.unknown_rows,
        ];
        broken.iter().all(|count| *count == 0)
    }
}

fn beyond_first<'a>(requests: impl Iterator<Item = &'a str>) -> usize {
    let mut times = BTreeMap::new();
    for request in requests {
        *times.entry(request).or_insert(0_usize) += 1;
    }
    times.values().map(|times| times - 1).sum()
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [
            ("accepted", self.accepted),
            ("completed", self.completed),
            ("rows", self.rows),
            ("lost", self.lost),
            ("duplicate appointments", self.duplicates),
            ("duplicate rows", self.duplicate_rows),
            ("COMPLETED without a row", self.completed_without_row),
            ("rows without an appointment", self.unknown_rows),
            ("dead letters", self.dead_letters),
        ];
        let lines = lines.map(|(name, count)| format!("chaos: {name:<30}{count:>8}"));
        formatter.write_str(&lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(id: &str, request: &str) -> Accepted {
        Accepted {
            id: id.to_owned(),
            request: request.to_owned(),
            insured_id: "00001".to_owned(),
        }
    }

    fn found(id: &str, request: &str, completed: bool) -> Found {
        Found {
            id: id.to_owned(),
            request: request.to_owned(),
            completed,
        }
    }

    fn row(id: &str, request: &str) -> Row {
        Row {
            id: id.to_owned(),
            request: request.to_owned(),
        }
    }

    /// One appointment that went well, and what is added to it.
    fn broken(more_accepted: &[Accepted], more_found: &[Found], more_rows: &[Row]) -> Counts {
        let accepted = [&[accepted("a", "1")], more_accepted].concat();
        let found = [&[found("a", "1", true)], more_found].concat();
        let rows = [&[row("a", "1")], more_rows].concat();
        let counts = Counts::of(&accepted, &found, &rows, 0);
        assert_eq!(
            counts.promise_is_kept(),
            more_accepted.is_empty() && more_found.is_empty() && more_rows.is_empty()
        );
        counts
    }

    #[test]
    fn what_went_well_keeps_the_promise() {
        let counts = broken(&[], &[], &[]);
        assert_eq!((counts.accepted, counts.completed, counts.rows), (1, 1, 1));
    }

    #[test]
    fn an_accepted_appointment_that_is_gone_or_pending_is_lost() {
        assert_eq!(broken(&[accepted("b", "2")], &[], &[]).lost, 1);
        assert_eq!(
            broken(&[accepted("b", "2")], &[found("b", "2", false)], &[]).lost,
            1
        );
    }

    #[test]
    fn a_request_that_became_two_appointments_is_a_duplicate() {
        let counts = broken(&[], &[found("b", "1", true)], &[row("b", "1")]);
        assert_eq!((counts.duplicates, counts.duplicate_rows), (1, 1));
    }

    #[test]
    fn two_requests_with_one_appointment_are_found_out() {
        assert_eq!(broken(&[accepted("a", "2")], &[], &[]).duplicates, 1);
    }

    #[test]
    fn a_completed_appointment_needs_its_row_and_a_row_its_appointment() {
        assert_eq!(
            broken(&[], &[found("b", "2", true)], &[]).completed_without_row,
            1
        );
        assert_eq!(broken(&[], &[], &[row("b", "2")]).unknown_rows, 1);
    }
}
