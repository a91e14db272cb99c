//! `infra-synth diff` as a process: what it compares, and how it ends.
#![cfg(feature = "review")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const QUEUE: &str = "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    DeletionPolicy: Retain\n    Properties:\n      VisibilityTimeout: 30\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_infra-synth"));
    command.arg("diff").args(arguments).current_dir(folder);
    for set_outside in [
        "INFRA_SYNTH_STAGES",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_PROFILE",
    ] {
        command.env_remove(set_outside);
    }
    command
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Two template files in a folder of the test's own.
fn files(name: &str, old: &str, new: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("old.yaml"), old).unwrap();
    fs::write(folder.join("new.yaml"), new).unwrap();
    folder
}

#[test]
fn every_stage_is_what_its_snapshot_says() {
    for stage in ["dev", "prod"] {
        let output = diff(&root(), &["--stage", stage, "--fail-on", "any"]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(words.starts_with("Nothing changes.\n"), "{words}");
        // Where no token is asked for, that is said every time.
        assert_eq!(
            words.contains("anyone who knows the URL"),
            stage == "dev",
            "{words}"
        );
    }
}

#[test]
fn a_gate_that_does_not_hold_ends_with_3_and_its_reasons() {
    let folder = files("gate", QUEUE, &QUEUE.replace("Retain", "Delete"));
    let output = diff(
        &folder,
        &[
            "old.yaml",
            "new.yaml",
            "--fail-on",
            "broadening",
            "--fail-on",
            "destructive",
        ],
    );
    assert_eq!(code(&output), 3);
    assert!(
        said(&output).contains("--fail-on destructive does not hold"),
        "{}",
        said(&output)
    );
    assert!(
        !said(&output).contains("--fail-on broadening"),
        "{}",
        said(&output)
    );
    assert!(
        said(&output).contains("Jobs: `DeletionPolicy` no longer keeps it"),
        "{}",
        said(&output)
    );
}

#[test]
fn what_offends_no_gate_ends_with_0() {
    let folder = files("harmless", QUEUE, &QUEUE.replace("30", "60"));
    let gates = [
        "old.yaml",
        "new.yaml",
        "--fail-on",
        "broadening",
        "--fail-on",
        "destructive",
    ];
    assert_eq!(code(&diff(&folder, &gates)), 0);
    assert_eq!(
        code(&diff(&folder, &["old.yaml", "new.yaml", "--fail-on", "any"])),
        3
    );
    assert_eq!(code(&diff(&folder, &["old.yaml", "new.yaml"])), 0);
}

#[test]
fn short_tags_and_json_are_compared_alike() {
    let yaml = "Resources:\n  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      Queues: [!Ref Q]\n      PolicyDocument: !Sub '${D}'\n";
    let json = r#"{"Resources":{"P":{"Type":"AWS::SQS::QueuePolicy","Properties":{"Queues":[{"Ref":"Q"}],"PolicyDocument":{"Ref":"D"}}}}}"#;
    let folder = files("notations", yaml, json);
    let output = diff(&folder, &["old.yaml", "new.yaml", "--fail-on", "any"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
}

#[test]
fn a_failure_says_what_to_do() {
    let folder = files("failure", QUEUE, "Resources: [");
    for (arguments, hint) in [
        (&["old.yaml", "new.yaml"][..], "`new.yaml` is no template"),
        (&["old.yaml", "none.yaml"], "cannot read the template `none.yaml`"),
    ] {
        let output = diff(&folder, arguments);
        assert_eq!(code(&output), 1);
        assert!(said(&output).contains(hint), "{}", said(&output));
    }
    let output = diff(&root(), &["--against", "deployed"]);
    assert_eq!(code(&output), 1);
    let hint = if cfg!(feature = "aws") {
        "no region is chosen"
    } else {
        "built without AWS"
    };
    assert!(said(&output).contains(hint), "{}", said(&output));
    let output = diff(&root(), &["--against", "git:--no-such-revision"]);
    assert_eq!(code(&output), 1);
    assert!(
        said(&output).contains("name a revision that has the snapshot"),
        "{}",
        said(&output)
    );
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["one.yaml"][..],
        &["a", "b", "--against", "snapshot"],
        &["--fail-on", "luck"],
        &["--against", "git:"],
    ] {
        assert_eq!(code(&diff(&root(), arguments)), 2, "{arguments:?}");
    }
}
