//! Changes that a reviewer does not want to pass unseen.

use std::fmt;

use serde::Serialize;

use super::review::{Review, Verdict};

/// What must not be in a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Any change at all.
    Any,
    /// A change that opens something, or could.
    Broadening,
    /// A change that loses something, or could.
    Destructive,
}

/// A gate that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offence {
    /// The gate.
    pub gate: Gate,
    /// Why, each with what it is about and the line that declares it.
    pub reasons: Vec<String>,
}

impl Gate {
    /// `None` if the gate holds. What could not be judged holds for no gate.
    pub fn offence(self, review: &Review) -> Option<Offence> {
        let mut reasons = match self {
            Self::Any => review
                .resources
                .iter()
                .map(|resource| format!("{}: {}", resource.logical_id, resource.effect))
                .collect(),
            Self::Broadening => review.reasons(Verdict::Broadening),
            Self::Destructive => review.reasons(Verdict::Destructive),
        };
        if self == Self::Any {
            reasons.extend(
                review
                    .sections
                    .iter()
                    .map(|section| format!("{} changes", section.path)),
            );
            reasons.extend(
                review
                    .access
                    .iter()
                    .map(|access| format!("{}: {}", access.logical_id, access.reason)),
            );
        } else {
            let unjudged = review.reasons(Verdict::Unjudged).into_iter();
            reasons.extend(unjudged.map(|reason| format!("could not be judged: {reason}")));
        }
        (!reasons.is_empty()).then_some(Offence { gate: self, reasons })
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Broadening => "broadening",
            Self::Destructive => "destructive",
        })
    }
}
