//! A kill at any moment loses nothing that was answered.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use infra_synth_local::{DataLocation, DatabaseServer, Options, start};
use schedule_stacks::{StageSettings, appointment_stack, stand_in_parameters};

use crate::process::{Local, empty_folder, project};

const ROUNDS: usize = 5;
/// Far longer than completing takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);
const CLIENTS: usize = 4;
/// The kill comes with this many answered in a round, and several requests in hand.
const ANSWERED: usize = 60;

#[test]
fn what_was_answered_completes_after_kills_with_one_row_each() {
    let folder = empty_folder("killed");
    let data = folder.join("data");
    let options = ["--data-dir", data.to_str().unwrap(), "--log-level", "off"];
    let mut accepted: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..ROUNDS {
        let local = Local::start(&options);
        accepted.extend(post_until_killed(&local, round));
    }
    let local = Local::start(&options);
    let insured: BTreeSet<&String> = accepted.values().collect();
    for insured_id in insured {
        let expected: Vec<&String> = accepted
            .iter()
            .filter(|(_, owner)| *owner == insured_id)
            .map(|(id, _)| id)
            .collect();
        let started = Instant::now();
        loop {
            assert!(
                started.elapsed() < PATIENCE,
                "not COMPLETED after {PATIENCE:?}: one of {expected:?}"
            );
            let appointments = local.get(insured_id);
            let completed: BTreeSet<&str> = appointments
                .iter()
                .filter(|one| one["status"] == "COMPLETED")
                .filter_map(|one| one["appointmentId"].as_str())
                .collect();
            let found: BTreeSet<&str> = appointments
                .iter()
                .filter_map(|one| one["appointmentId"].as_str())
                .collect();
            assert!(
                expected.iter().all(|id| found.contains(id.as_str())),
                "an answered appointment is lost"
            );
            if expected.iter().all(|id| completed.contains(id.as_str())) {
                break;
            }
        }
    }
    assert!(local.interrupt().0);
    let rows = rows(&data);
    let distinct: BTreeSet<&String> = rows.iter().collect();
    assert_eq!(distinct.len(), rows.len());
    assert!(accepted.keys().all(|id| distinct.contains(id)));
}

/// Posts from several clients and kills the process in their midst; the ids that were answered, and whose they are.
fn post_until_killed(local: &Local, round: usize) -> Vec<(String, String)> {
    let answered = AtomicUsize::new(0);
    let (enough, kill) = mpsc::channel();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (answered, enough) = (&answered, enough.clone());
                scope.spawn(move || {
                    let insured_id = format!("round-{round}-client-{client}");
                    let country = if client % 2 == 0 { "PE" } else { "CL" };
                    let mut ids = Vec::new();
                    while let Ok((201, body)) = local.post(&insured_id, country) {
                        ids.push((
                            body["appointment"]["appointmentId"].as_str().unwrap().to_owned(),
                            insured_id.clone(),
                        ));
                        if answered.fetch_add(1, Ordering::Relaxed) + 1 == ANSWERED {
                            enough.send(()).unwrap();
                        }
                    }
                    ids
                })
            })
            .collect();
        // Without one of its own, this ends when every client has.
        drop(enough);
        kill.recv().expect("so many answers before anything fails");
        local.kill();
        clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    })
}

/// The keys of both country tables, read from the folder after the process has ended.
fn rows(data: &std::path::Path) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let settings = StageSettings::load(&project().join("stacks/stages"), "dev").unwrap();
    let template = appointment_stack(&settings).unwrap();
    let database = DatabaseServer::stand_in();
    let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
    let options = Options {
        data: DataLocation::Folder(data.to_owned()),
        ..Options::in_memory(parameters, database)
    };
    let running = runtime.block_on(start(&template, options)).unwrap();
    let rows = ["appointment_pe", "appointment_cl"]
        .map(|table| running.rows(table).unwrap())
        .concat();
    runtime.block_on(running.stop()).unwrap();
    rows.iter()
        .map(|row| row["appointment_id"].as_str().unwrap().to_owned())
        .collect()
}
