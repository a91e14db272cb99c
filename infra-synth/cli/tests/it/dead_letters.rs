//! What whoever is on call does when messages have failed for good, on whole processes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::{Local, empty_folder, infra_synth, run, text};

const DEAD_LETTERS: &str = "appointment-subscription-pe-dlq";
/// Far longer than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A data folder, and a template in which a queue does not admit who sends to it: what is sent there is undelivered.
pub(crate) struct Fault {
    data: PathBuf,
    pub(crate) template: PathBuf,
}

impl Fault {
    /// The queue of Peru does not admit the topic.
    pub(crate) fn named(name: &str) -> Self {
        Self::in_policy(name, "QueuePolicyPE")
    }

    fn in_policy(name: &str, policy: &str) -> Self {
        let folder = empty_folder(name);
        let synthesized = run(&["synth", "--format", "json"]);
        assert!(synthesized.status.success(), "{}", text(&synthesized.stderr));
        let mut template: Value = serde_json::from_slice(&synthesized.stdout).unwrap();
        let statements = template
            .pointer_mut(&format!(
                "/Resources/{policy}/Properties/PolicyDocument/Statement"
            ))
            .and_then(Value::as_array_mut)
            .unwrap();
        statements.retain(|statement| statement["Effect"] == "Deny");
        let file = folder.join("faulty.json");
        std::fs::write(&file, template.to_string()).unwrap();
        Self {
            data: folder.join("data"),
            template: file,
        }
    }

    /// Appointments that were answered 201, each of an insured of its own, while the fault was there.
    fn strands(&self, appointments: usize) -> Vec<String> {
        let template = self.template.to_str().unwrap();
        let local = self.local(&["--template", template]);
        let insured: Vec<String> = (0..appointments)
            .map(|number| format!("INSURED-{number}"))
            .collect();
        for insured_id in &insured {
            assert_eq!(local.post(insured_id, "PE").unwrap().0, 201);
        }
        assert!(local.interrupt().0);
        insured
    }

    pub(crate) fn local(&self, options: &[&str]) -> Local {
        Local::start(&[&["--data-dir", self.folder(), "--log-level", "off"], options].concat())
    }

    pub(crate) fn folder(&self) -> &str {
        self.data.to_str().unwrap()
    }

    fn dead_letters(&self, arguments: &[&str]) -> Output {
        run(&[&["dead-letters"], arguments, &["--data-dir", self.folder()]].concat())
    }

    /// The ids of the messages that lie in the queue.
    pub(crate) fn lying(&self) -> Vec<String> {
        let output = self.dead_letters(&["list", "--format", "json"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let list: Value = serde_json::from_slice(&output.stdout).unwrap();
        let queues = list["queues"].as_array().unwrap();
        let queue = queues.iter().find(|queue| queue["name"] == DEAD_LETTERS).unwrap();
        let messages = queue["messages"].as_array().unwrap();
        messages
            .iter()
            .map(|message| message["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn what_was_undelivered_is_found_and_completes_once_it_goes_back() {
    let fault = Fault::named("dead-letters-redriven");
    let insured = fault.strands(3);
    let local = fault.local(&[]);
    let list = done(&fault.dead_letters(&["list"]));
    assert!(list.contains(&format!("{DEAD_LETTERS}: 3 messages")), "{list}");
    assert!(
        list.contains("3 undelivered") && list.contains("appointment-queue-pe\n"),
        "{list}"
    );
    let ids = fault.lying();

    let plan = done(&fault.dead_letters(&["redrive", "--all", "--dry-run"]));
    assert!(plan.starts_with("3 messages would go back"), "{plan}");
    assert_eq!(fault.lying(), ids, "a dry run changes nothing");

    done(&fault.dead_letters(&["redrive", &ids[1]]));
    assert_eq!(fault.lying(), [ids[0].clone(), ids[2].clone()]);
    let moved = done(&fault.dead_letters(&["redrive", "--cause", "undelivered", "--rate", "100"]));
    assert_eq!(moved, "2 messages put back\n");
    for insured_id in &insured {
        local.completed(insured_id);
    }
    assert!(fault.lying().is_empty());
}

#[test]
fn an_event_that_a_rule_could_not_deliver_says_why_and_completes_once_it_goes_back() {
    let fault = Fault::in_policy("dead-letters-of-a-rule", "AppointmentConfirmationQueuePolicy");
    let template = fault.template.to_str().unwrap();
    let faulty = fault.local(&["--template", template]);
    assert_eq!(faulty.post("INSURED-0", "CL").unwrap().0, 201);
    let listed = || done(&fault.dead_letters(&["list", "--queue", "appointment-confirmation-rule-dlq"]));
    let started = Instant::now();
    while !listed().contains("not delivered: NO_PERMISSIONS") {
        assert!(started.elapsed() < PATIENCE, "{}", listed());
    }
    let shown = done(&fault.dead_letters(&["show", "--all"]));
    assert!(
        shown.contains("RULE_ARN: arn:aws:events:") && !shown.contains("INSURED-0"),
        "{shown}"
    );
    assert!(faulty.interrupt().0);

    let local = fault.local(&[]);
    assert_eq!(
        done(&fault.dead_letters(&["redrive", "--all"])),
        "1 message put back\n"
    );
    local.completed("INSURED-0");
}

#[test]
fn no_log_of_a_message_that_failed_and_came_back_holds_health_data() {
    let fault = Fault::named("dead-letters-logged");
    let template = fault.template.to_str().unwrap();
    let logged = ["--data-dir", fault.folder(), "--log-level", "trace"];
    let faulty = Local::start(&[&logged[..], &["--template", template]].concat());
    let body = r#"{"insuredId":"INSURED-0","countryISO":"PE","dateSchedule":"2099-05-20T15:30:00Z","comments":"COMMENT-0"}"#;
    let answer = ureq::post(format!("{}/appointments", faulty.url))
        .header("content-type", "application/json")
        .send(body)
        .unwrap();
    assert_eq!(answer.status(), 201);
    let (_, before) = faulty.interrupt();

    let local = Local::start(&logged);
    let redriven = fault.dead_letters(&["redrive", "--all"]);
    local.completed("INSURED-0");
    let (_, after) = local.interrupt();
    assert!(
        before.contains("undeliverable message kept") && after.contains("batch done"),
        "{before}{after}"
    );
    for log in [before, after, text(&redriven.stdout), text(&redriven.stderr)] {
        assert!(!log.contains("INSURED-0") && !log.contains("COMMENT-0"), "{log}");
    }
}

#[test]
fn a_message_is_shown_without_health_data_unless_that_is_asked_for() {
    let fault = Fault::named("dead-letters-shown");
    fault.strands(1);
    let _local = fault.local(&[]);
    for format in ["text", "json"] {
        let shown = done(&fault.dead_letters(&["show", "--all", "--format", format]));
        assert!(
            shown.contains("appointmentId") && !shown.contains("INSURED-0"),
            "{shown}"
        );
    }
    let shown = done(&fault.dead_letters(&["show", "--all", "--show-health-data"]));
    assert!(shown.contains("INSURED-0"), "{shown}");
}

#[test]
fn purging_needs_a_selection_and_a_yes_and_takes_no_other_message() {
    let fault = Fault::named("dead-letters-purged");
    fault.strands(2);
    let _local = fault.local(&[]);
    let ids = fault.lying();
    assert_eq!(fault.dead_letters(&["purge"]).status.code(), Some(2));
    let refused = fault.dead_letters(&["purge", "--all"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--yes"));
    let unknown = fault.dead_letters(&["purge", &ids[0], "no-such-id", "--yes"]);
    assert!(text(&unknown.stderr).contains("no-such-id"));
    assert_eq!(fault.lying(), ids, "nothing was taken away so far");
    let purged = fault.dead_letters(&["purge", &ids[0], "--yes"]);
    assert!(
        text(&purged.stderr).contains(&ids[0]),
        "it says what it takes away"
    );
    done(&purged);
    assert_eq!(fault.lying(), [ids[1].clone()]);
}

#[test]
fn a_kill_half_way_through_a_redrive_loses_no_message() {
    const STRANDED: usize = 40;
    let fault = Fault::named("dead-letters-killed");
    let insured = fault.strands(STRANDED);
    let local = fault.local(&[]);
    let redrive = infra_synth(&[
        "dead-letters",
        "redrive",
        "--all",
        "--rate",
        "1",
        "--data-dir",
        fault.folder(),
    ])
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let started = Instant::now();
    while fault.lying().len() == STRANDED {
        assert!(started.elapsed() < PATIENCE, "nothing moves");
    }
    local.kill();
    drop(local);
    let cut = redrive.wait_with_output().unwrap();
    assert_eq!(cut.status.code(), Some(1));
    let error = text(&cut.stderr);
    assert!(error.contains("say the command again"), "{error}");

    let local = fault.local(&[]);
    let left = fault.lying();
    assert!(
        !left.is_empty() && left.len() < STRANDED,
        "the kill came half way"
    );
    done(&fault.dead_letters(&["redrive", "--all", "--rate", "1000"]));
    let mut appointments = BTreeSet::new();
    for insured_id in &insured {
        local.completed(insured_id);
        appointments.extend(
            local
                .get(insured_id)
                .iter()
                .map(|one| one["appointmentId"].to_string()),
        );
    }
    assert_eq!(appointments.len(), STRANDED);
    assert!(fault.lying().is_empty());
}

#[test]
fn a_system_that_does_not_run_is_said_with_the_way_to_start_it() {
    let fault = Fault::named("dead-letters-not-running");
    let output = fault.dead_letters(&["list"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("infra-synth local --data-dir {}", fault.folder());
    assert!(text(&output.stderr).contains(&expected));
    let both = fault.dead_letters(&["list", "--stack-name", "appointment-prod"]);
    assert_eq!(
        both.status.code(),
        Some(2),
        "a local system and a stack at once are a mistake"
    );
}

#[test]
fn the_socket_is_its_owners_alone_replaces_a_killed_ones_and_goes_with_the_system() {
    use std::os::unix::fs::PermissionsExt;
    let fault = Fault::named("dead-letters-socket");
    let socket = Path::new(fault.folder()).join("control.sock");
    let local = fault.local(&[]);
    let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    local.kill();
    drop(local);
    assert!(socket.exists());
    let local = fault.local(&[]);
    assert!(fault.lying().is_empty());
    assert!(local.interrupt().0);
    assert!(!socket.exists());
}
