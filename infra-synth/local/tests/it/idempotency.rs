//! `Idempotency-Key` over HTTP: a request that is sent again is the same appointment.

use std::thread;

use serde_json::json;

use crate::support::{Answer, System, booking, template};

fn post(system: &System, key: &str, body: &str) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    system.send("POST", "/appointments", &headers, body)
}

#[test]
fn the_same_request_again_is_answered_byte_by_byte_the_same() {
    let system = System::start(&template());
    let body = booking("1", "PE").to_string();
    let first = post(&system, "\"reserva-1\"", &body);
    assert_eq!(first.status, 201);
    system.completed("1", 1);
    // Quoted or not, it is the same key, and also once the appointment is completed.
    for key in ["\"reserva-1\"", "reserva-1"] {
        let again = post(&system, key, &body);
        assert_eq!((again.status, &again.text), (201, &first.text));
        assert_eq!(again.headers["location"], first.headers["location"]);
    }
    system.completed("1", 1);
    assert_eq!(system.rows("appointment_pe").len(), 1);
}

#[test]
fn twenty_of_the_same_request_at_once_are_one_appointment() {
    let system = System::start(&template());
    let body = booking("1", "CL").to_string();
    let answers: Vec<Answer> = thread::scope(|scope| {
        let requests: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| post(&system, "\"a\"", &body)))
            .collect();
        requests.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for answer in &answers {
        assert_eq!((answer.status, &answer.text), (201, &answers[0].text));
    }
    system.completed("1", 1);
    assert_eq!(system.rows("appointment_cl").len(), 1);
}

#[test]
fn a_key_with_another_body_is_refused_and_books_nothing() {
    let system = System::start(&template());
    assert_eq!(
        post(&system, "\"a\"", &booking("1", "PE").to_string()).status,
        201
    );
    let mut other = booking("1", "PE");
    other["medicId"] = json!("5");
    let answer = post(&system, "\"a\"", &other.to_string());
    assert_eq!(answer.status, 422);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(
        answer.body["type"],
        "urn:medical-schedule:problem:idempotency-key-reused"
    );
    system.completed("1", 1);
}

#[test]
fn the_same_key_of_another_insured_is_another_appointment() {
    let system = System::start(&template());
    for insured in ["1", "2"] {
        assert_eq!(
            post(&system, "\"a\"", &booking(insured, "PE").to_string()).status,
            201
        );
        system.completed(insured, 1);
    }
}

#[test]
fn what_is_no_key_is_refused_and_books_nothing() {
    let system = System::start(&template());
    for key in ["\"\"", "\"open", "two words", &"k".repeat(256)] {
        let answer = post(&system, key, &booking("1", "PE").to_string());
        assert_eq!(answer.status, 400, "{key}");
        assert_eq!(
            answer.body["type"],
            "urn:medical-schedule:problem:idempotency-key-refused"
        );
    }
    assert_eq!(system.get("1").body, json!([]));
}

#[test]
fn a_page_of_another_origin_may_send_a_key() {
    let system = System::start(&crate::support::changed(|template| {
        template["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"]["AllowOrigins"] =
            json!(["https://insurer.example"]);
    }));
    let headers = [
        ("origin", "https://insurer.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,idempotency-key"),
    ];
    let answer = system.send("OPTIONS", "/appointments", &headers, "");
    assert_eq!(answer.status, 204);
    assert!(answer.headers["access-control-allow-headers"].contains("idempotency-key"));
}
