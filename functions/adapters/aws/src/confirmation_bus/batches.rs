//! How many entries go into one call: ten, as long as they are small.

use aws_sdk_eventbridge::types::PutEventsRequestEntry;

/// Entries that one call takes.
pub(super) const ENTRIES_A_CALL: usize = 10;

/// Bytes that the entries of one call may have together: 256 KiB.
///
/// An entry counts with its source, its detail-type and its detail.
const BYTES_A_CALL: usize = 256 * 1024;

/// Cuts the entries into calls, in their order. An entry that is too large for any call goes alone, so that the
/// refusal is its own.
pub(super) fn of<'a, 'e>(
    mut entries: &'a [(usize, &'e PutEventsRequestEntry)],
) -> Vec<&'a [(usize, &'e PutEventsRequestEntry)]> {
    let mut calls = Vec::new();
    while !entries.is_empty() {
        let (call, rest) = entries.split_at(length_of_first(entries));
        calls.push(call);
        entries = rest;
    }
    calls
}

fn length_of_first(entries: &[(usize, &PutEventsRequestEntry)]) -> usize {
    let mut bytes = 0;
    let fitting = entries
        .iter()
        .take(ENTRIES_A_CALL)
        .take_while(|(_, entry)| {
            bytes += size(entry);
            bytes <= BYTES_A_CALL
        })
        .count();
    fitting.max(1)
}

fn size(entry: &PutEventsRequestEntry) -> usize {
    [entry.source(), entry.detail_type(), entry.detail()]
        .into_iter()
        .flatten()
        .map(str::len)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(details: &[usize], expected: &[usize]) {
        let entries: Vec<_> = details
            .iter()
            .map(|length| {
                PutEventsRequestEntry::builder()
                    .detail("x".repeat(*length))
                    .build()
            })
            .collect();
        let entries: Vec<_> = entries.iter().enumerate().collect();
        let calls = of(&entries);
        assert_eq!(calls.iter().map(|call| call.len()).collect::<Vec<_>>(), expected);
        let places: Vec<_> = calls.concat().iter().map(|(place, _)| *place).collect();
        assert_eq!(places, (0..details.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_call_takes_ten_entries() {
        check(&[], &[]);
        check(&[1; 10], &[10]);
        check(&[1; 25], &[10, 10, 5]);
    }

    #[test]
    fn a_call_takes_no_more_than_256_kib() {
        check(&[BYTES_A_CALL / 4; 5], &[4, 1]);
        check(&[1, BYTES_A_CALL, 1], &[1, 1, 1]);
    }

    #[test]
    fn an_entry_beyond_any_call_goes_alone() {
        check(&[1, BYTES_A_CALL + 1, 1, 1], &[1, 1, 2]);
    }
}
