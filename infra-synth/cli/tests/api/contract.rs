//! The API tried by schemathesis, all its checks on: no 5xx, nothing that the document does not describe, no valid
//! request refused, no invalid one accepted.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Tries the API behind that address, each request with these headers; gives the number of requests.
///
/// `examples` are the cases for each operation and phase; what is derived from the document's limits comes on top.
#[track_caller]
pub(crate) fn hold(url: &str, headers: &[String], examples: u32) -> u32 {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let beside = project.join("infra-synth/cli/tests/api");
    let program = project.join("target/schemathesis/bin/schemathesis");
    assert!(
        program.is_file(),
        "`{}` is missing: run `make setup`",
        program.display()
    );
    // The tool leaves folders where it runs.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    fs::create_dir_all(&folder).unwrap();
    let output = Command::new(program)
        .arg("--config-file")
        .arg(beside.join("schemathesis.toml"))
        .arg("run")
        .arg(project.join("docs/openapi.json"))
        .args([
            "--url",
            url,
            "--max-examples",
            &examples.to_string(),
            "--no-color",
        ])
        .args(headers.iter().flat_map(|header| ["--header", header]))
        .env("SCHEMATHESIS_HOOKS", beside.join("hooks.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let words: Vec<&str> = said.split_whitespace().collect();
    let count = words.windows(2).find(|pair| pair[1] == "generated,");
    count.map_or_else(|| panic!("{said}"), |pair| pair[0].parse().unwrap())
}
