//! A stage's settings are taken whole or refused by file, key and what is expected.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on stops"
)]

use std::{fs, path::PathBuf};

use schedule_stacks::{StageError, StageSettings, appointment_stack};

mod auth;

const DEV: &str = include_str!("../../stages/dev.toml");
const PROD: &str = include_str!("../../stages/prod.toml");

/// A folder of stages with this one file in it.
fn stages(test: &str, stage: &str, text: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("stages")
        .join(test);
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join(format!("{stage}.toml")), text).unwrap();
    dir
}

/// Loads `dev` with one line of it replaced.
fn load(test: &str, line: &str, by: &str) -> Result<StageSettings, StageError> {
    assert!(DEV.contains(line), "`{line}` is not in dev.toml");
    StageSettings::load(&stages(test, "dev", &DEV.replacen(line, by, 1)), "dev")
}

/// The line replaced is refused with a message that has the file and all of these in it.
fn check_refused(test: &str, line: &str, by: &str, expected: &[&str]) {
    let error = load(test, line, by).expect_err(by);
    check_says(&error, &[expected, &["dev.toml"]].concat());
}

fn check_says(error: &StageError, expected: &[&str]) {
    let message = error.to_string();
    for part in expected {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

#[test]
fn a_missing_setting_is_named_with_what_is_expected() {
    check_refused(
        "missing",
        "service = \"appointment\"",
        "",
        &["`service` is missing", "lower-case letters"],
    );
    check_refused(
        "missing_port",
        "port = 3306",
        "",
        &["`database.port` is missing", "1 to 65535"],
    );
    let whole_section = "[countries]\nmaximum_concurrency = 5";
    check_refused(
        "missing_section",
        whole_section,
        "",
        &["`countries` is missing", "[countries]"],
    );
}

#[test]
fn an_unknown_setting_is_named_with_those_that_exist() {
    check_refused(
        "unknown",
        "port = 3306",
        "port = 3306\nprot = 1",
        &["`database.prot`", "`port`", "`user`"],
    );
    check_refused(
        "unknown_root",
        "service =",
        "servcie = \"x\"\nservice =",
        &["`servcie`", "`qualifier`"],
    );
}

#[test]
fn a_setting_of_the_wrong_type_is_named_with_what_stands_there() {
    check_refused(
        "type",
        "port = 3306",
        "port = \"3306\"",
        &["`database.port`", "whole number"],
    );
    check_refused(
        "flag",
        "retain_data = false",
        "retain_data = 0",
        &["`retain_data` is `0`", "`true` or `false`"],
    );
}

#[test]
fn a_setting_out_of_range_is_named_with_the_range() {
    check_refused(
        "port",
        "port = 3306",
        "port = 0",
        &["`database.port` is `0`", "1 to 65535"],
    );
    check_refused(
        "days",
        "_days = 14",
        "_days = 15",
        &["`log_retention_days` is `15`", "14, 30"],
    );
    check_refused(
        "cpu",
        "\"arm64\"",
        "\"mips\"",
        &["`architecture` is `mips`", "\"arm64\" or \"x86_64\""],
    );
    check_refused(
        "memory",
        "worker_memory_mib = 256",
        "worker_memory_mib = 64",
        &["128 to 10240"],
    );
    check_refused(
        "wait",
        "http_timeout_seconds = 10",
        "http_timeout_seconds = 30",
        &["5 to 29"],
    );
    check_refused(
        "rate",
        "create = { rate = 10000,",
        "create = { rate = 10001,",
        &["`api.throttling.create.rate` is `10001`", "1 to 10000"],
    );
    check_refused(
        "host",
        "host = \"",
        "host = \"mysql://",
        &["`database.host`", "without scheme"],
    );
}

#[test]
fn an_origin_is_a_scheme_and_a_host_and_nothing_else() {
    for bad in [
        "*",
        "https://*.example.com",
        "http://example.com",
        "https://a.example/",
        "localhost:3000",
    ] {
        let by = format!("cors_allow_origins = [\"{bad}\"]");
        let line = "cors_allow_origins = [\"http://localhost:3000\", \"http://localhost:5173\"]";
        check_refused(
            "origin",
            line,
            &by,
            &["`api.cors_allow_origins`", bad, "no wildcard"],
        );
    }
}

#[test]
fn more_concurrency_than_the_database_has_connections_for_is_refused() {
    // 10 functions × 2 connections × 2 countries are the 40 of the budget.
    load(
        "budget_kept",
        "maximum_concurrency = 5",
        "maximum_concurrency = 10",
    )
    .unwrap();
    let expected = [
        "`countries.maximum_concurrency` is `11`",
        "at most 10",
        "`database.connection_budget` = 40",
    ];
    check_refused(
        "budget",
        "maximum_concurrency = 5",
        "maximum_concurrency = 11",
        &expected,
    );
}

#[test]
fn lambda_allows_no_maximum_concurrency_under_two() {
    check_refused(
        "least",
        "maximum_concurrency = 5",
        "maximum_concurrency = 1",
        &["2 to 500"],
    );
}

#[test]
fn an_unknown_stage_is_answered_with_those_that_exist() {
    let dir = stages("unknown_stage", "dev", DEV);
    fs::write(dir.join("prod.toml"), DEV).unwrap();
    let message = StageSettings::load(&dir, "staging").unwrap_err().to_string();
    assert!(
        message.contains("no stage `staging`") && message.contains("`dev`, `prod`"),
        "{message}"
    );
}

#[test]
fn a_stage_is_no_way_out_of_its_folder() {
    let dir = stages("outside", "dev", DEV);
    for name in ["../outside/dev", "/etc/passwd", "", "."] {
        let error = StageSettings::load(&dir, name).unwrap_err();
        assert!(
            matches!(error, StageError::NoSuchStage { .. }),
            "`{name}`: {error}"
        );
    }
}

#[test]
fn what_is_not_toml_is_refused_with_the_parsers_place() {
    let error = load("syntax", "port = 3306", "port = ").unwrap_err();
    assert!(error.to_string().contains("dev.toml"));
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("line"), "{source}");
}

#[test]
fn a_qualifier_ends_every_name() {
    let settings = load("qualifier", "service =", "qualifier = \"ana\"\nservice =").unwrap();
    assert_eq!(settings.name("appointments"), "appointments-ana");
    assert_eq!(
        settings.function_name("createAppointment"),
        "appointment-dev-createAppointment-ana"
    );
    check_refused(
        "bad_qualifier",
        "service =",
        "qualifier = \"Ana!\"\nservice =",
        &["`qualifier` is `Ana!`"],
    );
}

#[test]
fn no_functions_name_is_longer_than_lambda_allows() {
    let named = |qualifier: &str| {
        let names = format!("service = \"a-service-of-20chars\"\nqualifier = \"{qualifier}\"");
        let text = DEV.replace("service = \"appointment\"", &names);
        StageSettings::load(&stages("long_names", "staging-12", &text), "staging-12")
    };
    let template = appointment_stack(&named("eleven-more").unwrap()).unwrap();
    let resources = template.as_value()["Resources"].as_object().unwrap();
    let functions = resources
        .values()
        .filter(|resource| resource["Type"] == "AWS::Lambda::Function");
    let lengths = functions.map(|function| function["Properties"]["FunctionName"].as_str().unwrap().len());
    assert_eq!(lengths.max(), Some(64));

    check_says(
        &named("twelve-chars").unwrap_err(),
        &["staging-12.toml", "`service`", "shorter by 1"],
    );
}

#[test]
fn a_stage_says_itself_whether_it_is_production_and_prod_is() {
    let live = StageSettings::load(&stages("production", "live", PROD), "live").unwrap();
    assert!(live.production);
    let message = StageSettings::load(&stages("trial", "prod", DEV), "prod")
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("`production` is `false`") && message.contains("the stage is named `prod`"),
        "{message}"
    );
    check_refused(
        "production",
        "production = false\n",
        "",
        &["`production` is missing", "`true` or `false`"],
    );
    check_refused(
        "production_word",
        "production = false",
        "production = \"no\"",
        &["`production` is `no`", "`true` or `false`"],
    );
}
