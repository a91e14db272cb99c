use std::fmt::Write;

use super::report::{Finding, Report, Verdict};
use super::rule::Severity;

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31;1m";
const YELLOW: &str = "\x1b[33;1m";
const DIM: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    let standing: Vec<&Finding> = report
        .findings()
        .iter()
        .filter(|f| f.severity().is_some())
        .collect();
    for finding in &standing {
        write_finding(&mut out, finding);
    }
    write_exceptions(&mut out, report);
    write_idle(&mut out, report);
    write_verdict(&mut out, report, &standing);
    out
}

fn write_finding(out: &mut String, finding: &Finding) {
    let (colour, word) = match finding.severity() {
        Some(Severity::Error) => (RED, "error"),
        _ => (YELLOW, "warning"),
    };
    let Finding {
        rule,
        logical_id,
        path,
        what,
        ..
    } = finding;
    let place = if path.is_empty() {
        logical_id.clone()
    } else {
        format!("{logical_id}.{path}")
    };
    let doubt = if finding.verdict == Verdict::Unjudged {
        "cannot be judged: "
    } else {
        ""
    };
    // Writing to a String never fails.
    let _ = writeln!(
        out,
        "{colour}{word}[{}]{RESET} {BOLD}{doubt}{what}{RESET}",
        rule.id
    );
    match finding.source {
        Some(line) => _ = writeln!(out, "  {DIM}-->{RESET} {line} ({place})"),
        None => _ = writeln!(out, "  {DIM}-->{RESET} {place}"),
    }
    let _ = writeln!(out, "  {DIM}why:{RESET}  {}", rule.why);
    let _ = writeln!(out, "  {DIM}mend:{RESET} {}", rule.mend);
    if !rule.also_known_as.is_empty() {
        let _ = writeln!(out, "  {DIM}also:{RESET} {}", rule.also_known_as.join(", "));
    }
    out.push('\n');
}

/// Each exception once, with the resources that have it in common.
fn write_exceptions(out: &mut String, report: &Report) {
    let mut groups: Vec<((&str, &str), Vec<String>)> = Vec::new();
    for finding in report.findings() {
        let Verdict::Excepted(exception) = &finding.verdict else {
            continue;
        };
        let at = format!("{} ({})", exception.logical_id, exception.at);
        let key = (exception.rule, exception.reason);
        match groups.iter_mut().find(|(group, _)| *group == key) {
            Some((_, places)) if places.contains(&at) => {}
            Some((_, places)) => places.push(at),
            None => groups.push((key, vec![at])),
        }
    }
    if groups.is_empty() {
        return;
    }
    let _ = writeln!(out, "{BOLD}Exceptions{RESET}");
    for ((rule, reason), places) in groups {
        let _ = writeln!(out, "  {rule}: {reason}");
        for place in places {
            let _ = writeln!(out, "    {DIM}{place}{RESET}");
        }
    }
    out.push('\n');
}

fn write_idle(out: &mut String, report: &Report) {
    if report.idle().is_empty() {
        return;
    }
    let _ = writeln!(out, "{BOLD}Nothing to look at{RESET}");
    for rule in report.idle() {
        let _ = writeln!(out, "  {}: {}", rule.id, rule.title);
    }
    out.push('\n');
}

fn write_verdict(out: &mut String, report: &Report, standing: &[&Finding]) {
    let errors = report.failures().count();
    let warnings = standing.len() - errors;
    let excepted = report.findings().len() - standing.len();
    let looked: usize = report.kept().iter().map(|(_, looked)| looked).sum();
    let _ = writeln!(
        out,
        "{errors} {}, {warnings} {}, {excepted} excepted; {} rules kept ({looked} places), {} had nothing to look at",
        plural(errors, "error"),
        plural(warnings, "warning"),
        report.kept().len(),
        report.idle().len(),
    );
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}
