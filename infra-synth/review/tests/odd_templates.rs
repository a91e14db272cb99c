//! Whatever stands in a template, judging it ends, and says something.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;

use infra_synth_cfn::Template;
use infra_synth_review::check::{Facts, check};
use infra_synth_review::cost::{Usage, estimate};
use infra_synth_review::graph::{dot, mermaid};
use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::{Value as Json, json};

fn judge(template: Json) {
    let template = Template::from_value(template);
    let report = check(
        &template,
        &Facts {
            production: true,
            ..Facts::default()
        },
    );
    assert!(!report.to_text().is_empty());
    assert!(estimate(&template, &Usage::default()).in_use().is_finite());
    assert!(mermaid(&template).starts_with("flowchart"));
    assert!(dot(&template).ends_with("}\n"));
}

/// The JSON pointer of everything in a value.
fn places(json: &Json, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let step = |key: &str| format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
    match json {
        Json::Object(fields) => fields
            .iter()
            .for_each(|(key, field)| places(field, &step(key), found)),
        Json::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, item)| places(item, &step(&at.to_string()), found));
        }
        _ => {}
    }
}

#[test]
fn no_value_in_an_odd_place_stops_the_judging() {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    let template = appointment_stack(&StageSettings::load(&stages, "dev").unwrap())
        .unwrap()
        .to_value();
    let mut all = Vec::new();
    places(&template, "", &mut all);
    assert!(all.len() > 1000, "{}", all.len());
    let odd = [
        json!(null),
        json!("${"),
        json!(-1),
        json!([]),
        json!({}),
        json!({"Ref": ["Odd"]}),
        json!({"Fn::Sub": [1, 2]}),
        json!({"Fn::GetAtt": []}),
    ];
    // Each fifth place, each time with the next oddity: they meet in every pairing of kinds, within a few seconds.
    for (position, place) in all.iter().step_by(5).enumerate() {
        let mut edited = template.clone();
        *edited.pointer_mut(place).unwrap() = odd[position % odd.len()].clone();
        judge(edited);
    }
}

#[test]
fn what_is_no_template_at_all_is_judged_as_empty() {
    for odd in [
        json!(null),
        json!("text"),
        json!([]),
        json!({}),
        json!({"Resources": []}),
        json!({"Resources": {"A": 1}}),
    ] {
        judge(odd);
    }
}
