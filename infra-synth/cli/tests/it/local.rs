use std::net::TcpListener;
use std::process::Command;

use crate::process::{Local, empty_folder, run, text};

#[test]
fn the_curl_lines_work_as_pasted() {
    let mut local = Local::start(&["--ephemeral"]);
    let commands = local.greeting();
    let shell = |command: &str| text(&Command::new("sh").args(["-c", command]).output().unwrap().stdout);
    let created = shell(&commands[0]);
    assert!(created.starts_with("HTTP/1.1 201"), "{created}");
    assert!(shell(&commands[1]).contains("\"countryISO\":\"PE\""));
}

#[test]
fn ctrl_c_ends_it_cleanly_and_each_event_was_a_line_without_health_data() {
    let local = Local::start(&["--ephemeral", "--log-format", "json"]);
    let (status, body) = local.post("INSURED-9", "CL").unwrap();
    assert_eq!(status, 201);
    local.completed("INSURED-9");
    let (ended_well, events) = local.interrupt();
    assert!(ended_well);
    let id = body["appointment"]["appointmentId"].as_str().unwrap();
    let lines: Vec<serde_json::Value> = events
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    for message in [
        "appointment created",
        "request answered",
        "message processed",
        "batch done",
    ] {
        assert!(
            lines.iter().any(|line| line["message"] == message),
            "no `{message}` in {events}"
        );
    }
    assert!(lines.iter().any(|line| line["appointment_id"] == id));
    assert!(!events.contains("INSURED-9"));
}

#[test]
fn a_port_in_use_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["local", "--ephemeral", "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.contains(&address) && error.contains("--listen") && error.contains("in use"),
        "{error}"
    );
}

#[test]
fn a_data_folder_that_cannot_be_used_is_said() {
    let folder = empty_folder("odd-folders");
    std::fs::write(folder.join("file"), "").unwrap();
    std::fs::create_dir(folder.join("foreign")).unwrap();
    std::fs::write(folder.join("foreign/cat.jpg"), "").unwrap();
    std::fs::create_dir(folder.join("other-version")).unwrap();
    std::fs::write(folder.join("other-version/FORMAT"), "infra-synth local 0\n").unwrap();
    for (name, expected) in [
        ("file/data", "cannot write the data folder"),
        ("foreign", "was not made by `infra-synth local`"),
        ("other-version", "has format `infra-synth local 0`"),
    ] {
        let data = folder.join(name);
        let output = run(&[
            "local",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            data.to_str().unwrap(),
        ]);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(
            error.contains(expected) && error.contains("--data-dir"),
            "{error}"
        );
    }
}

#[test]
fn a_template_file_runs_and_what_it_asks_in_vain_is_named() {
    let folder = empty_folder("template-file");
    let template = text(&run(&["synth"]).stdout);
    let good = folder.join("good.yaml");
    std::fs::write(&good, &template).unwrap();
    let local = Local::start(&["--ephemeral", "--template", good.to_str().unwrap()]);
    assert_eq!(local.post("1", "PE").unwrap().0, 201);
    let bad = folder.join("bad.yaml");
    std::fs::write(
        &bad,
        template.replace("AWS::SNS::Topic\n", "AWS::Kinesis::Stream\n"),
    )
    .unwrap();
    let output = run(&["local", "--ephemeral", "--template", bad.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("AppointmentTopic: resources of type `AWS::Kinesis::Stream`"));
}

#[test]
fn listen_takes_a_port_alone_and_a_name_and_says_what_else_it_expects() {
    for listen in ["0", "localhost:0"] {
        let local = Local::start(&["--ephemeral", "--listen", listen]);
        assert!(
            local.url.starts_with("http://127.0.0.1:") || local.url.starts_with("http://[::1]:"),
            "{}",
            local.url
        );
    }
    let output = run(&["local", "--ephemeral", "--listen", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("127.0.0.1:3000"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_client_that_stalls_does_not_hold_the_end_up() {
    let local = Local::start(&["--ephemeral"]);
    let address = local.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let head = "POST /appointments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    assert!(local.interrupt().0);
}
