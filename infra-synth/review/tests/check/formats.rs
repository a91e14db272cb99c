use std::path::Path;

use infra_synth_review::check::check;
use serde_json::{Value as Json, json};

use crate::system::{Draft, stage};

#[test]
fn sarif_points_at_the_rust_line_and_carries_exceptions_as_suppressions() {
    let (template, facts) = stage("prod");
    let sarif: Json = serde_json::from_str(&check(&template, &facts).to_sarif("prod")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");

    let run = &sarif["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "infra-synth/check/prod/");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["suppressions"][0]["kind"], "inSource");

        let place = &result["locations"][0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let source = std::fs::read_to_string(workspace.join(file)).unwrap();
        assert!(line <= source.lines().count(), "{file}:{line}");
    }
}

#[test]
fn sarif_of_a_foreign_template_has_logical_places_alone() {
    let mut draft = Draft::of("dev");
    draft.remove("AppointmentTable/Properties/SSESpecification");
    let sarif: Json = serde_json::from_str(&draft.check(&stage("dev").1).to_sarif("dev")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let table = results
        .iter()
        .find(|result| result["ruleId"] == "table-encrypted")
        .unwrap();
    assert_eq!(table["level"], "error");
    assert_eq!(
        table["locations"],
        json!([{"logicalLocations": [{"fullyQualifiedName": "AppointmentTable", "kind": "resource"}]}])
    );
    assert_eq!(table.get("suppressions"), None);
}

#[test]
fn json_says_which_rules_failed_and_which_had_nothing_to_look_at() {
    let mut draft = Draft::of("dev");
    draft.remove("AppointmentTable/Properties/SSESpecification");
    let report: Json = serde_json::from_str(&draft.check(&stage("dev").1).to_json()).unwrap();
    assert_eq!((&report["version"], &report["fails"]), (&json!(1), &json!(true)));
    let findings = report["findings"].as_array().unwrap();
    let table = findings
        .iter()
        .find(|finding| finding["rule"] == "table-encrypted")
        .unwrap();
    assert_eq!(table["resource"], "AppointmentTable");
    assert_eq!(table["path"], "SSESpecification.SSEEnabled");
    assert_eq!(table["source"], Json::Null);
    let idle: Vec<&Json> = report["nothingToLookAt"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["rule"])
        .collect();
    assert_eq!(idle, ["authorized-routes", "tokens-for-us"]);
}

/// What the schema of SARIF 2.1.0 requires, and what it allows in the members that we write.
#[test]
fn sarif_has_the_members_that_its_schema_requires_and_only_words_that_it_knows() {
    let text = |json: &Json| json.as_str().is_some_and(|text| !text.is_empty());
    for name in ["dev", "prod"] {
        let (template, facts) = stage(name);
        let sarif: Json = serde_json::from_str(&check(&template, &facts).to_sarif(name)).unwrap();
        let names = |json: &Json| -> Vec<String> { json.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(names(&sarif), ["$schema", "version", "runs"]);
        let run = &sarif["runs"][0];
        let driver = &run["tool"]["driver"];
        assert!(text(&driver["name"]));
        for rule in driver["rules"].as_array().unwrap() {
            for member in [
                &rule["id"],
                &rule["shortDescription"]["text"],
                &rule["fullDescription"]["text"],
                &rule["help"]["text"],
            ] {
                assert!(text(member), "{rule}");
            }
            assert!(matches!(
                rule["defaultConfiguration"]["level"].as_str(),
                Some("error" | "warning")
            ));
        }
        for result in run["results"].as_array().unwrap() {
            assert!(text(&result["message"]["text"]), "{result}");
            assert!(
                matches!(result["level"].as_str(), Some("error" | "warning")),
                "{result}"
            );
            for location in result["locations"].as_array().unwrap() {
                assert!(text(&location["logicalLocations"][0]["fullyQualifiedName"]));
                let physical = &location["physicalLocation"];
                assert!(
                    physical["region"]["startLine"]
                        .as_u64()
                        .is_some_and(|line| line > 0)
                );
                assert_eq!(physical["artifactLocation"]["uriBaseId"], "%SRCROOT%");
            }
        }
    }
}
