//! What docs/api.md tells an API's user to paste does what it shows there.

use std::process::Command;

use crate::process::{Local, empty_folder, project, text};

/// A command of it, and the lines that it shows as its output.
struct Example {
    command: String,
    shows: Vec<String>,
}

#[test]
fn an_apis_user_can_paste_the_readme() {
    let folder = empty_folder("readme");
    let folder = folder.to_str().unwrap();
    let local = Local::start(&["--stage", "prod", "--data-dir", folder]);
    let examples = examples();
    assert!(examples.len() > 10, "{} commands", examples.len());

    let program = env!("CARGO_BIN_EXE_infra-synth");
    let mut script = "exec 2>&1\n".to_owned();
    for Example { command, .. } in &examples {
        let command = command
            .replace("http://127.0.0.1:3000", &local.url)
            .replace(
                "target/local/infra-synth token",
                &format!("{program} token --data-dir {folder}"),
            )
            .replace("curl ", "curl --silent --show-error ");
        let wait = if command.contains("idempotency-key") {
            // "A moment later".
            "until curl -s $API/appointments/00123 -H \"$AUTH\" | grep -q COMPLETED; do :; done\n"
        } else {
            ""
        };
        script.push_str(&format!("{command}\n{wait}echo; echo {END}\n"));
    }
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(project())
        .output()
        .unwrap();
    let output = text(&output.stdout);
    for (example, printed) in examples.iter().zip(output.split(END)) {
        for line in &example.shows {
            let is_printed = printed.lines().any(|printed| fits(line, printed.trim_end()));
            assert!(
                is_printed,
                "`{}` shows no `{line}` but:\n{printed}",
                example.command
            );
        }
    }
}

const END: &str = "-- that was all of it --";

/// The commands, but the one that starts the system.
fn examples() -> Vec<Example> {
    let page = std::fs::read_to_string(project().join("docs/api.md")).unwrap();
    let mut examples: Vec<Example> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        for line in block.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => examples.push(Example {
                    command: command.to_owned(),
                    shows: Vec::new(),
                }),
                None => examples.last_mut().unwrap().shows.push(line.to_owned()),
            }
        }
    }
    examples.retain(|example| !example.command.starts_with("make run"));
    examples
}

/// Whether a printed line has the pieces between the page's ellipses, in their order, from its beginning to its end.
fn fits(shown: &str, printed: &str) -> bool {
    let Some((first, after)) = shown.split_once('…') else {
        return shown == printed;
    };
    let (between, last) = after.rsplit_once('…').unwrap_or(("", after));
    let inside = printed
        .strip_prefix(first)
        .and_then(|rest| rest.strip_suffix(last));
    let found = between
        .split('…')
        .try_fold(inside.unwrap_or_default(), |rest, piece| {
            rest.find(piece).map(|at| &rest[at + piece.len()..])
        });
    inside.is_some() && found.is_some()
}
