//! Both texts of a template mean the same, to every reader.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use infra_synth_cfn::{Stack, Template, resources::Topic};
use serde_json::{Value as Json, json};

/// Texts that YAML 1.1 or 1.2 would read as something else, or not at all.
const MISREAD: [&str; 24] = [
    "2012-10-17",
    "2012-10-17T12:30:45Z",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "true",
    "null",
    "~",
    "12:30:45",
    "1_000",
    "0x1F",
    "0o17",
    "017",
    "1e3",
    ".inf",
    "",
    "*",
    "- a",
    "a: b",
    "#comment",
    "<<",
    "=",
];

fn template(properties: &Json) -> Template {
    Template::from_value(json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": { "Thing": { "Type": "AWS::SNS::Topic", "Properties": properties } },
    }))
}

fn parsed(template: &Template) -> Json {
    serde_yaml::from_str(&template.to_yaml()).unwrap()
}

#[test]
fn yaml_parses_back_to_the_same_value() {
    let template = template(&json!({
        "Texts": MISREAD,
        "ByName": MISREAD.map(|text| json!({ "Name": text })),
        "Long": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:a-very-long-name of several words, beyond any width",
        "Lines": "first\nsecond\n\n  third: indented\n",
        "Quotes": "{\"a\":\"$context.requestId\"} it's",
        "Wide": "appointment — cita médica ✓",
        "Empty": { "List": [], "Map": {} },
        "Numbers": [0, -1, 1_209_600, 1.5],
        "Flags": [true, false],
    }));
    assert_eq!(parsed(&template), template.to_value());
}

#[test]
fn a_text_that_yaml_1_1_would_misread_is_quoted() {
    let yaml = template(&json!({ "Texts": MISREAD })).to_yaml();
    let items: Vec<&str> = yaml
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("- "))
        .collect();
    assert_eq!(items.len(), MISREAD.len());
    for (item, text) in items.iter().zip(MISREAD) {
        assert!(item.starts_with(['"', '\'']), "`{text}` stands as {item}");
    }
}

#[test]
fn a_key_that_yaml_1_1_would_misread_survives() {
    let keys: serde_json::Map<_, _> = MISREAD.iter().map(|&text| (text.to_owned(), json!(1))).collect();
    let template = template(&Json::Object(keys));
    assert_eq!(parsed(&template), template.to_value());
    let yaml = template.to_yaml();
    assert!(!yaml.lines().any(|line| {
        ["yes:", "on:", "y:"]
            .iter()
            .any(|key| line.trim() == format!("{key} 1"))
    }));
}

#[test]
fn json_parses_back_to_the_same_value_in_the_same_order() {
    let template = template(&json!({ "Zulu": 1, "Alpha": 2 }));
    let json = template.to_json();
    assert_eq!(serde_json::from_str::<Json>(&json).unwrap(), template.to_value());
    assert!(json.find("Zulu") < json.find("Alpha"));
    assert!(json.ends_with("}\n"));
}

#[test]
fn resources_stand_in_the_order_of_their_declaration() {
    let mut stack = Stack::new("");
    for id in ["Zulu", "Alpha", "Mike"] {
        stack.add(id, Topic::default());
    }
    let template = stack.synth().unwrap();
    let ids: Vec<_> = template.as_value()["Resources"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(ids, ["Zulu", "Alpha", "Mike"]);
}

#[test]
fn a_template_from_elsewhere_has_no_source_lines() {
    assert_eq!(template(&json!({})).source_of("Thing"), None);
}
