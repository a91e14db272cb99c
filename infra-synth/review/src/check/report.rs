use infra_synth_cfn::{Exception, SourceLine, Template};

use super::rule::{Looks, Rule, Seen, Severity};
use super::rules::EXCEPTION_NEEDED;
use super::{json, sarif, text};

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
    kept: Vec<(&'static Rule, usize)>,
    idle: Vec<&'static Rule>,
}

/// One place where a rule is not kept, or could not be judged.
#[derive(Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The resource or parameter.
    pub logical_id: String,
    /// Where in its properties, as names and positions joined by dots; empty for all of it.
    pub path: String,
    /// What is wrong there; it never quotes a value that may be secret.
    pub what: String,
    /// The line that declared it, if anybody knows.
    pub source: Option<SourceLine>,
    /// What follows from it.
    pub verdict: Verdict,
}

/// What follows from a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It stands as the rule's severity says.
    Stands,
    /// The rule could not be judged here: a warning, whatever the rule's severity.
    Unjudged,
    /// The stack says why it is right here.
    Excepted(Exception),
}

impl Report {
    /// Every finding, in the order of the rules.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The rules that had something to look at and found nothing wrong, with how many things they looked at.
    pub fn kept(&self) -> &[(&'static Rule, usize)] {
        &self.kept
    }

    /// The rules that had nothing to look at.
    pub fn idle(&self) -> &[&'static Rule] {
        &self.idle
    }

    /// The findings that fail the check: errors without an exception.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.severity() == Some(Severity::Error))
    }

    /// Whether the check fails.
    pub fn fails(&self) -> bool {
        self.failures().next().is_some()
    }

    /// For a person at a terminal, with ANSI colours, which a caller strips where there is no terminal.
    pub fn to_text(&self) -> String {
        text::render(self)
    }

    /// For a machine: `version` 1; a later version adds fields and removes none.
    pub fn to_json(&self) -> String {
        format!("{:#}\n", json::render(self))
    }

    /// For code scanning: SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), each
    /// finding at the Rust line that declared its resource, each exception as a suppression. `of` names the template:
    /// it tells this run from those on other templates.
    pub fn to_sarif(&self, of: &str) -> String {
        format!("{:#}\n", sarif::render(self, of))
    }

    pub(super) fn add(&mut self, rule: &'static Rule, looks: Looks, template: &Template) {
        if looks.looked == 0 {
            self.idle.push(rule);
            return;
        }
        if looks.faults.is_empty() && looks.unjudged.is_empty() {
            self.kept.push((rule, looks.looked));
        }
        let faults = looks.faults.into_iter().map(|seen| (seen, Verdict::Stands));
        let unjudged = looks.unjudged.into_iter().map(|seen| (seen, Verdict::Unjudged));
        for (
            Seen {
                logical_id,
                path,
                what,
            },
            verdict,
        ) in faults.chain(unjudged)
        {
            let exception = template
                .exceptions()
                .iter()
                .find(|exception| exception.rule == rule.id && exception.logical_id == logical_id);
            self.findings.push(Finding {
                rule,
                source: template.source_of(&logical_id).copied(),
                verdict: exception.cloned().map_or(verdict, Verdict::Excepted),
                logical_id,
                path,
                what,
            });
        }
    }

    /// A rule that nobody knows is needed by nothing either.
    pub(super) fn add_unneeded_exceptions(&mut self, template: &Template) {
        for exception in template.exceptions() {
            let is_needed = self
                .findings
                .iter()
                .any(|finding| matches!(&finding.verdict, Verdict::Excepted(used) if used == exception));
            if is_needed {
                continue;
            }
            let Exception {
                logical_id, rule, at, ..
            } = exception;
            let is_known = super::rules().any(|known| known.id == *rule);
            let what = if is_known {
                format!("`{logical_id}` keeps `{rule}`, so nothing needs this exception any more")
            } else {
                format!("there is no rule `{rule}` that `{logical_id}` could be excepted from")
            };
            self.findings.push(Finding {
                rule: &EXCEPTION_NEEDED,
                logical_id: logical_id.clone(),
                path: String::new(),
                what,
                source: Some(*at),
                verdict: Verdict::Stands,
            });
        }
    }
}

impl Finding {
    /// How bad it is; `None` when an exception covers it.
    pub fn severity(&self) -> Option<Severity> {
        match self.verdict {
            Verdict::Stands => Some(self.rule.severity),
            Verdict::Unjudged => Some(Severity::Warning),
            Verdict::Excepted(_) => None,
        }
    }
}
