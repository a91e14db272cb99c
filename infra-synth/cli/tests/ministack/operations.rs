use serde_json::{Value, json};

use crate::{
    database::Database,
    server::{Ended, MiniStack},
};

const SOURCE: &str = "appointment-queue-pe";
const DEAD: &str = "appointment-queue-pe-dlq";

/// An announcement as the topic delivers it, of an insured person who must be shown nowhere.
fn announcement() -> String {
    let message = json!({
        "event": "APPOINTMENT_CREATED", "timestamp": "2026-01-01T00:00:00.000Z",
        "data": {
            "appointmentId": "018f3f5e-7c1a-7000-8000-000000000001", "insuredId": "INSURED-0", "countryISO": "PE",
            "dateSchedule": "2036-01-01T10:00:00Z", "dateCreated": "2026-01-01T00:00:00.000Z",
            "comments": "COMMENT-0", "status": "PENDING"},
    });
    json!({"Type": "Notification", "Message": message.to_string()}).to_string()
}

fn dead_letters(aws: &MiniStack, arguments: &[&str]) -> Ended {
    aws.infra_synth(&[&["dead-letters"], arguments].concat())
}

/// The messages in the dead-letter queue: cause and id.
fn lying(aws: &MiniStack) -> Vec<(String, String)> {
    let list = dead_letters(aws, &["list", "--format", "json"])
        .succeeded()
        .json();
    let queues = list["queues"].as_array().unwrap();
    assert_eq!(queues.len(), 7, "every dead-letter queue of the stack: {list}");
    let queue = queues.iter().find(|queue| queue["name"] == DEAD).unwrap();
    assert_eq!(queue["source"], SOURCE);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let messages = queue["messages"].as_array().unwrap();
    let mut lying: Vec<_> = messages
        .iter()
        .map(|message| (text(&message["cause"]), text(&message["id"])))
        .collect();
    lying.sort();
    lying
}

#[test]
fn dead_letters_of_a_deployed_stack_are_found_shown_masked_redriven_and_purged() {
    let aws = MiniStack::bootstrapped();
    dead_letters(&aws, &["list"])
        .failed_with(1, &["there is no stack `appointment-dev`", "infra-synth deploy"]);
    aws.first_deploy(&["--yes"]).succeeded();
    aws.send_message(DEAD, "no appointment of INSURED-0");
    aws.send_message(DEAD, &announcement());

    let found = lying(&aws);
    let causes: Vec<&str> = found.iter().map(|(cause, _)| cause.as_str()).collect();
    assert_eq!(causes, ["malformed", "processable"]);
    assert_eq!(
        lying(&aws),
        found,
        "a look leaves the messages there, for the next one too"
    );
    let list = dead_letters(&aws, &["list"]).succeeded().data;
    assert!(list.contains(&format!("{DEAD}: 2 messages")), "{list}");

    let (malformed, processable) = (&found[0].1, &found[1].1);
    for format in ["text", "json"] {
        let shown = dead_letters(&aws, &["show", "--all", "--format", format])
            .succeeded()
            .data;
        assert!(shown.contains("018f3f5e-7c1a-7000-8000-000000000001"), "{shown}");
        assert!(
            !shown.contains("INSURED-0") && !shown.contains("COMMENT-0"),
            "{shown}"
        );
    }
    let shown = dead_letters(&aws, &["show", processable, "--show-health-data"]);
    assert!(shown.succeeded().data.contains("INSURED-0"));

    let plan = dead_letters(&aws, &["redrive", "--cause", "processable", "--dry-run"]).succeeded();
    assert!(
        plan.data.contains(processable) && !plan.data.contains(malformed),
        "{}",
        plan.data
    );
    assert_eq!((aws.messages_in(SOURCE), aws.messages_in(DEAD)), (0, 2));
    let moved = dead_letters(&aws, &["redrive", "--cause", "processable"]).succeeded();
    assert_eq!(moved.data, "1 message put back\n");
    assert_eq!((aws.messages_in(SOURCE), aws.messages_in(DEAD)), (1, 1));

    dead_letters(&aws, &["purge", malformed]).failed_with(1, &["--yes"]);
    dead_letters(&aws, &["purge", processable, "--yes"]).failed_with(1, &[processable.as_str()]);
    let purged = dead_letters(&aws, &["purge", malformed, "--yes"]).succeeded();
    assert_eq!(purged.data, "1 message taken away\n");
    assert_eq!(aws.messages_in(DEAD), 0);
}

fn id(number: u32) -> String {
    format!("018f3f5e-7c1a-7000-8000-{number:012}")
}

fn store(aws: &MiniStack, number: u32, country: &str, status: &str) {
    let texts = json!({
        "appointmentId": id(number), "insuredId": "INSURED-0", "countryISO": country, "status": status,
        "dateSchedule": "2036-01-01T10:00:00Z", "dateCreated": "2026-01-01T00:00:00.000Z"});
    let item: serde_json::Map<String, Value> = texts
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, text)| (name.clone(), json!({"S": text})))
        .collect();
    let put = json!({"TableName": "appointments", "Item": item});
    aws.json("dynamodb", "DynamoDB_20120810.PutItem", &put);
}

#[test]
fn what_differs_between_a_deployed_table_and_its_databases_is_found_and_mended() {
    let aws = MiniStack::bootstrapped();
    aws.first_deploy(&["--yes"]).succeeded();
    let database = Database::start();
    aws.infra_synth(&["migrate", "--database-url", database.url()])
        .succeeded();
    let reconcile = |options: &[&str]| {
        let command = [
            "reconcile",
            "--database-url",
            database.url(),
            "--format",
            "json",
            "--fail-on-difference",
        ];
        aws.infra_synth(&[&command, options].concat())
    };
    let found = |ended: &Ended| -> Vec<(String, String)> {
        let lines = ended
            .data
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        lines
            .filter(|line| line["difference"].is_string())
            .map(|line| (text(&line["difference"]), text(&line["appointmentId"])))
            .collect()
    };
    assert_eq!(found(&reconcile(&[]).succeeded()), []);

    store(&aws, 1, "PE", "COMPLETED");
    store(&aws, 2, "CL", "PENDING");
    store(&aws, 3, "PE", "COMPLETED");
    database.insert_row("appointment_cl", &id(2));
    database.insert_row("appointment_pe", &id(3));
    database.insert_row("appointment_pe", &id(4));
    let differing = reconcile(&[]).failed_with(3, &["3 differences left"]);
    let mut differences = found(&differing);
    differences.sort();
    let expected = [
        ("completed-without-row", 1),
        ("pending-with-row", 2),
        ("unknown-row", 4),
    ];
    assert_eq!(
        differences,
        expected.map(|(difference, number)| (difference.to_owned(), id(number)))
    );
    assert!(!differing.data.contains("INSURED-0"));
    assert_eq!(
        aws.messages_in(SOURCE),
        0,
        "nothing is mended unless it is asked for"
    );

    reconcile(&["--apply"]).failed_with(3, &["1 difference left"]);
    let key = json!({"TableName": "appointments", "Key": {"appointmentId": {"S": id(2)}}});
    let item = aws.json("dynamodb", "DynamoDB_20120810.GetItem", &key);
    assert_eq!(item["Item"]["status"]["S"], "COMPLETED", "{item}");
    // The functions here are stand-ins, so what was announced stays where it was announced to.
    assert_eq!(aws.messages_in(SOURCE), 1);
    let mut left = found(&reconcile(&[]));
    left.sort();
    assert_eq!(
        left,
        [expected[0], expected[2]].map(|(difference, number)| (difference.to_owned(), id(number)))
    );
}
