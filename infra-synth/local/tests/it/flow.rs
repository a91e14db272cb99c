use std::path::Path;

use infra_synth_local::{DataLocation, Options, StartError};

use crate::support::{System, booking, changed, options, template};

#[test]
fn an_appointment_of_either_country_goes_all_the_way_and_reads_back_completed() {
    let system = System::start(&template());
    for (insured, country, table, other) in [
        ("00123", "PE", "appointment_pe", "appointment_cl"),
        ("00456", "CL", "appointment_cl", "appointment_pe"),
    ] {
        let answer = system.post(&booking(insured, country));
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(answer.headers["location"], format!("/appointments/{insured}"));
        assert_eq!(answer.body["appointment"]["status"], "PENDING");
        let id = &answer.body["appointment"]["appointmentId"];
        let appointments = system.completed(insured, 1);
        assert_eq!(&appointments[0]["appointmentId"], id);
        assert_eq!(appointments[0]["dateSchedule"], "2099-05-20T20:30:00Z");
        assert!(appointments[0]["updatedAt"].is_string());
        let mine = |rows: Vec<serde_json::Value>| {
            rows.into_iter()
                .filter(|row| &row["appointment_id"] == id)
                .count()
        };
        assert_eq!((mine(system.rows(table)), mine(system.rows(other))), (1, 0));
    }
    system.stop();
}

#[test]
fn an_insured_reads_only_their_own_appointments_earliest_first() {
    let system = System::start(&template());
    for (insured, date) in [("1", "2099-03-01"), ("1", "2099-01-01"), ("11", "2099-02-01")] {
        let mut body = booking(insured, "PE");
        body["dateSchedule"] = format!("{date}T08:00:00Z").into();
        assert_eq!(system.post(&body).status, 201);
    }
    let dates: Vec<_> = system
        .completed("1", 2)
        .iter()
        .map(|one| one["dateSchedule"].clone())
        .collect();
    assert_eq!(dates, ["2099-01-01T08:00:00Z", "2099-03-01T08:00:00Z"]);
    assert_eq!(system.get("nobody").body, serde_json::json!([]));
}

#[test]
fn nothing_of_the_insured_is_in_any_log_line() {
    let system = System::start(&template());
    assert_eq!(system.post(&booking("SECRET-INSURED-77", "PE")).status, 201);
    system.completed("SECRET-INSURED-77", 1);
    let id = system.get("SECRET-INSURED-77").body[0]["appointmentId"]
        .as_str()
        .unwrap()
        .to_owned();
    system.logged(&["appointment created", &id]);
    system.logged(&["completed", &id]);
    assert!(!crate::support::log_contains("SECRET-INSURED-77"));
    assert!(!crate::support::log_contains("penicilina"));
}

#[test]
fn the_id_that_the_client_is_told_is_in_the_log_to_the_last_line() {
    let system = System::start(&template());
    let answer = system.post(&booking("00123", "CL"));
    let request_id = &answer.headers["x-request-id"];
    system.completed("00123", 1);
    for message in ["appointment created", "inserted and confirmed", "completed"] {
        system.logged(&[message, request_id]);
    }
    system.stop();
}

#[test]
fn a_subscription_that_filters_for_another_country_gets_nothing() {
    let template = changed(|template| {
        template["Resources"]["SubscriptionPE"]["Properties"]["FilterPolicy"]["country"] =
            serde_json::json!(["XX"]);
    });
    let system = System::start(&template);
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    assert_eq!(system.post(&booking("2", "CL")).status, 201);
    system.completed("2", 1);
    system.logged(&["matches no subscription"]);
    assert_eq!(system.get("1").body[0]["status"], "PENDING");
    assert!(system.rows("appointment_pe").is_empty());
}

#[test]
fn a_rule_with_another_pattern_leaves_appointments_pending() {
    let template = changed(|template| {
        template["Resources"]["AppointmentConfirmationRule"]["Properties"]["EventPattern"]["source"] =
            serde_json::json!([{"prefix": "another."}]);
    });
    let system = System::start(&template);
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&["matches no rule"]);
    assert_eq!(system.get("1").body[0]["status"], "PENDING");
    assert_eq!(system.rows("appointment_pe").len(), 1);
}

#[test]
fn a_stopped_system_goes_on_where_it_was() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("a-stopped-system");
    let _ = std::fs::remove_dir_all(&folder);
    let on_disk = || Options {
        data: DataLocation::Folder(folder.clone()),
        ..options()
    };
    let system = System::start_with(&template(), on_disk()).unwrap();
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    let Err(StartError::Store(error)) = System::start_with(&template(), on_disk()) else {
        panic!("two systems on one folder")
    };
    assert!(error.to_string().contains("in use by another process"), "{error}");
    system.stop();
    let system = System::start_with(&template(), on_disk()).unwrap();
    system.completed("1", 1);
    assert_eq!(system.rows("appointment_pe").len(), 1);
    system.stop();
}

#[test]
fn an_appointment_goes_all_the_way_without_the_topics_envelope() {
    let system = System::start(&changed(|template| {
        template["Resources"]["SubscriptionPE"]["Properties"]["RawMessageDelivery"] = serde_json::json!(true);
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.completed("1", 1);
}
