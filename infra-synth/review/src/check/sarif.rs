use serde_json::{Value as Json, json};

use super::report::{Finding, Report, Verdict};
use super::rule::{Rule, Severity};
use super::rules::EXCEPTION_NEEDED;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn render(report: &Report, of: &str) -> Json {
    let rules: Vec<&Rule> = super::rules().chain([&EXCEPTION_NEEDED]).collect();
    let results: Vec<Json> = report
        .findings()
        .iter()
        .map(|finding| result(finding, &rules))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "infra-synth",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            // One run each of several templates is told from the other by this; code scanning refuses two of one name.
            "automationDetails": { "id": format!("infra-synth/check/{of}/") },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn descriptor(rule: &Rule) -> Json {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.mend },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": rule.also_known_as },
    })
}

fn result(finding: &Finding, rules: &[&Rule]) -> Json {
    let rule = finding.rule;
    let logical = json!([{ "fullyQualifiedName": finding.logical_id, "kind": "resource" }]);
    let location = match finding.source {
        Some(line) => json!({
            "physicalLocation": {
                // Paths are the compiler's: relative to the workspace, with `/` on every system that builds this.
                "artifactLocation": { "uri": line.file, "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": line.line },
            },
            "logicalLocations": logical,
        }),
        None => json!({ "logicalLocations": logical }),
    };
    let mut result = json!({
        "ruleId": rule.id,
        "ruleIndex": rules.iter().position(|known| known.id == rule.id),
        "level": finding.severity().map_or("none", level),
        "message": { "text": message(finding) },
        "locations": [location],
        // What stays the same when lines move.
        "partialFingerprints": {
            "ruleAndPlace/v1": format!("{}:{}:{}", rule.id, finding.logical_id, finding.path),
        },
    });
    if let Verdict::Excepted(exception) = &finding.verdict {
        result["level"] = json!(level(rule.severity));
        result["suppressions"] = json!([{ "kind": "inSource", "justification": exception.reason }]);
    }
    result
}

fn message(finding: &Finding) -> String {
    let doubt = if finding.verdict == Verdict::Unjudged {
        "cannot be judged: "
    } else {
        ""
    };
    format!("{doubt}{}. {}", finding.what, finding.rule.mend)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
