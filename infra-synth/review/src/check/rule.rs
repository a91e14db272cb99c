use std::fmt;

use super::Facts;
use infra_synth_wiring::{Resource, Wiring};

/// How bad it is that a rule is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing fails because of it.
    Warning,
    /// Data, access or delivery is at stake: the check fails.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One rule on a template.
#[derive(Debug)]
pub struct Rule {
    /// By which exceptions name it: lower-case words joined by hyphens.
    pub id: &'static str,
    /// How bad it is when it is not kept.
    pub severity: Severity,
    /// What it asks for, as a sentence.
    pub title: &'static str,
    /// What happens otherwise.
    pub why: &'static str,
    /// What to do.
    pub mend: &'static str,
    /// What cdk-nag (`AwsSolutions-…`, its HIPAA pack `HIPAA.Security-…`), checkov (`CKV_AWS_…`) and the HIPAA
    /// conformance pack of AWS Config (lower-case words) call it; empty for rules that none of them has.
    pub also_known_as: &'static [&'static str],
    pub(crate) look: Look,
}

/// Looks at a template with one rule in mind.
pub(crate) type Look = fn(&Wiring<'_>, &Facts, &mut Looks);

/// What a rule saw: how many things it looked at, and which of them were not as they should be.
#[derive(Default)]
pub(crate) struct Looks {
    pub(crate) looked: usize,
    pub(crate) faults: Vec<Seen>,
    pub(crate) unjudged: Vec<Seen>,
}

/// Something seen at a property of a resource.
pub(crate) struct Seen {
    pub(crate) logical_id: String,
    pub(crate) path: String,
    pub(crate) what: String,
}

impl Looks {
    /// One thing was looked at; it is a fault unless it is kept.
    pub(crate) fn expect(&mut self, kept: bool, at: Resource<'_>, path: &str, what: impl Into<String>) {
        self.looked += 1;
        if !kept {
            self.faults.push(Seen::new(at.id, path, what));
        }
    }

    /// One thing was looked at and cannot be judged, which is said and never taken for good.
    pub(crate) fn unsure(&mut self, at: Resource<'_>, path: &str, what: impl Into<String>) {
        self.looked += 1;
        self.unjudged.push(Seen::new(at.id, path, what));
    }

    /// As [`expect`](Self::expect), for what is no resource.
    pub(crate) fn expect_of(&mut self, kept: bool, logical_id: &str, path: &str, what: impl Into<String>) {
        self.looked += 1;
        if !kept {
            self.faults.push(Seen::new(logical_id, path, what));
        }
    }
}

impl Seen {
    fn new(logical_id: &str, path: &str, what: impl Into<String>) -> Self {
        Self {
            logical_id: logical_id.to_owned(),
            path: path.to_owned(),
            what: what.into(),
        }
    }
}
