use serde_json::{Value as Json, json};

use super::report::{Finding, Report, Verdict};

pub(super) fn render(report: &Report) -> Json {
    let findings: Vec<Json> = report.findings().iter().map(finding).collect();
    let kept: Vec<Json> = report
        .kept()
        .iter()
        .map(|(rule, looked)| json!({ "rule": rule.id, "places": looked }))
        .collect();
    let idle: Vec<Json> = report
        .idle()
        .iter()
        .map(|rule| json!({ "rule": rule.id, "title": rule.title }))
        .collect();
    json!({
        "version": 1,
        "fails": report.fails(),
        "findings": findings,
        "kept": kept,
        "nothingToLookAt": idle,
    })
}

fn finding(finding: &Finding) -> Json {
    let rule = finding.rule;
    let (verdict, exception) = match &finding.verdict {
        Verdict::Stands => ("stands", Json::Null),
        Verdict::Unjudged => ("unjudged", Json::Null),
        Verdict::Excepted(exception) => (
            "excepted",
            json!({ "reason": exception.reason, "file": exception.at.file, "line": exception.at.line }),
        ),
    };
    json!({
        "rule": rule.id,
        "severity": finding.severity().map_or_else(|| "none".to_owned(), |severity| severity.to_string()),
        "verdict": verdict,
        "resource": finding.logical_id,
        "path": finding.path,
        "what": finding.what,
        "why": rule.why,
        "mend": rule.mend,
        "alsoKnownAs": rule.also_known_as,
        "source": finding.source.map(|line| json!({ "file": line.file, "line": line.line })),
        "exception": exception,
    })
}
