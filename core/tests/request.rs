//! Every rule of the contract's request table, and that a refusal names every fault.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use jiff::Timestamp;
use schedule_core::request::{BodyError, NewAppointment, spanish};
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2030-01-01T12:00:00.5Z".parse().unwrap()
}

fn valid() -> Value {
    json!({"insuredId": "00123", "countryISO": "PE", "dateSchedule": "2030-05-20T15:30:00-05:00"})
}

fn with(field: &str, value: Value) -> Value {
    let mut body = valid();
    body[field] = value;
    body
}

fn read(body: &Value) -> Result<NewAppointment, BodyError> {
    NewAppointment::from_json(body.to_string().as_bytes(), now())
}

fn accepted(body: &Value) -> NewAppointment {
    read(body).unwrap_or_else(|error| panic!("{body} is accepted: {error:?}"))
}

/// The faults of a body as `pointer: detail`.
fn faults(body: &str) -> Vec<String> {
    match NewAppointment::from_json(body.as_bytes(), now()) {
        Err(BodyError::Refused(faults)) => faults
            .iter()
            .map(|fault| format!("{}: {}", fault.pointer, spanish::detail(fault)))
            .collect(),
        other => panic!("{body} is refused for its faults, not {other:?}"),
    }
}

/// Asserts that one fault is found, at this place, and that its text says this.
#[track_caller]
fn check(body: &Value, pointer: &str, says: &str) {
    let found = faults(&body.to_string());
    let [fault] = found.as_slice() else {
        panic!("one fault in {body}, not {found:?}")
    };
    assert!(
        fault.starts_with(&format!("{pointer}: ")),
        "{fault} is at {pointer}"
    );
    assert!(fault.contains(says), "{fault} says {says}");
}

#[test]
fn the_three_needed_fields_are_enough() {
    let request = accepted(&valid());
    assert_eq!(request.insured_id.as_str(), "00123");
    assert_eq!(request.country_iso.as_str(), "PE");
    assert_eq!(request.date_schedule.to_string(), "2030-05-20T20:30:00Z");
    assert_eq!((request.schedule_id, request.comments), (None, None));
}

#[test]
fn a_field_that_is_needed_is_asked_for() {
    for field in ["insuredId", "countryISO", "dateSchedule"] {
        let mut body = valid();
        body.as_object_mut().unwrap().remove(field);
        check(&body, &format!("/{field}"), "obligatorio");
    }
}

#[test]
fn an_insured_id_is_1_to_32_letters_digits_and_hyphens() {
    for text in ["0", "00123", "AbC-xyz-09", "-", &"9".repeat(32)] {
        assert_eq!(
            accepted(&with("insuredId", json!(text))).insured_id.as_str(),
            text,
            "kept as sent"
        );
    }
    check(&with("insuredId", json!("")), "/insuredId", "vacío");
    check(
        &with("insuredId", json!("9".repeat(33))),
        "/insuredId",
        "demasiado largo",
    );
    for text in ["12 3", "12_3", "12.3", "ñ", "１２３", "1\n", "a/b"] {
        check(
            &with("insuredId", json!(text)),
            "/insuredId",
            "caracteres no admitidos",
        );
    }
}

#[test]
fn an_insured_id_that_is_a_number_is_refused_for_its_leading_zeros() {
    check(
        &with("insuredId", json!(123)),
        "/insuredId",
        "ceros a la izquierda",
    );
}

#[test]
fn a_country_is_pe_or_cl_in_capitals() {
    for code in ["PE", "CL"] {
        assert_eq!(
            accepted(&with("countryISO", json!(code))).country_iso.as_str(),
            code
        );
    }
    for code in ["pe", "AR", "", " PE", "PER"] {
        check(
            &with("countryISO", json!(code)),
            "/countryISO",
            "\"PE\" (Perú) o \"CL\" (Chile)",
        );
    }
}

#[test]
fn a_date_is_stored_in_utc_with_seconds() {
    for (sent, stored) in [
        ("2030-05-20T15:30:00Z", "2030-05-20T15:30:00Z"),
        ("2030-05-20t15:30:00z", "2030-05-20T15:30:00Z"),
        ("2030-05-20T15:30:00.999Z", "2030-05-20T15:30:00Z"),
        ("2030-05-20T15:30:00+00:00", "2030-05-20T15:30:00Z"),
        ("2030-12-31T22:30:00-04:00", "2031-01-01T02:30:00Z"),
        ("2032-02-29T00:00:00+05:45", "2032-02-28T18:15:00Z"),
    ] {
        assert_eq!(
            accepted(&with("dateSchedule", json!(sent)))
                .date_schedule
                .to_string(),
            stored
        );
    }
}

#[test]
fn a_date_is_rfc_3339_with_offset() {
    for text in [
        "",
        "mañana",
        "2030-05-20",
        "2030-05-20T15:30:00",
        "2030-05-20T15:30Z",
        "2030-05-20 15:30:00Z",
        "20300520T153000Z",
        "2030-05-20T15:30:00-05",
        "2030-05-20T15:30:00-0500",
        "2030-05-20T15:30:00.Z",
        "2030-05-20T15:30:00,5Z",
        "2030-05-20T15:30:00+24:00",
        "2030-05-20T15:30:00+05:60",
        "2030-05-20T15:30:00-05:00[America/Lima]",
        " 2030-05-20T15:30:00Z",
        "2030-05-20T15:30:00Z ",
        "2030-02-29T15:30:00Z",
        "2030-13-01T15:30:00Z",
        "2030-05-20T24:00:00Z",
        "+002030-05-20T15:30:00Z",
        "9999-12-31T23:59:59-23:00",
    ] {
        check(&with("dateSchedule", json!(text)), "/dateSchedule", "RFC 3339");
    }
}

#[test]
fn a_date_lies_in_the_future() {
    // The clock shows 12:00:00.5; what is kept of 12:00:00.9 is 12:00:00, which is past.
    for past in [
        "2030-01-01T12:00:00Z",
        "2030-01-01T12:00:00.9Z",
        "2030-01-01T13:00:00+01:00",
        "1969-01-01T00:00:00Z",
    ] {
        check(
            &with("dateSchedule", json!(past)),
            "/dateSchedule",
            "posterior al momento actual",
        );
    }
    accepted(&with("dateSchedule", json!("2030-01-01T12:00:01Z")));
}

#[test]
fn a_reference_is_1_to_64_characters() {
    for field in ["scheduleId", "centerId", "specialtyId", "medicId"] {
        let pointer = format!("/{field}");
        accepted(&with(field, json!("1")));
        accepted(&with(field, json!("ñ".repeat(64))));
        check(
            &with(field, json!("ñ".repeat(65))),
            &pointer,
            "de 1 a 64 caracteres",
        );
        check(&with(field, json!("")), &pointer, "omita el campo");
        check(&with(field, json!(7)), &pointer, "un número");
        check(&with(field, Value::Null), &pointer, "omita el campo");
    }
}

#[test]
fn comments_are_at_most_500_characters() {
    for text in ["", "Dolor 🩺", &"🩺".repeat(500)] {
        assert_eq!(
            accepted(&with("comments", json!(text)))
                .comments
                .unwrap()
                .as_str(),
            text
        );
    }
    check(
        &with("comments", json!("a".repeat(501))),
        "/comments",
        "hasta 500 caracteres",
    );
    check(&with("comments", json!(["a"])), "/comments", "una lista");
}

#[test]
fn an_unknown_field_is_refused_by_name() {
    check(
        &with("status", json!("COMPLETED")),
        "/status",
        "los campos admitidos son: insuredId, countryISO,",
    );
    check(&with("medic_id", json!("7")), "/medic_id", "«medicId»");
    check(&with("InsuredID", json!("7")), "/InsuredID", "«insuredId»");
}

#[test]
fn the_pointer_of_a_field_is_escaped() {
    check(&with("a/b~c", json!(1)), "/a~1b~0c", "desconocido");
    check(&with("", json!(1)), "/", "desconocido");
}

#[test]
fn a_field_that_is_there_twice_is_refused() {
    let body = r#"{"insuredId":"1","insuredId":"2","countryISO":"PE","dateSchedule":"2030-05-20T15:30:00Z"}"#;
    assert_eq!(
        faults(body),
        ["/insuredId: El campo aparece más de una vez; envíelo una sola vez."]
    );
}

#[test]
fn every_fault_is_named_at_once() {
    let body = r#"{"insuredId": 123, "countryISO": "AR", "dateSchedule": "ayer", "scheduleId": "",
        "medicId": null, "comments": {}, "coment": "x", "coment": "y", "specialtyId": "5", "specialtyId": "6"}"#;
    let pointers: Vec<_> = faults(body)
        .iter()
        .map(|fault| fault.split(':').next().unwrap().to_owned())
        .collect();
    let expected = [
        "/insuredId",
        "/countryISO",
        "/dateSchedule",
        "/scheduleId",
        "/specialtyId",
        "/medicId",
        "/comments",
        "/coment",
    ];
    assert_eq!(pointers, expected);
    assert_eq!(faults("{}").len(), 3);
}

#[test]
fn a_body_that_is_no_object_is_refused_as_a_whole() {
    for (body, says) in [
        ("[]", "una lista"),
        ("null", "null"),
        ("\"a\"", "un texto"),
        ("7", "un número"),
        ("true", "un valor booleano"),
    ] {
        let found = faults(body);
        assert!(
            matches!(&found[..], [fault] if fault.starts_with(": ") && fault.contains(says)),
            "{found:?}"
        );
    }
}

#[test]
fn a_body_that_is_not_json_is_told_apart_from_one_with_faults() {
    let deep = "[".repeat(10_000);
    for body in [
        "",
        " ",
        "hola",
        "{",
        "[1,",
        "{\"insuredId\":\"1\",}",
        "{} {}",
        "{'a':1}",
        "\"\\ud800\"",
        &deep,
    ] {
        let read = NewAppointment::from_json(body.as_bytes(), now());
        assert!(matches!(read, Err(BodyError::NotJson(_))), "{body}: {read:?}");
    }
    let not_utf8 = NewAppointment::from_json(b"{\"insuredId\":\"\xff\"}", now());
    assert!(matches!(not_utf8, Err(BodyError::NotJson(_))), "{not_utf8:?}");
}

#[test]
fn no_text_or_debug_output_repeats_what_was_sent() {
    let body = r#"{"insuredId":"secreto 1","countryISO":"secreto","dateSchedule":"secreto","medicId":["secreto"],
        "comments":{"secreto":1},"secreto-campo":"secreto"}"#;
    let error = NewAppointment::from_json(body.as_bytes(), now()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secreto"), "{error:?}");
    let texts: Vec<_> = faults(body)
        .iter()
        .map(|fault| fault.split_once(": ").unwrap().1.to_owned())
        .collect();
    assert!(!texts.concat().contains("secreto"), "{texts:?}");
}
