//! Which crate may use which is a table in docs/architecture.md; `cargo metadata` says what is.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Others' crates that must not be near: no I/O in the domain and the model, no SDK where a laptop has to compile it.
const NEVER: &[(&str, &[&str])] = &[
    (
        "schedule-core",
        &["tokio", "lambda", "aws", "hyper", "mysql_async"],
    ),
    (
        "schedule-handlers",
        &["tokio", "aws-sdk", "aws-config", "mysql_async"],
    ),
    ("infra-synth-cfn", &["tokio", "aws", "hyper"]),
    ("infra-synth-review", &["tokio", "aws", "hyper"]),
    ("infra-synth-matching", &["tokio", "aws", "hyper"]),
    ("infra-synth-operations", &["tokio", "aws", "hyper"]),
    (
        "infra-synth-local",
        &["aws-sdk", "aws-config", "aws-smithy", "lambda_runtime"],
    ),
];

/// The project's own crates, each with those of them that it may use (apart from tests).
fn may_use() -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(crate::process::project().join("docs/architecture.md")).unwrap();
    let (_, table) = page.split_once("<!-- crates:begin -->\n").unwrap();
    let (table, _) = table.split_once("<!-- crates:end -->").unwrap();
    let names = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // Below the heading and the line under it.
    let rows = table
        .lines()
        .skip(2)
        .map(|row| row.split('|').collect::<Vec<_>>());
    rows.map(|row| match row[..] {
        ["", _, krate, _, uses, ""] => (names(krate).remove(0), names(uses).into_iter().collect()),
        _ => panic!("a row of another shape: {row:?}"),
    })
    .collect()
}

fn direct_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(crate::process::project())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap();
            let normal = dependencies
                .iter()
                .filter(|dependency| dependency["kind"].is_null());
            (name(package), normal.map(name).collect())
        })
        .collect()
}

#[test]
fn every_crate_uses_only_what_its_place_allows() {
    let dependencies = direct_dependencies();
    let may_use = may_use();
    for (package, uses) in &dependencies {
        let Some(may_use) = may_use.get(package) else {
            panic!("`{package}` has no place in the table of docs/architecture.md: add what it may use")
        };
        let own = uses.iter().filter(|used| dependencies.contains_key(*used));
        for used in own {
            assert!(may_use.contains(used), "`{package}` must not use `{used}`");
        }
    }
    assert_eq!(
        dependencies.len(),
        may_use.len(),
        "the table names a crate that is gone"
    );
}

#[test]
fn what_make_run_compiles_holds_no_sdk() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "infra-synth",
            "--no-default-features",
            "--features",
            "local",
        ])
        .args(["--edges", "normal,build", "--prefix", "none", "--offline"])
        .current_dir(crate::process::project())
        .output()
        .unwrap();
    assert!(output.status.success());
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("infra-synth-local"));
    let sdk: Vec<&str> = tree.lines().filter(|line| line.starts_with("aws-")).collect();
    assert!(sdk.is_empty(), "{sdk:?}");
}

#[test]
fn no_crate_uses_what_its_place_forbids() {
    let dependencies = direct_dependencies();
    for (package, forbidden) in NEVER.iter().copied() {
        for used in &dependencies[package] {
            assert!(
                !forbidden.iter().any(|prefix| used.starts_with(prefix)),
                "`{package}` must not use `{used}`"
            );
        }
    }
}
