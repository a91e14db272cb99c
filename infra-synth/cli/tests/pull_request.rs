//! `.ci/review`: what is said of a pull request, and how that ends.
#![cfg(feature = "review")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A repository of its own with this project's stages, snapshots and script, committed as `base`.
struct Project(PathBuf);

impl Project {
    fn new(name: &str) -> Self {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("pull_request")
            .join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        for part in [".ci", "stacks/stages", "snapshots"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        fs::copy(ours.join(".ci/review"), folder.join(".ci/review")).unwrap();
        let project = Self(folder);
        for stage in ["dev", "prod"] {
            let settings = format!("stacks/stages/{stage}.toml");
            fs::copy(ours.join(&settings), project.0.join(&settings)).unwrap();
            // What the stage is now, and not the golden one, which may be behind while somebody works on the stack.
            let synth = project.tool(&["synth", "--stage", stage]);
            fs::write(project.0.join(format!("snapshots/{stage}.snap")), synth.stdout).unwrap();
        }
        project.git(&["init", "--quiet"]);
        project.git(&["add", "--all"]);
        project.git(&[
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "commit",
            "--quiet",
            "--message=base",
        ]);
        project.git(&["tag", "base"]);
        project
    }

    fn tool(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_infra-synth"));
        command
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("INFRA_SYNTH_STAGES");
        command.output().unwrap()
    }

    fn git(&self, arguments: &[&str]) {
        let done = Command::new("git")
            .args(arguments)
            .current_dir(&self.0)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// The exit code, and the comment.
    fn review(&self, base: &str, gates: &[&str]) -> (i32, String) {
        let done = Command::new(self.0.join(".ci/review"))
            .args([base, "out"])
            .args(gates)
            .env("INFRA_SYNTH", env!("CARGO_BIN_EXE_infra-synth"))
            .env_remove("INFRA_SYNTH_STAGES")
            .output()
            .unwrap();
        (
            done.status.code().unwrap(),
            String::from_utf8(done.stdout).unwrap(),
        )
    }

    fn remove(&self, file: &str) {
        fs::remove_file(self.0.join(file)).unwrap();
    }

    fn edit(&self, file: &str, old: &str, new: &str) {
        let file = self.0.join(file);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(old), "`{old}` is not in {}", file.display());
        fs::write(file, text.replacen(old, new, 1)).unwrap();
    }
}

const BROADENING: &[&str] = &["--fail-on", "broadening"];
const DESTRUCTIVE: &[&str] = &["--fail-on", "destructive"];

#[test]
fn a_change_that_opens_nothing_passes_every_gate_and_each_stage_has_its_findings() {
    let project = Project::new("nothing");
    let (code, comment) = project.review("base", &["--fail-on", "any"]);
    assert_eq!(code, 0, "{comment}");
    assert!(comment.starts_with("<!-- template review -->"));
    for stage in ["dev", "prod"] {
        assert!(comment.contains(&format!("## Stage `{stage}`")));
        let sarif = fs::read_to_string(project.0.join(format!("out/sarif/{stage}.sarif"))).unwrap();
        assert!(sarif.contains(&format!("infra-synth/check/{stage}/")));
    }
}

#[test]
fn a_gate_that_does_not_hold_ends_with_3() {
    let project = Project::new("broadening");
    project.edit(
        "stacks/stages/dev.toml",
        "\"http://localhost:3000\"",
        "\"https://a.example\"",
    );
    assert_eq!(project.review("base", BROADENING).0, 3);
    assert_eq!(project.review("base", DESTRUCTIVE).0, 0);
}

#[test]
fn a_stage_that_is_removed_is_destructive_whatever_of_it_is_left() {
    let project = Project::new("removed");
    project.remove("stacks/stages/prod.toml");
    // Once with its snapshot still there, once without.
    for _ in 0..2 {
        let (code, comment) = project.review("base", DESTRUCTIVE);
        assert_eq!(code, 3, "{comment}");
        assert!(comment.contains("## Stage `prod`\n\n**Destructive**: the stage is removed"));
        assert_eq!(project.review("base", BROADENING).0, 0);
        let _ = fs::remove_file(project.0.join("snapshots/prod.snap"));
    }
}

#[test]
fn a_snapshot_that_is_removed_hides_no_change() {
    let project = Project::new("hidden");
    project.remove("snapshots/dev.snap");
    project.edit(
        "stacks/stages/dev.toml",
        "\"http://localhost:3000\"",
        "\"https://a.example\"",
    );
    assert_eq!(project.review("base", BROADENING).0, 3);
}

#[test]
fn a_new_stage_is_compared_with_nothing() {
    let project = Project::new("new");
    fs::copy(
        project.0.join("stacks/stages/dev.toml"),
        project.0.join("stacks/stages/qa.toml"),
    )
    .unwrap();
    let (code, comment) = project.review("base", BROADENING);
    assert_eq!(code, 3, "{comment}");
    assert!(comment.contains("## Stage `qa`\n\nA new stage"));
}

#[test]
fn a_base_that_is_not_there_is_no_empty_one() {
    assert_eq!(Project::new("base").review("nowhere", &[]).0, 2);
}
