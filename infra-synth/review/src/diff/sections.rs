//! What changes outside the resources.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::model::Model;
use super::properties::differences;
use super::resolve::Resolver;
use super::review::{Finding, SectionChange, Verdict};
use super::secrets;
use super::value::Value;

/// Sections that say something to people only.
const SILENT: [&str; 3] = ["Description", "Metadata", "AWSTemplateFormatVersion"];

pub(crate) fn changes(old: &Model<'_>, new: &Model<'_>) -> Vec<SectionChange> {
    let (before, after) = (old.template.as_value(), new.template.as_value());
    let mut changes = Vec::new();
    for section in names(before, after)
        .into_iter()
        .filter(|name| name != "Resources")
    {
        let (old_section, new_section) = (&before[&section], &after[&section]);
        if section == "Parameters" || section == "Outputs" || section == "Conditions" || section == "Mappings"
        {
            for name in names(old_section, new_section) {
                let pair = (old_section.get(&name), new_section.get(&name));
                changes.extend(entry(&section, &name, pair, old, new));
            }
        } else if old_section != new_section {
            let mut change = blank(
                section.clone(),
                resolved(before, after, old_section),
                resolved(after, before, new_section),
            );
            change.findings.extend(secrets::findings(
                &section,
                change.old.as_ref().map(|value| (old, value)),
                change.new.as_ref().map(|value| (new, value)),
            ));
            change.old = change.old.map(|value| secrets::masked(&section, value));
            change.new = change.new.map(|value| secrets::masked(&section, value));
            if !SILENT.contains(&section.as_str()) {
                change.findings.push(Finding::new(
                    Verdict::Unjudged,
                    format!("what the section `{section}` does is not judged"),
                ));
            }
            changes.push(change);
        }
    }
    changes
}

fn entry(
    section: &str,
    name: &str,
    (before, after): (Option<&Json>, Option<&Json>),
    old: &Model<'_>,
    new: &Model<'_>,
) -> Vec<SectionChange> {
    if before == after {
        return Vec::new();
    }
    let (old_json, new_json) = (old.template.as_value(), new.template.as_value());
    let hidden = old.is_secret(name) || new.is_secret(name);
    let value = |json: &Json, other: &Json, entry: Option<&Json>| {
        let value = resolved(json, other, entry?)?;
        Some(if hidden && section == "Parameters" {
            without_default(value)
        } else {
            value
        })
    };
    let (before_value, after_value) = (
        value(old_json, new_json, before),
        value(new_json, old_json, after),
    );
    let path = format!("{section}.{name}");
    let mut findings = findings(section, name, before, after);
    findings.extend(secret_findings(&path, name, (before, after), old, new));
    let mut changes: Vec<SectionChange> = differences(&path, before_value.as_ref(), after_value.as_ref())
        .into_iter()
        .map(|difference| {
            let masked = |value: Option<Value>| value.map(|value| secrets::masked(&difference.path, value));
            let (old, new) = (masked(difference.old), masked(difference.new));
            blank(difference.path, old, new)
        })
        .collect();
    if changes.is_empty() && !findings.is_empty() {
        changes.push(blank(path, None, None));
    }
    let source = new
        .template
        .source_of(name)
        .filter(|_| section == "Parameters" && after.is_some());
    if let Some(first) = changes.first_mut() {
        first.findings = findings;
    }
    for change in &mut changes {
        change.source = source.map(ToString::to_string);
    }
    changes
}

/// Secrets in the entry itself, and those that an output shows.
fn secret_findings(
    path: &str,
    name: &str,
    (before, after): (Option<&Json>, Option<&Json>),
    old: &Model<'_>,
    new: &Model<'_>,
) -> Vec<Finding> {
    let (old_json, new_json) = (old.template.as_value(), new.template.as_value());
    let before = before.and_then(|entry| resolved(old_json, new_json, entry));
    let after = after.and_then(|entry| resolved(new_json, old_json, entry));
    if path.starts_with("Outputs.") {
        let shows = |model: &Model<'_>, value: &Option<Value>| {
            let value = value.as_ref().and_then(|output| output.get("Value"));
            value.is_some_and(|value| {
                value.texts().iter().any(|text| {
                    let literal = text.to_string();
                    let hidden = |name: &&str| model.no_echo.iter().any(|one| one == name);
                    text.references().any(|name| hidden(&name))
                        || model
                            .no_echo
                            .iter()
                            .any(|one| literal.contains(&format!("\"{one}\"")))
                        || literal.contains("{{resolve:secretsmanager")
                        || literal.contains("{{resolve:ssm-secure")
                })
            })
        };
        if shows(new, &after) {
            let reason = format!("`{name}` shows a secret to everyone who may read the stack's outputs");
            return vec![Finding::new(Verdict::Broadening, reason)];
        }
    }
    let mut found = secrets::findings(
        path,
        before.as_ref().map(|value| (old, value)),
        after.as_ref().map(|value| (new, value)),
    );
    let default = |value: &Option<Value>| value.as_ref().and_then(|value| value.get("Default")).cloned();
    let (before, after) = (default(&before), default(&after));
    let hidden = path.starts_with("Parameters.") && new.no_echo.iter().any(|one| one == name);
    let is_set = after.as_ref().is_some_and(|value| value.as_literal() != Some(""));
    if hidden && is_set && before != after && found.is_empty() {
        found.push(Finding::new(
            Verdict::Broadening,
            format!("the default of `{name}` stands in the template, though its value is hidden"),
        ));
    }
    found
}

fn findings(section: &str, name: &str, before: Option<&Json>, after: Option<&Json>) -> Vec<Finding> {
    let field = |side: Option<&Json>, field: &str| side.and_then(|side| side.get(field)).cloned();
    let differs = |name: &str| field(before, name) != field(after, name);
    let hides = |side: Option<&Json>| {
        matches!(field(side, "NoEcho"), Some(Json::Bool(true)))
            || field(side, "NoEcho") == Some(Json::from("true"))
    };
    let mut found = Vec::new();
    let mut find = |verdict, reason: String| found.push(Finding::new(verdict, reason));
    match section {
        "Parameters" => {
            if hides(before) && !hides(after) && after.is_some() {
                find(
                    Verdict::Broadening,
                    format!("the value of `{name}` is shown to everyone who may read the stack"),
                );
            }
            if before.is_some() && after.is_some() && differs("Type") {
                find(
                    Verdict::Unjudged,
                    format!("`{name}` takes values of another type"),
                );
            }
            let bounds = [
                "AllowedPattern",
                "AllowedValues",
                "MinLength",
                "MaxLength",
                "MinValue",
                "MaxValue",
            ];
            let loosened = |bound: &&str| field(before, bound).is_some() && differs(bound);
            if let Some(bound) = bounds
                .iter()
                .find(|bound| loosened(bound))
                .filter(|_| after.is_some())
            {
                find(
                    Verdict::Unjudged,
                    format!(
                        "`{bound}` holds `{name}` to other values; what those open where it is used is not judged"
                    ),
                );
            }
            if before.is_some() && after.is_some() && differs("Default") {
                find(
                    Verdict::Unjudged,
                    format!(
                        "a stack that is not told `{name}` gets another value; what uses it is listed as changed"
                    ),
                );
            }
        }
        "Outputs" => {
            if field(before, "Export").is_some() && differs("Export") {
                find(
                    Verdict::Destructive,
                    format!("stacks that import `{name}` no longer find it under its name"),
                );
            }
        }
        _ => find(Verdict::Unjudged, format!("what `{name}` decides is not judged")),
    }
    found
}

fn resolved(json: &Json, other: &Json, value: &Json) -> Option<Value> {
    Resolver::new(json, other).value(value, true)
}

fn without_default(value: Value) -> Value {
    let Value::Map(mut fields) = value else {
        return value;
    };
    fields.remove("Default");
    Value::Map(fields)
}

fn names(old: &Json, new: &Json) -> Vec<String> {
    let of = |json: &Json| -> Vec<String> {
        json.as_object()
            .map(Map::keys)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    };
    let mut seen = BTreeSet::new();
    of(new)
        .into_iter()
        .chain(of(old))
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

fn blank(path: String, old: Option<Value>, new: Option<Value>) -> SectionChange {
    SectionChange {
        path,
        old,
        new,
        source: None,
        findings: Vec::new(),
    }
}
