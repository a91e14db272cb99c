//! Whose credentials and which region a command goes to AWS with: as the AWS CLI would.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    process::Output,
    thread,
};

use crate::process::{empty_folder, infra_synth, text};

const FILES: [(&str, &str); 2] = [
    (
        "config",
        "[default]\nregion = us-east-1\n[profile clinic]\nregion = sa-east-1\n",
    ),
    (
        "credentials",
        "[default]\naws_access_key_id = OF-DEFAULT\naws_secret_access_key = x\n\
         [clinic]\naws_access_key_id = OF-CLINIC\naws_secret_access_key = x\n",
    ),
];

/// [`asks_with`] `status`.
fn asks(name: &str, options: &[&str], environment: &[(&str, &str)]) -> (Output, Option<String>) {
    asks_with(&["status"], name, options, environment)
}

/// Asks AWS with a command, and refuses: how it came out, and `KEY REGION` as the request was signed, if one came.
fn asks_with(
    command: &[&str],
    name: &str,
    options: &[&str],
    environment: &[(&str, &str)],
) -> (Output, Option<String>) {
    let folder = empty_folder(name);
    for (file, content) in FILES {
        fs::write(folder.join(file), content).unwrap();
    }
    let aws = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = aws.local_addr().unwrap();
    let refusing = thread::spawn(move || refuse(&aws));
    let mut command = infra_synth(command);
    command
        .args(options)
        .args(["--endpoint-url", &format!("http://{address}")]);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let output = command
        .env("AWS_CONFIG_FILE", path(&folder, "config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", path(&folder, "credentials"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    // Ends the wait where no request came.
    drop(std::net::TcpStream::connect(address));
    (output, refusing.join().unwrap())
}

fn path(folder: &Path, file: &str) -> String {
    folder.join(file).to_str().unwrap().to_owned()
}

fn refuse(aws: &TcpListener) -> Option<String> {
    let (mut stream, _) = aws.accept().unwrap();
    let head: Vec<_> = BufReader::new(&stream)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let signature = head
        .iter()
        .find_map(|line| line.strip_prefix("authorization: AWS4-HMAC-SHA256 Credential="))?;
    let scope: Vec<_> = signature.split('/').collect();
    let body = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
    write!(
        stream,
        "HTTP/1.1 403 Forbidden\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    Some(format!("{} {}", scope[0], scope[2]))
}

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "OF-ENVIRONMENT"),
    ("AWS_SECRET_ACCESS_KEY", "x"),
];

#[test]
fn without_a_word_it_is_the_default_profile() {
    let (output, signed) = asks("account-default", &[], &[]);
    assert_eq!(signed.as_deref(), Some("OF-DEFAULT us-east-1"));
    let error = text(&output.stderr);
    assert!(error.contains("in region `us-east-1`"), "{error}");
    assert!(error.contains("InvalidClientTokenId"), "{error}");
}

#[test]
fn a_comparison_with_what_is_deployed_asks_as_whom_it_is_told() {
    let command = ["diff", "--against", "deployed"];
    let (output, signed) = asks_with(&command, "account-diff", &["--profile", "clinic"], &KEYS);
    assert_eq!(signed.as_deref(), Some("OF-CLINIC sa-east-1"));
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
}

#[test]
fn credentials_in_the_environment_come_before_a_profile_that_it_names() {
    let environment = [KEYS[0], KEYS[1], ("AWS_PROFILE", "clinic")];
    let (_, signed) = asks("account-environment", &[], &environment);
    assert_eq!(signed.as_deref(), Some("OF-ENVIRONMENT sa-east-1"));
}

#[test]
fn a_profile_on_the_command_line_comes_before_credentials_in_the_environment() {
    let (_, signed) = asks("account-profile", &["--profile", "clinic"], &KEYS);
    assert_eq!(signed.as_deref(), Some("OF-CLINIC sa-east-1"));
}

#[test]
fn a_region_on_the_command_line_comes_before_the_environments_and_that_before_the_profiles() {
    let region = [("AWS_REGION", "us-west-2")];
    let (_, signed) = asks("account-region", &["--profile", "clinic"], &region);
    assert_eq!(signed.as_deref(), Some("OF-CLINIC us-west-2"));
    let options = ["--profile", "clinic", "--region", "eu-west-1"];
    let (_, signed) = asks("account-region-option", &options, &region);
    assert_eq!(signed.as_deref(), Some("OF-CLINIC eu-west-1"));
}

#[test]
fn a_profile_that_is_nowhere_is_named() {
    let region = ["--region", "us-east-1"];
    let expected = [
        ("as profile `nobody`", &region[..]),
        ("none in a profile `nobody`", &[]),
    ];
    for (said, region) in expected {
        let options = [&["--profile", "nobody"], region].concat();
        let (output, signed) = asks("account-nobody", &options, &KEYS);
        assert_eq!(signed, None);
        assert!(!output.status.success());
        let error = text(&output.stderr);
        assert!(error.contains(said), "{error}");
    }
}
