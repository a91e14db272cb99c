use schedule_core::{
    Country,
    doubles::{sample_appointment, sample_id},
    messages::AppointmentConfirmation,
    ports::{ConfirmationBus, PortError, PortErrorKind},
};
use serde_json::{Value, json};

use crate::service::{Service, error, ok};

fn confirmations(count: u32) -> Vec<AppointmentConfirmation> {
    let appointments = (1..=count).map(|number| sample_appointment(number, Country::PE));
    appointments
        .map(|appointment| {
            let processing_date = appointment.date_created;
            AppointmentConfirmation::new(appointment, processing_date)
        })
        .collect()
}

/// An answer with one entry a code; where there is none, the bus took the entry.
fn answer(codes: &[Option<&str>]) -> Value {
    let entries: Vec<_> = codes
        .iter()
        .map(|code| match code {
            Some(code) => json!({"ErrorCode": code, "ErrorMessage": "about secret"}),
            None => json!({"EventId": "11111111-2222-3333-4444-555555555555"}),
        })
        .collect();
    json!({"FailedEntryCount": codes.iter().flatten().count(), "Entries": entries})
}

fn kinds(results: &[Result<(), PortError>]) -> Vec<Option<PortErrorKind>> {
    results
        .iter()
        .map(|result| result.as_ref().err().map(PortError::kind))
        .collect()
}

/// The appointments whose confirmations a request sent.
fn sent(request: &Value) -> Vec<String> {
    let entries = request["Entries"].as_array().expect("entries");
    entries
        .iter()
        .map(|entry| {
            let detail: Value =
                serde_json::from_str(entry["Detail"].as_str().expect("a detail")).expect("JSON");
            detail["appointmentId"].as_str().expect("an id").to_owned()
        })
        .collect()
}

fn ids(numbers: &[u32]) -> Vec<String> {
    numbers
        .iter()
        .map(|number| sample_id(*number).to_string())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn confirmations_go_out_in_tens_under_the_contracts_names() {
    let service = Service::answering([ok(&answer(&[None; 10])), ok(&answer(&[None; 2]))]);
    let results = service
        .bus()
        .send_appointment_confirmation(&confirmations(12))
        .await;
    assert_eq!(kinds(&results), vec![None; 12]);
    let requests = service.requests();
    assert_eq!(sent(&requests[0]), ids(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    assert_eq!(sent(&requests[1]), ids(&[11, 12]));
    let entry = &requests[0]["Entries"][0];
    assert_eq!(entry["EventBusName"], "appointment-events-bus");
    assert_eq!(entry["Source"], "appointment.service");
    assert_eq!(entry["DetailType"], "AppointmentConfirmation");
}

#[tokio::test(start_paused = true)]
async fn only_the_entries_that_failed_for_the_moment_are_sent_again() {
    let service = Service::answering([
        ok(&answer(&[
            None,
            Some("ThrottlingException"),
            Some("MalformedDetail"),
            Some("InternalFailure"),
        ])),
        ok(&answer(&[None, Some("InternalFailure")])),
        ok(&answer(&[None])),
    ]);
    let results = service
        .bus()
        .send_appointment_confirmation(&confirmations(4))
        .await;
    assert_eq!(kinds(&results), [None, None, Some(PortErrorKind::Invalid), None]);
    let requests = service.requests();
    assert_eq!(sent(&requests[1]), ids(&[2, 4]));
    assert_eq!(sent(&requests[2]), ids(&[4]));
    assert!(!format!("{results:?}").contains("secret"), "{results:?}");
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_goes_on_failing_fails_alone() {
    let again = ok(&answer(&[Some("ThrottlingException")]));
    let service = Service::answering([
        ok(&answer(&[Some("ThrottlingException"), None])),
        again.clone(),
        again,
    ]);
    let results = service
        .bus()
        .send_appointment_confirmation(&confirmations(2))
        .await;
    assert_eq!(kinds(&results), [Some(PortErrorKind::Throttled), None]);
    assert_eq!(service.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn failures_that_are_counted_but_not_named_fail_every_silent_entry() {
    let unclear = json!({"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, {}]});
    let silent = json!({"FailedEntryCount": 1});
    let service = Service::answering([ok(&unclear), ok(&silent), ok(&silent)]);
    let results = service
        .bus()
        .send_appointment_confirmation(&confirmations(3))
        .await;
    let unavailable = Some(PortErrorKind::Unavailable);
    assert_eq!(kinds(&results), [None, unavailable, unavailable]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_denied_fails_its_own_entries_only() {
    let denied = error(
        400,
        "AccessDeniedException",
        "not authorized to perform: events:PutEvents",
    );
    let service = Service::answering([denied, ok(&answer(&[None; 2]))]);
    let results = service
        .bus()
        .send_appointment_confirmation(&confirmations(12))
        .await;
    assert_eq!(kinds(&results[..10]), vec![Some(PortErrorKind::Denied); 10]);
    assert_eq!(kinds(&results[10..]), [None, None]);
}

#[tokio::test(start_paused = true)]
async fn nothing_to_send_is_no_call() {
    let service = Service::answering([]);
    assert!(service.bus().send_appointment_confirmation(&[]).await.is_empty());
    assert!(service.bodies().is_empty());
}
