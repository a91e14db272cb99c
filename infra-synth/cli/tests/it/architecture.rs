//! Which crate may use which, as a table; `cargo metadata` says what is.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The project's own crates that each of them may use (apart from tests).
const MAY_USE: &[(&str, &[&str])] = &[
    ("schedule-core", &[]),
    ("schedule-handlers", &["schedule-core"]),
    ("schedule-mysql", &["schedule-core"]),
    ("schedule-aws", &["schedule-core"]),
    ("schedule-runtime", &["schedule-core", "schedule-handlers"]),
    ("create-appointment", FUNCTION),
    ("get-appointment", FUNCTION),
    ("process-appointment", FUNCTION),
    ("process-confirmation", FUNCTION),
    ("republish-pending", FUNCTION),
    ("infra-synth-cfn", &[]),
    (
        "infra-synth-deploy",
        // What a database's URL may be, which `migrate` reads too.
        &["infra-synth-cfn", "infra-synth-review", "schedule-mysql"],
    ),
    ("infra-synth-review", &["infra-synth-cfn", "infra-synth-matching"]),
    ("infra-synth-matching", &[]),
    ("infra-synth-operations", &["schedule-core", "schedule-handlers"]),
    (
        "infra-synth-operations-aws",
        &[
            "infra-synth-cfn",
            "infra-synth-operations",
            "schedule-aws",
            "schedule-core",
            "schedule-mysql",
        ],
    ),
    (
        "infra-synth-local",
        &[
            "infra-synth-cfn",
            "infra-synth-matching",
            "infra-synth-operations",
            "schedule-core",
            "schedule-handlers",
            "schedule-mysql",
            "schedule-openapi",
        ],
    ),
    ("infra-synth-bench", &[]),
    (
        "infra-synth-chaos",
        &[
            "infra-synth-local",
            "schedule-core",
            "schedule-mysql",
            "schedule-stacks",
        ],
    ),
    ("schedule-openapi", &["schedule-core", "schedule-handlers"]),
    ("schedule-functions-bench", &["schedule-core"]),
    ("schedule-simulation", &["schedule-core", "schedule-handlers"]),
    ("schedule-stacks", &["infra-synth-cfn", "schedule-core"]),
    (
        "infra-synth",
        &[
            "infra-synth-cfn",
            "infra-synth-deploy",
            "infra-synth-local",
            "infra-synth-operations",
            "infra-synth-operations-aws",
            "infra-synth-review",
            "schedule-core",
            "schedule-stacks",
        ],
    ),
];

/// A function's binary puts together what the others make, and is used by none.
const FUNCTION: &[&str] = &[
    "schedule-core",
    "schedule-handlers",
    "schedule-aws",
    "schedule-mysql",
    "schedule-runtime",
];

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
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    for (package, uses) in &dependencies {
        let Some(may_use) = allowed.get(package.as_str()) else {
            panic!("`{package}` has no place in the table: add what it may use")
        };
        let own = uses.iter().filter(|used| dependencies.contains_key(*used));
        for used in own {
            assert!(
                may_use.contains(&used.as_str()),
                "`{package}` must not use `{used}`"
            );
        }
    }
    assert_eq!(
        dependencies.len(),
        MAY_USE.len(),
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
                !forbidden
                    .iter()
                    .any(|prefix| used.starts_with(prefix) && !used.starts_with("aws_lambda_events")),
                "`{package}` must not use `{used}`"
            );
        }
    }
}
