//! AWS's own linter finds nothing to say about any stage's template, and its schemas say what deploying takes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use schedule_stacks::{StageSettings, appointment_stack};

/// What `.ci/deployer_policy.py` makes of the linter's schemas.
#[test]
fn whoever_deploys_is_allowed_what_the_templates_types_need() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let made = Command::new(cfn_lint().with_file_name("python"))
        .arg(project.join(".ci/deployer_policy.py"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let kept = std::fs::read_to_string(project.join("docs/deployer-policy.json")).unwrap();
    assert!(
        String::from_utf8(made.stdout).unwrap() == kept,
        "docs/deployer-policy.json is not what the templates need; make it anew: make deployer-policy"
    );
}

/// The linter that `.ci/requirements.txt` pins, where `make setup` puts it; `CFN_LINT` names another.
fn cfn_lint() -> PathBuf {
    let executable = env::var_os("CFN_LINT").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/python/bin/cfn-lint"),
        PathBuf::from,
    );
    assert!(
        executable.exists(),
        "cfn-lint is not at `{}`: run `make setup`, or set CFN_LINT to where it is",
        executable.display()
    );
    executable
}

/// What the linter says of a template; empty when it is content.
fn findings(template: &str) -> String {
    let mut linter = Command::new(cfn_lint())
        .args(["--regions", "us-east-1", "--format", "parseable"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    linter
        .stdin
        .take()
        .unwrap()
        .write_all(template.as_bytes())
        .unwrap();
    let output = linter.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(
        output.status.success() || !text.is_empty(),
        "cfn-lint failed without a word: {}",
        output.status
    );
    text
}

#[test]
fn no_stages_template_has_an_error_or_a_warning() {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("stages");
    for stage in StageSettings::stages_in(&stages) {
        let settings = StageSettings::load(&stages, &stage).unwrap();
        let template = appointment_stack(&settings).unwrap();
        assert_eq!(findings(&template.to_yaml()), "", "stage `{stage}`");
    }
}

#[test]
fn the_linter_sees_a_property_that_does_not_exist() {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("stages");
    let template = appointment_stack(&StageSettings::load(&stages, "dev").unwrap())
        .unwrap()
        .to_yaml();
    let broken = template.replacen("VisibilityTimeout", "VisibilityTimeuot", 1);
    assert_ne!(broken, template);
    assert!(findings(&broken).contains("E3002"), "{}", findings(&broken));
}
