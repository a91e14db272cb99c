use crate::process::{empty_folder, infra_synth, run, text};

#[test]
fn synth_writes_the_golden_template_of_each_stage() {
    for stage in ["dev", "prod"] {
        let output = run(&["synth", "--stage", stage]);
        assert!(output.status.success());
        let golden =
            std::fs::read_to_string(crate::process::project().join(format!("snapshots/{stage}.snap")))
                .unwrap();
        let (_, golden) = golden.split_once("\n---\n").unwrap();
        assert_eq!(text(&output.stdout).trim_end(), golden.trim_end());
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn yaml_and_json_are_the_same_template() {
    let yaml: serde_json::Value = serde_yaml::from_slice(&run(&["synth"]).stdout).unwrap();
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["synth", "--format", "json"]).stdout).unwrap();
    assert_eq!(yaml, json);
}

#[test]
fn out_writes_a_file_and_says_which() {
    let folder = empty_folder("synth-out");
    let output = run(&[
        "synth",
        "--stage",
        "prod",
        "--format",
        "json",
        "--out",
        folder.to_str().unwrap(),
    ]);
    let file = folder.join("prod.template.json");
    assert!(output.stdout.is_empty());
    assert_eq!(text(&output.stderr), format!("wrote {}\n", file.display()));
    assert!(
        std::fs::read_to_string(file)
            .unwrap()
            .contains("AWS::DynamoDB::Table")
    );
}

#[test]
fn an_unknown_stage_names_those_that_exist() {
    let output = run(&["synth", "--stage", "qa"]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(
        error.starts_with("error: ")
            && error.contains("`qa`")
            && error.contains("dev")
            && error.contains("prod"),
        "{error}"
    );
}

#[test]
fn a_wrong_setting_names_file_key_and_what_is_expected() {
    let folder = empty_folder("wrong-setting");
    let stages = crate::process::project().join("stacks/stages/dev.toml");
    let settings = std::fs::read_to_string(stages)
        .unwrap()
        .replace("\"arm64\"", "\"mips\"");
    std::fs::write(folder.join("dev.toml"), settings).unwrap();
    let output = run(&["synth", "--stages", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    for part in ["dev.toml", "architecture", "mips", "x86_64"] {
        assert!(error.contains(part), "`{part}` is not in: {error}");
    }
}

#[test]
fn the_stages_are_found_from_a_folder_below_and_missed_outside() {
    let below = infra_synth(&["synth"])
        .current_dir(crate::process::project().join("infra-synth/cli"))
        .output()
        .unwrap();
    assert!(below.status.success());
    let outside = infra_synth(&["synth"]).current_dir("/").output().unwrap();
    assert_eq!(outside.status.code(), Some(1));
    assert!(text(&outside.stderr).contains("--stages"));
}

#[test]
fn wrong_usage_ends_with_2() {
    assert_eq!(run(&["synthesize"]).status.code(), Some(2));
    assert_eq!(run(&["synth", "--format", "xml"]).status.code(), Some(2));
}

#[test]
fn completions_are_written_for_a_shell() {
    assert!(text(&run(&["completions", "bash"]).stdout).contains("infra-synth"));
}

#[test]
fn the_readme_names_every_command() {
    let readme = std::fs::read_to_string(crate::process::project().join("README.md")).unwrap();
    let help = text(&run(&["help"]).stdout);
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\nOptions:").unwrap();
    for line in commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
    {
        let command = line.split_whitespace().next().unwrap();
        let named =
            readme.contains(&format!("`infra-synth {command}")) || readme.contains(&format!("`{command}"));
        assert!(named || command == "help", "README.md does not name `{command}`");
    }
}
