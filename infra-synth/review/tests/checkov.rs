//! What checkov fails on a stage's template is exactly what `docs/checkov.md` gives a reason for.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::Value as Json;

/// A check that fails on a resource.
type Failure = (String, String);

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The checkov that `.ci/requirements.txt` pins, where `make setup` puts it; `CHECKOV` names another.
fn checkov() -> PathBuf {
    let executable =
        env::var_os("CHECKOV").map_or_else(|| workspace().join("target/python/bin/checkov"), PathBuf::from);
    assert!(
        executable.exists(),
        "checkov is not at `{}`: run `make setup`, or set CHECKOV to where it is",
        executable.display()
    );
    executable
}

fn failures(name: &str, template: &str) -> BTreeSet<Failure> {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.template.yaml"));
    fs::write(&file, template).unwrap();
    let output = Command::new(checkov())
        .args([
            "--framework",
            "cloudformation",
            "--output",
            "json",
            "--quiet",
            "--compact",
            "--skip-download",
        ])
        .arg("--file")
        .arg(&file)
        .output()
        .unwrap();
    let report: Json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("checkov: {error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(report["summary"]["parsing_errors"], 0, "stage `{name}`");
    assert!(
        report["summary"]["passed"].as_u64() > Some(50),
        "checkov has seen the template of `{name}`"
    );
    let failed = report["results"]["failed_checks"].as_array().unwrap();
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    failed
        .iter()
        .map(|check| {
            (
                text(&check["check_id"]),
                text(&check["resource"]).rsplit('.').next().unwrap().to_owned(),
            )
        })
        .collect()
}

/// The rows of the tables in `docs/checkov.md`: a check, the resources, the reason.
fn accepted() -> BTreeSet<Failure> {
    let page = fs::read_to_string(workspace().join("docs/checkov.md")).unwrap();
    let mut accepted = BTreeSet::new();
    for row in page.lines().filter(|line| line.starts_with("| CKV")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [check, resources, reason] = cells[..] else {
            panic!("three cells: {row}")
        };
        assert!(reason.len() > 20, "a reason: {row}");
        for resource in resources.split(", ") {
            let resource = resource.trim_matches('`').to_owned();
            assert!(accepted.insert((check.to_owned(), resource)), "once: {row}");
        }
    }
    accepted
}

#[test]
fn what_checkov_fails_is_what_has_a_reason_on_every_stage() {
    let stages = workspace().join("stacks/stages");
    for stage in StageSettings::stages_in(&stages) {
        let settings = StageSettings::load(&stages, &stage).unwrap();
        let found = failures(&stage, &appointment_stack(&settings).unwrap().to_yaml());
        let accepted = accepted();
        let unexplained: Vec<_> = found.difference(&accepted).collect();
        let outdated: Vec<_> = accepted.difference(&found).collect();
        assert!(
            unexplained.is_empty(),
            "stage `{stage}`: mend, or give a reason in docs/checkov.md: {unexplained:?}"
        );
        assert!(
            outdated.is_empty(),
            "stage `{stage}`: passes now, so take out of docs/checkov.md: {outdated:?}"
        );
    }
}
