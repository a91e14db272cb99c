//! The secret that cursors are signed with, as the function that lists asks for it.

use std::path::Path;

use infra_synth_local::{DataLocation, Options};

use crate::support::{System, booking, options, template, without_statement};

fn with_two_appointments(system: &System) {
    for _ in 0..2 {
        assert_eq!(system.post(&booking("1", "PE")).status, 201);
    }
}

fn first_page(system: &System) -> crate::support::Answer {
    system.send("GET", "/appointments/1?limit=1", &[], "")
}

#[test]
fn a_function_whose_role_may_not_read_the_secret_gets_no_value() {
    let system = System::start(&without_statement(
        "GetAppointment",
        "secretsmanager:GetSecretValue",
    ));
    with_two_appointments(&system);
    assert_eq!(first_page(&system).status, 500);
    system.logged(&[
        "may not call `secretsmanager:GetSecretValue`",
        "missing statement",
    ]);
    // What needs no cursor works.
    assert_eq!(system.get("1").status, 200);
}

#[test]
fn a_page_that_was_announced_before_a_restart_is_there_after_it() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrets-restart");
    let _ = std::fs::remove_dir_all(&folder);
    let start = || {
        let data = DataLocation::Folder(folder.clone());
        System::start_with(&template(), Options { data, ..options() }).unwrap()
    };
    let system = start();
    with_two_appointments(&system);
    let first = first_page(&system);
    let link = &first.headers["link"];
    let next = link.split(['<', '>']).nth(1).unwrap().to_owned();
    system.stop();
    let second = start().send("GET", &next, &[], "");
    assert_eq!(second.status, 200, "{}", second.text);
    let (first, second) = (&first.body[0], &second.body[0]);
    assert_ne!(first["appointmentId"], second["appointmentId"]);
}
