//! Who may call a stage's API.

use schedule_stacks::{AuthSettings, JwtSettings, StageError, StageSettings};

use super::{DEV, PROD, check_refused, check_says, stages};

/// Loads `prod` with one line of it replaced.
fn load(test: &str, line: &str, by: &str) -> Result<StageSettings, StageError> {
    assert!(PROD.contains(line), "`{line}` is not in prod.toml");
    StageSettings::load(&stages(test, "prod", &PROD.replacen(line, by, 1)), "prod")
}

fn check_refused_in_prod(test: &str, line: &str, by: &str, expected: &[&str]) {
    let error = load(test, line, by).expect_err(by);
    check_says(&error, &[expected, &["prod.toml"]].concat());
}

#[test]
fn a_stage_says_which_tokens_it_takes() {
    let settings = load("auth_whole", "", "").unwrap();
    let expected = JwtSettings {
        issuer: "https://identity.prod.invalid".to_owned(),
        audience: vec!["medical-schedule".to_owned()],
        insured_claim: "insured_id".to_owned(),
        countries_claim: "countries".to_owned(),
    };
    assert_eq!(settings.auth, AuthSettings::Jwt(expected));
}

#[test]
fn a_stage_must_say_who_may_call_it() {
    check_refused(
        "auth_section",
        "[auth]",
        "[oauth]",
        &["`auth` is missing", "[auth]"],
    );
    check_refused(
        "auth_mode",
        "mode = \"none\"",
        "mode = \"open\"",
        &["`auth.mode` is `open`", "\"jwt\" or \"none\""],
    );
}

#[test]
fn a_stage_without_auth_has_no_other_setting_of_it() {
    check_refused(
        "auth_left_over",
        "mode = \"none\"",
        "mode = \"none\"\nissuer = \"https://identity.example.com\"",
        &["`auth.issuer` is no setting", "`mode`"],
    );
}

#[test]
fn production_is_never_open_to_anyone() {
    let text = DEV.replacen("production = false", "production = true", 1);
    let error = StageSettings::load(&stages("auth_open", "live", &text), "live").unwrap_err();
    check_says(
        &error,
        &["live.toml", "`auth.mode` is `none`", "\"jwt\"", "`production`"],
    );
}

#[test]
fn production_takes_no_tokens_from_this_machine() {
    let issuer = "issuer = \"https://identity.prod.invalid\"";
    let loopback = "issuer = \"http://127.0.0.1:8080\"";
    check_refused_in_prod(
        "auth_http",
        issuer,
        loopback,
        &["`auth.issuer`", "https", "`production`"],
    );

    let trial = PROD
        .replacen("production = true", "production = false", 1)
        .replacen(issuer, loopback, 1);
    StageSettings::load(&stages("auth_trial", "trial", &trial), "trial").unwrap();
}

#[test]
fn an_issuer_is_an_https_url_and_nothing_else() {
    for bad in [
        "identity.example.com",
        "http://identity.example.com",
        "http://127.0.0.1.example.com",
        "https://",
        "https://identity.example.com/?tenant=1",
        "https://identity.example.com/#keys",
        "https://name:password@identity.example.com",
        "https://identity.example.com/a b",
    ] {
        let by = format!("issuer = \"{bad}\"");
        check_refused_in_prod(
            "auth_issuer",
            "issuer = \"https://identity.prod.invalid\"",
            &by,
            &["`auth.issuer`", bad, "https"],
        );
    }
    for good in [
        "https://identity.example.com/pool_1/",
        "https://identity.example.com:8443",
    ] {
        load("auth_good_issuer", "https://identity.prod.invalid", good).unwrap();
    }
}

#[test]
fn an_audience_is_at_least_one_text() {
    for bad in ["[]", "\"medical-schedule\"", "[\"\"]", "[1]"] {
        check_refused_in_prod(
            "auth_audience",
            "[\"medical-schedule\"]",
            bad,
            &["`auth.audience`", "at least one"],
        );
    }
}

#[test]
fn a_claim_is_a_name_that_api_gateway_can_read() {
    for bad in ["", "insured id", "https://example.com/insured"] {
        let by = format!("insured_claim = \"{bad}\"");
        check_refused_in_prod(
            "auth_claim",
            "insured_claim = \"insured_id\"",
            &by,
            &["`auth.insured_claim`", "digits and underscores"],
        );
    }
    check_refused_in_prod(
        "auth_countries",
        "countries_claim = \"countries\"",
        "",
        &["`auth.countries_claim` is missing"],
    );
}
