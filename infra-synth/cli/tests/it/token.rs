use std::process::Command;

use crate::process::{Local, empty_folder, run, text};
use crate::signing::claims_in;

fn token(data: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut all = vec!["token", "--stage", "prod", "--data-dir", data];
    all.extend(arguments);
    let output = run(&all);
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_lines_of_a_stage_with_sign_in_work_as_pasted() {
    let folder = empty_folder("token-greeting").join("data");
    let mut local = Local::start(&["--stage", "prod", "--data-dir", folder.to_str().unwrap()]);
    let commands = local.greeting();
    assert_eq!(commands.len(), 3, "{commands:?}");
    let script = commands.join("\n");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(crate::process::project())
        .output()
        .unwrap();
    let said = text(&output.stdout);
    assert!(
        said.starts_with("HTTP/1.1 201"),
        "{said} {}",
        text(&output.stderr)
    );
    assert!(said.contains("[{\"appointmentId\""), "{said}");
}

#[test]
fn a_token_says_who_may_do_what_until_when() {
    let folder = empty_folder("token-claims");
    std::fs::write(folder.join("FORMAT"), "infra-synth local 1\n").unwrap();
    let data = folder.to_str().unwrap();
    let (code, made, error) = token(data, &["--insured", "00123", "--expires", "10m"]);
    assert_eq!((code, error.as_str()), (Some(0), ""));
    let claims = claims_in(&made);
    assert_eq!(claims["iss"], "https://identity.prod.invalid");
    assert_eq!(claims["aud"], "medical-schedule");
    assert_eq!(claims["insured_id"], "00123");
    assert_eq!(claims["scope"], "appointments:read appointments:write");
    assert_eq!(claims.get("countries"), None);
    let (issued, expires) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!(expires - issued, 600);
    let (_, made, _) = token(data, &["--back-office", "--country", "PE", "--country", "CL"]);
    let claims = claims_in(&made);
    assert_eq!(
        claims["scope"],
        "appointments:read appointments:write appointments:any"
    );
    assert_eq!(claims["countries"], serde_json::json!(["PE", "CL"]));
    assert_eq!(claims.get("insured_id"), None);
    let (_, made, _) = token(data, &["--scope", "appointments:any", "--country", "PE"]);
    assert_eq!(claims_in(&made)["scope"], "appointments:any");
}

#[test]
fn what_is_missing_for_a_token_is_said() {
    let nowhere = empty_folder("token-missing").join("data");
    let nowhere = nowhere.to_str().unwrap();
    for (arguments, expected_code, expected) in [
        (&["--insured", "1"][..], 1, "start `infra-synth local`"),
        (&[][..], 2, "--insured"),
        (&["--back-office"][..], 2, "--country"),
        (&["--insured", "1 2"][..], 2, "--insured"),
        (
            &["--insured", "1", "--country", "AR"][..],
            2,
            "expected `PE` or `CL`",
        ),
        (&["--insured", "1", "--scope", "a b"][..], 2, "expected a scope"),
    ] {
        let (code, made, error) = token(nowhere, arguments);
        assert_eq!(code, Some(expected_code), "{error}");
        assert!(error.contains(expected) && made.is_empty(), "{error}");
    }
    let output = run(&["token", "--insured", "1", "--data-dir", nowhere]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.contains("stage `dev` asks for no token"), "{error}");
}

#[test]
fn a_stage_with_sign_in_has_no_use_for_a_key_that_is_forgotten() {
    let output = run(&[
        "local",
        "--stage",
        "prod",
        "--ephemeral",
        "--listen",
        "127.0.0.1:0",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.contains("--jwks") && error.contains("--ephemeral"),
        "{error}"
    );
}

#[test]
fn a_given_key_set_lets_its_owners_tokens_in_even_where_nothing_is_kept() {
    let folder = empty_folder("token-jwks");
    std::fs::write(folder.join("FORMAT"), "infra-synth local 1\n").unwrap();
    let (_, made, _) = token(folder.to_str().unwrap(), &["--insured", "00123"]);
    let jwks = folder.join("keys/jwks.json");
    let local = Local::start(&["--stage", "prod", "--ephemeral", "--jwks", jwks.to_str().unwrap()]);
    let authorization = format!("Bearer {}", made.trim());
    let get = |path| {
        let headers = [("authorization", authorization.as_str())];
        local.send("GET", path, &headers, "").0
    };
    assert_eq!(
        (get("/appointments/00123"), get("/appointments/00456")),
        (200, 403)
    );
}
