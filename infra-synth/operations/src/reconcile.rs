//! Whether the table and the country databases say the same, and what makes them.

mod difference;
mod records;
mod remedy;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schedule_core::{AppointmentId, Country, Moment};

use crate::{Pace, Rate};
pub use difference::{Difference, Finding, Mending};
pub use records::{Entry, EntryPage, Records, RecordsError};
pub use remedy::announce_again;

/// What of the system is compared, and whether it is mended.
#[derive(Debug, Clone, Copy)]
pub struct Reconciliation {
    /// Only what was accepted at this time or later; all without one.
    pub since: Option<Moment>,
    /// How many differences a second are mended; without a rate they are only told.
    pub mends: Option<Rate>,
}

/// How much was compared, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Appointments of the table.
    pub appointments: usize,
    /// Rows of the country databases.
    pub rows: usize,
    /// Appointments that are on their way, as far as can be told; nothing is wrong with them.
    pub on_their_way: usize,
    /// Items of the table that do not read as appointments.
    pub unreadable: usize,
    /// Differences of each kind.
    pub differences: BTreeMap<Difference, usize>,
    /// How many of them are mended now.
    pub mended: usize,
}

impl Summary {
    /// How many differences are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.differences.values().sum::<usize>() - self.mended
    }
}

impl Reconciliation {
    /// Compares page by page, from both sides, and tells each difference as it is found.
    ///
    /// What looks like one is read once more before it is told: the two sides are read one after the other, and the
    /// system goes on meanwhile. A difference that cannot be mended is told with the reason, and the next one follows.
    ///
    /// # Errors
    ///
    /// When a side cannot be read. What was told and mended until then holds.
    pub async fn run(
        &self,
        records: &impl Records,
        pace: &impl Pace,
        now: impl Fn() -> Timestamp,
        tell: &mut impl FnMut(&Finding),
    ) -> Result<Summary, RecordsError> {
        let mut summary = Summary::default();
        let mut from = None;
        loop {
            let page = records.entries(from.as_deref()).await?;
            summary.unreadable += page.unreadable;
            let wanted = |entry: &Entry| self.since.is_none_or(|since| entry.created >= since);
            let entries: Vec<Entry> = page.entries.into_iter().filter(wanted).collect();
            summary.appointments += entries.len();
            for finding in differing(records, entries, now(), &mut summary).await? {
                self.settle(records, pace, finding, &mut summary, tell).await;
            }
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        for country in Country::ALL {
            let mut after = None;
            loop {
                let rows = records.rows(country, after.as_deref(), self.since).await?;
                let Some(last) = rows.last() else { break };
                after = Some(last.clone());
                summary.rows += rows.len();
                for finding in unknown(records, country, rows).await? {
                    self.settle(records, pace, finding, &mut summary, tell).await;
                }
            }
        }
        Ok(summary)
    }

    async fn settle(
        &self,
        records: &impl Records,
        pace: &impl Pace,
        mut finding: Finding,
        summary: &mut Summary,
        tell: &mut impl FnMut(&Finding),
    ) {
        *summary.differences.entry(finding.difference).or_default() += 1;
        if let Some(rate) = self.mends
            && let Some(id) = finding.appointment_id
        {
            let done = match finding.difference {
                Difference::PendingWithRow => Some(records.complete(&id).await),
                Difference::CompletedWithoutRow | Difference::NotAnnounced => {
                    Some(records.announce(&id).await)
                }
                Difference::UnknownRow | Difference::MisplacedRow => None,
            };
            finding.mending = done.map(|done| match done {
                Ok(true) => Mending::Done,
                Ok(false) => Mending::NotNeeded,
                Err(RecordsError(reason)) => Mending::Failed(reason),
            });
            if matches!(finding.mending, Some(Mending::Done | Mending::NotNeeded)) {
                summary.mended += 1;
            }
            if finding.mending.is_some() {
                pace.wait(rate.gap()).await;
            }
        }
        tell(&finding);
    }
}

/// The differences among some appointments of the table.
async fn differing(
    records: &impl Records,
    entries: Vec<Entry>,
    now: Timestamp,
    summary: &mut Summary,
) -> Result<Vec<Finding>, RecordsError> {
    let suspects = judged(records, entries, now, Some(summary)).await?;
    if suspects.is_empty() {
        return Ok(suspects);
    }
    let ids: Vec<AppointmentId> = suspects
        .iter()
        .filter_map(|finding| finding.appointment_id)
        .collect();
    let again: Vec<Entry> = records.entries_of(&ids).await?.into_values().flatten().collect();
    judged(records, again, now, None).await
}

/// The rows are read after the entries: a row comes before its appointment is completed, so that one which is
/// completed and has none has lost it.
async fn judged(
    records: &impl Records,
    entries: Vec<Entry>,
    now: Timestamp,
    mut summary: Option<&mut Summary>,
) -> Result<Vec<Finding>, RecordsError> {
    let mut rows: BTreeSet<String> = BTreeSet::new();
    for country in Country::ALL {
        let of_country = entries.iter().filter(|entry| entry.country == country);
        let ids: Vec<AppointmentId> = of_country.map(|entry| entry.appointment_id).collect();
        if !ids.is_empty() {
            rows.extend(records.rows_of(country, &ids).await?);
        }
    }
    let mut findings = Vec::new();
    for entry in entries {
        let has_row = rows.contains(&entry.appointment_id.to_string());
        match Difference::of(&entry, has_row, now) {
            Some(difference) => findings.push(Finding::of(difference, &entry)),
            None if entry.is_pending() => {
                if let Some(summary) = &mut summary {
                    summary.on_their_way += 1;
                }
            }
            None => {}
        }
    }
    Ok(findings)
}

/// The rows that the table does not know, or knows in another country.
///
/// The table is read after the rows: an appointment is in it before it has a row.
async fn unknown(
    records: &impl Records,
    country: Country,
    rows: Vec<String>,
) -> Result<Vec<Finding>, RecordsError> {
    let ids: Vec<AppointmentId> = rows.iter().filter_map(|row| row.parse().ok()).collect();
    let known = records.entries_of(&ids).await?;
    let findings = rows.into_iter().filter_map(|row| {
        let id: Option<AppointmentId> = row.parse().ok();
        let difference = match id.and_then(|id| known.get(&id)) {
            None => Difference::UnknownRow,
            Some(Some(entry)) if entry.country != country => Difference::MisplacedRow,
            Some(_) => return None,
        };
        Some(Finding {
            difference,
            appointment_id: id,
            country,
            created: None,
            mending: None,
        })
    });
    Ok(findings.collect())
}
