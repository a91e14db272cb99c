//! The commands that judge a template, as their users meet them: what they print and how they end.
#![cfg(feature = "review")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_infra-synth"))
        .args(arguments)
        .current_dir(project())
        .env_remove("INFRA_SYNTH_STAGES")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A file with the template of `dev` after an edit.
fn edited(name: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut template: Value = serde_json::from_slice(&run(&["synth", "--format", "json"]).stdout).unwrap();
    edit(&mut template["Resources"]);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.template.json"));
    fs::write(&file, template.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn every_stage_is_checked_and_passes_with_its_exceptions_listed() {
    for stage in ["dev", "prod"] {
        let output = run(&["check", "--stage", stage]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        assert!(stdout(&output).contains("Exceptions"));
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn an_error_without_an_exception_ends_with_3_in_every_format() {
    let file = edited("check", |resources| {
        resources["AppointmentTable"]["DeletionPolicy"] = json!("Delete");
    });
    for format in ["text", "json", "sarif"] {
        let output = run(&["check", "--template", &file, "--format", format]);
        assert_eq!(output.status.code(), Some(3));
        assert!(stdout(&output).contains("table-kept"));
        assert!(String::from_utf8_lossy(&output.stderr).contains("errors without an exception"));
    }
}

#[test]
fn what_is_no_terminal_gets_no_colour() {
    assert!(!stdout(&run(&["check"])).contains('\u{1b}'));
}

#[test]
fn sarif_is_one_document_for_code_scanning() {
    let sarif: Value = serde_json::from_slice(&run(&["check", "--format", "sarif"]).stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(
        sarif["runs"][0]["automationDetails"]["id"],
        "infra-synth/check/dev/"
    );
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert!(project().join(uri.as_str().unwrap()).is_file(), "{uri}");
}

#[test]
fn cost_takes_counts_in_thousands_and_millions() {
    let of = |count: &str| -> Value {
        let output = run(&["cost", "--requests", count, "--format", "json"]);
        assert!(output.status.success());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(of("1M"), of("1000k"));
    assert_eq!(of("1M")["perMillion"], of("1M")["month"]["inUse"]);
    assert_eq!(of("0")["month"]["inUse"], json!(0.0));
    let text = stdout(&run(&["cost", "--requests", "0"]));
    assert!(!text.contains("-0.00"), "{text}");
    let text = stdout(&run(&["cost", "--requests", "1"]));
    for words in [
        "1 appointment a month",
        "each read 1 time as",
        "1 message a batch",
    ] {
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(run(&["cost", "--requests", "many"]).status.code(), Some(2));
}

#[test]
fn a_template_is_judged_by_what_a_stage_of_ours_does_only_if_that_is_asked_for() {
    let file = edited("without_cl", |resources| {
        resources.as_object_mut().unwrap().remove("SubscriptionCL");
    });
    // Outside the project, where there are no stages.
    let check = |arguments: &[&str]| -> (Option<i32>, bool) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_infra-synth"));
        command.args(["check", "--format", "json", "--template", &file]);
        command
            .args(arguments)
            .current_dir("/")
            .env_remove("INFRA_SYNTH_STAGES");
        let output = command.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut findings = report["findings"].as_array().unwrap().iter();
        let found = findings.any(|one| one["rule"] == "message-has-one-subscriber");
        (output.status.code(), found)
    };
    assert!(!check(&[]).1);
    let stages = project().join("stacks/stages");
    let as_dev = check(&["--stage", "dev", "--stages", stages.to_str().unwrap()]);
    assert_eq!(as_dev, (Some(3), true));
}

#[test]
fn graph_draws_another_template_too() {
    let file = edited("graph", |resources| {
        resources.as_object_mut().unwrap().remove("SubscriptionCL");
    });
    assert!(stdout(&run(&["graph"])).contains("country = CL"));
    assert!(!stdout(&run(&["graph", "--template", &file])).contains("country = CL"));
    assert!(stdout(&run(&["graph", "--format", "dot"])).starts_with("digraph"));
}

#[test]
fn the_documents_show_the_architecture_as_it_is() {
    let page = fs::read_to_string(project().join("docs/architecture.md")).unwrap();
    let block = page
        .split_once("<!-- graph:begin -->")
        .and_then(|(_, rest)| rest.split_once("<!-- graph:end -->"))
        .expect("docs/architecture.md has the markers `graph:begin` and `graph:end`")
        .0;
    let expected = format!("\n```mermaid\n{}```\n", stdout(&run(&["graph"])));
    assert_eq!(
        block, expected,
        "put the output of `infra-synth graph` between the markers"
    );
}
