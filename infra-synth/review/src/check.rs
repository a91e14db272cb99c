//! Rules on one template: each with an id, a reason, a way to mend, and the line of Rust that it is about.
//!
//! [`check`] is a pure function. What a template does not say (which messages our functions publish, how many
//! connections the database takes) comes as [`Facts`]. A rule that had nothing to look at is listed as such, so
//! that an empty template is never taken for a good one.
//!
//! ```
//! use infra_synth_cfn::{Stack, resources::Queue};
//! use infra_synth_review::check::{Facts, check};
//!
//! let mut stack = Stack::new("orders");
//! stack.add("Orders", Queue::default());
//! let report = check(&stack.synth().unwrap(), &Facts::default());
//! assert!(report.fails());
//! assert!(report.findings().iter().any(|finding| finding.rule.id == "queue-encrypted"));
//! ```

mod facts;
mod json;
mod report;
mod rule;
mod rules;
mod sarif;
mod text;

use infra_synth_cfn::Template;

pub use facts::{Connections, Event, Facts, Message};
pub use report::{Finding, Report, Verdict};
pub use rule::{Rule, Severity};

use rule::Looks;

use infra_synth_wiring::Wiring;

/// Every rule, in the order in which reports list them.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().copied()
}

/// Holds a template against every rule.
///
/// Exceptions that the template carries are applied: a finding that has one stays in the report with its reason, but
/// fails nothing. An exception that no finding needs is a finding itself.
pub fn check(template: &Template, facts: &Facts) -> Report {
    let wiring = Wiring::new(template);
    let mut report = Report::default();
    for rule in rules() {
        let mut looks = Looks::default();
        (rule.look)(&wiring, facts, &mut looks);
        report.add(rule, looks, template);
    }
    report.add_unneeded_exceptions(template);
    report
}
