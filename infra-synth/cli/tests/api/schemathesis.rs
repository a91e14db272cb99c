use std::process::Command;

use crate::process::{empty_folder, project};
use crate::system::{System, beside};
use crate::tools::{installed, succeed};

/// Cases for each operation and phase; what is derived from the document's limits comes on top.
const EXAMPLES: &str = "1000";

#[test]
fn schemathesis_finds_no_answer_that_the_document_does_not_describe() {
    let system = System::start("schemathesis");
    let said = succeed(
        Command::new(installed("schemathesis/bin/schemathesis"))
            .arg("--config-file")
            .arg(beside("schemathesis.toml"))
            .arg("run")
            .arg(project().join("docs/openapi.json"))
            .args(["--url", system.url()])
            .args(["--max-examples", EXAMPLES, "--no-color"])
            .args(["--header", &format!("Authorization: Bearer {}", system.token())])
            .env("SCHEMATHESIS_HOOKS", beside("hooks.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(empty_folder("schemathesis-run")),
    );
    let cases = said
        .split_whitespace()
        .zip(said.split_whitespace().skip(1))
        .find_map(|(count, word)| (word == "generated,").then(|| count.parse::<u32>().unwrap()));
    assert!(cases.is_some_and(|cases| cases > 3000), "{said}");
}
