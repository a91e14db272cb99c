//! What a person and a machine read.

use infra_synth_review::diff::{Gate, Review, SCHEMA_VERSION, compare, json, markdown, text};
use serde_json::json;

use crate::edit::{Push, Remove, Set, dev, prod, review_of};

fn example() -> Review {
    review_of(&[
        Set("SubscriptionPE/Properties/FilterPolicy/country", json!(["CL"])),
        Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/ArnEquals"),
        Set(
            "AppointmentQueueCL/Properties/QueueName",
            json!("appointments-cl"),
        ),
        Set(
            "CreateAppointmentLambdaFunction/Properties/MemorySize",
            json!(512),
        ),
        Push("HttpApi/Properties/CorsConfiguration/AllowOrigins", json!("*")),
        Remove("ApiAccessLogGroup"),
        Set(
            "Topic2",
            json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "a <b> @c | `d`"}}),
        ),
    ])
}

fn accept(name: &str, written: &str) {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, written) });
}

#[test]
fn text_for_a_terminal() {
    accept("text", &text(&example(), false));
}

#[test]
fn markdown_for_a_pull_request() {
    accept("markdown", &markdown(&example()));
}

#[test]
fn json_for_a_machine() {
    let review = example();
    let offences: Vec<_> = [Gate::Broadening, Gate::Destructive]
        .into_iter()
        .filter_map(|gate| gate.offence(&review))
        .collect();
    accept("json", &json(&review, &offences).unwrap());
}

#[test]
fn the_documented_schema_is_the_one_that_is_written() {
    let document: serde_json::Value = serde_json::from_str(&json(&example(), &[]).unwrap()).unwrap();
    let page = include_str!("../../../../docs/diff-json.md");
    assert!(
        page.contains(&format!("version {SCHEMA_VERSION}")),
        "docs/diff-json.md is of another version"
    );
    let mut names = std::collections::BTreeSet::new();
    collect(&document, &mut names);
    for name in names {
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/diff-json.md does not name the field `{name}`"
        );
    }
}

/// The names of the fields, but not those inside a value of the templates.
fn collect(json: &serde_json::Value, names: &mut std::collections::BTreeSet<String>) {
    match json {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                names.insert(name.clone());
                if name != "old" && name != "new" {
                    collect(value, names);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

#[test]
fn without_a_change_there_is_nothing_to_say() {
    let review = compare(&prod(), &prod());
    assert!(review.is_empty());
    assert_eq!(text(&review, false), "Nothing changes.\n");
    assert!(Gate::Any.offence(&review).is_none());
}

#[test]
fn what_is_open_to_anyone_is_said_even_if_nothing_changes() {
    let review = compare(&dev(), &dev());
    assert!(review.is_empty());
    let says = "anyone who knows the URL can call POST /appointments, GET /appointments/{insuredId}, ";
    for shown in [text(&review, false), json(&review, &[]).unwrap()] {
        assert!(shown.contains("HttpApi"), "{shown}");
        assert!(shown.contains("GET /appointments/{insuredId}"), "{shown}");
    }
    assert!(text(&review, false).contains(says), "{}", text(&review, false));
    assert!(
        markdown(&review).contains("Open to anyone:"),
        "{}",
        markdown(&review)
    );
    assert!(!markdown(&compare(&prod(), &prod())).contains("Open to anyone"));
}

#[test]
fn every_change_names_the_line_that_declares_its_resource() {
    let new = dev();
    let mut old = new.to_value();
    for resource in old["Resources"].as_object_mut().unwrap().values_mut() {
        resource["DependsOn"] = json!(["Nothing"]);
    }
    let review = compare(&infra_synth_cfn::Template::from_value(old), &new);
    assert!(review.resources.len() > 30);
    for change in &review.resources {
        let source = change.source.as_deref().unwrap_or_default();
        assert!(source.contains(".rs:"), "{} names no line", change.logical_id);
    }
}

#[test]
fn a_template_does_not_steer_the_terminal() {
    let review = review_of(&[Set(
        "AppointmentTopic/Properties/DisplayName",
        json!("\u{1b}[2Jgone\r"),
    )]);
    assert!(!text(&review, false).contains('\u{1b}'));
    assert!(text(&review, true).contains("\u{1b}[32mHarmless"));
    assert!(!text(&review, true).contains("\u{1b}[2J"));
}
