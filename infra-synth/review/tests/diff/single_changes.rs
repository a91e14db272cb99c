//! Single changes of our template, each with the verdict that an expert would give.

mod api;
mod creation;
mod flows;
mod functions;
mod identity;
mod messaging;
mod network;
mod queue_policy;
mod storage;
mod template;

use std::collections::BTreeSet;

use infra_synth_review::diff::{Verdict, text};

use crate::edit::{Edit, review_of};

/// The verdicts, and a piece of what the review says.
fn check(edits: &[Edit], verdicts: &[Verdict], says: &str) {
    let review = review_of(edits);
    let text = text(&review, false);
    let expected: BTreeSet<Verdict> = verdicts.iter().copied().collect();
    assert_eq!(review.verdicts(), expected, "{edits:?}\n{text}");
    assert!(text.contains(says), "{edits:?} does not say {says:?}\n{text}");
}

fn all(cases: &[(Edit, &[Verdict], &str)]) {
    for (edit, verdicts, says) in cases {
        check(std::slice::from_ref(edit), verdicts, says);
    }
}
