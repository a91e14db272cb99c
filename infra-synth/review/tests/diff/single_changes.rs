//! Single changes of our template, each with the verdict that an expert would give.

mod alarms;
mod api;
mod authorization;
mod creation;
mod flows;
mod functions;
mod identity;
mod messaging;
mod network;
mod queue_policy;
mod storage;
mod template;
mod unknown;

use std::collections::BTreeSet;

use infra_synth_cfn::Template;
use infra_synth_review::diff::{Verdict, text};

use crate::edit::{Edit, dev, prod, review_of_edited};

/// The verdicts, and a piece of what the review says.
fn check(edits: &[Edit], verdicts: &[Verdict], says: &str) {
    check_of(&dev(), edits, verdicts, says);
}

fn check_of(old: &Template, edits: &[Edit], verdicts: &[Verdict], says: &str) {
    let review = review_of_edited(old, edits);
    let text = text(&review, false);
    let expected: BTreeSet<Verdict> = verdicts.iter().copied().collect();
    assert_eq!(review.verdicts(), expected, "{edits:?}\n{text}");
    assert!(text.contains(says), "{edits:?} does not say {says:?}\n{text}");
}

fn all(cases: &[(Edit, &[Verdict], &str)]) {
    all_of(&dev(), cases);
}

/// The same, of the stage whose routes ask for a token.
fn all_in_prod(cases: &[(Edit, &[Verdict], &str)]) {
    all_of(&prod(), cases);
}

fn all_of(old: &Template, cases: &[(Edit, &[Verdict], &str)]) {
    for (edit, verdicts, says) in cases {
        check_of(old, std::slice::from_ref(edit), verdicts, says);
    }
}
