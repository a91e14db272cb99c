//! An appointment's way, asked for of whole processes.

use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use schedule_mysql::test_mariadb::MariaDb;
use tokio::runtime::Runtime;

use crate::dead_letters::Fault;
use crate::process::{Local, empty_folder, run, text};

/// How long the last step may take to be noted.
const PATIENCE: Duration = Duration::from_secs(60);

fn trace(folder: &str, arguments: &[&str]) -> Output {
    run(&[&["trace", "--data-dir", folder], arguments].concat())
}

fn told(folder: &str, arguments: &[&str]) -> String {
    let output = trace(folder, arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn an_appointments_way_is_told_step_by_step_and_where_it_stands_outlives_a_restart() {
    let folder = empty_folder("traced");
    let folder = folder.join("data").to_str().unwrap().to_owned();
    let options = ["--data-dir", folder.as_str(), "--log-level", "off"];
    let local = Local::start(&options);
    let body = r#"{"insuredId":"INSURED-0","countryISO":"CL","dateSchedule":"2099-05-20T15:30:00Z","comments":"COMMENT-0"}"#;
    let mut answer = ureq::post(format!("{}/appointments", local.url))
        .header("content-type", "application/json")
        .send(body)
        .unwrap();
    let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let answer: Value = answer.body_mut().read_json().unwrap();
    let id = answer["appointment"]["appointmentId"]
        .as_str()
        .unwrap()
        .to_owned();
    local.post("INSURED-1", "CL").unwrap();
    local.completed("INSURED-0");

    let steps = [
        "accepted",
        "stored in the table",
        "announced to the topic",
        "delivered to appointment-queue-cl as message",
        "received from appointment-queue-cl, attempt 1",
        "row in the database of CL",
        "confirmed to the bus",
        "delivered to appointment-confirmation-queue as message",
        "received from appointment-confirmation-queue, attempt 1",
        "completed",
        "now: completed; it waits for nothing",
    ];
    // That it is completed can be read a moment before it is noted as a step.
    let started = Instant::now();
    let mut way = told(&folder, &[&id]);
    while way.lines().count() <= steps.len() && started.elapsed() < PATIENCE {
        way = told(&folder, &[&id]);
    }
    assert!(
        way.starts_with(&format!("{id}  CL  COMPLETED  request {request_id}\n")),
        "{way}"
    );
    assert_eq!(way.lines().count(), steps.len() + 1, "{way}");
    for step in steps {
        assert!(way.contains(step), "`{step}` is not in\n{way}");
    }
    assert!(!way.contains("INSURED") && !way.contains("COMMENT"), "{way}");
    assert_eq!(told(&folder, &[&request_id]), way);
    let json: Value = serde_json::from_str(&told(&folder, &[&id, "--format", "json"])).unwrap();
    assert_eq!(json["appointments"][0]["events"][0]["step"], "stored");
    assert_eq!(
        json["appointments"][0]["standing"],
        "completed; it waits for nothing"
    );

    let unknown = trace(&folder, &["no-such-id"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("`no-such-id`"));

    assert!(local.interrupt().0);
    let _again = Local::start(&options);
    let way = told(&folder, &[&request_id]);
    assert!(
        way.contains("are not remembered") && way.contains("it waits for nothing"),
        "{way}"
    );
}

#[test]
fn an_appointment_that_lies_as_a_dead_letter_says_where() {
    let fault = Fault::named("traced-to-a-dead-letter");
    let local = fault.local(&["--template", fault.template.to_str().unwrap()]);
    let (_, answer) = local.post("INSURED-0", "PE").unwrap();
    let id = answer["appointment"]["appointmentId"].as_str().unwrap();
    let way = told(fault.folder(), &[id]);
    assert!(
        way.contains("delivered to appointment-subscription-pe-dlq as message"),
        "{way}"
    );
    assert!(
        way.contains("was given up and lies in appointment-subscription-pe-dlq"),
        "{way}"
    );
    let (_, command) = way.split_once("infra-synth dead-letters show ").unwrap();
    let (message, system) = command.trim().split_once(' ').unwrap();
    assert_eq!(fault.lying(), [message]);
    assert_eq!(system, format!("--data-dir {}", fault.folder()));
}

#[test]
fn where_an_appointment_stands_is_told_also_while_its_countrys_database_is_away() {
    let mut database = MariaDb::start();
    let url = Runtime::new().unwrap().block_on(database.create_database());
    let folder = empty_folder("traced-without-database").join("data");
    let folder = folder.to_str().unwrap();
    let local = Local::start(&["--data-dir", folder, "--mysql-url", &url, "--log-level", "off"]);
    let (_, answer) = local.post("INSURED-0", "PE").unwrap();
    local.completed("INSURED-0");
    let id = answer["appointment"]["appointmentId"].as_str().unwrap();
    assert!(told(folder, &[id]).contains("it waits for nothing"));
    database.kill();
    let way = told(folder, &[id]);
    assert!(way.contains("row in the database of PE"), "{way}");
    assert!(
        way.contains("the row in its country's database cannot be looked for"),
        "{way}"
    );
    assert!(
        way.contains("now: completed; whether its country has its row is not known"),
        "{way}"
    );
}
