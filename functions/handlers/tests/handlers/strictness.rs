//! What a body or its headers may not be: each its 4xx, said as every other mistake is.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schedule_core::{Appointment, doubles::InMemoryAppointmentTable};
use serde_json::{Value, json};

use crate::{
    create_appointment::{World, assert_problem},
    fixtures::{answer, event},
};

/// The answer to a body of these bytes, which is stored only if it is a 201.
async fn post(body: &[u8]) -> Value {
    post_with(body, &[]).await
}

async fn post_with(body: &[u8], headers: &[(&str, Value)]) -> Value {
    let mut request = event("api-gateway-post");
    request["body"] = json!(STANDARD.encode(body));
    request["isBase64Encoded"] = json!(true);
    for (name, value) in headers {
        request["headers"][*name] = value.clone();
    }
    let world = World::default();
    let answer = answer(&world.handler(), &request).await;
    let created = answer["statusCode"] == 201;
    assert_eq!(world.table.items().len(), usize::from(created), "{answer}");
    answer
}

/// A body with one more member, written as it stands.
fn with(member: &str) -> Vec<u8> {
    let whole = r#"{"insuredId":"00123","countryISO":"PE","dateSchedule":"2030-05-20T15:30:00-05:00","#;
    format!("{whole}{member}}}").into_bytes()
}

/// Asserts that the body is refused for what stands at one pointer.
#[track_caller]
fn assert_refused_at(answer: &Value, pointer: &str) {
    let problem = assert_problem(answer, 400);
    let errors = problem["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("{problem}"));
    assert_eq!(errors.len(), 1, "{problem}");
    assert_eq!(errors[0]["pointer"], pointer, "{problem}");
    assert!(
        errors[0]["detail"]
            .as_str()
            .is_some_and(|detail| !detail.is_empty())
    );
}

#[tokio::test]
async fn control_characters_are_refused_where_they_stand() {
    for text in [
        r"a\u0000",
        r"\u0007",
        r"\u001b[31m",
        r"\u007f",
        r"\u0085",
        r"\t",
        r"\n",
        r"\r",
    ] {
        for field in ["scheduleId", "centerId", "specialtyId", "medicId"] {
            let answer = post(&with(&format!(r#""{field}":"{text}""#))).await;
            assert_refused_at(&answer, &format!("/{field}"));
        }
    }
    for text in [r"a\u0000b", r"\u0008", r"\u000b", r"\u001b", r"\u007f", r"\u009f"] {
        assert_refused_at(
            &post(&with(&format!(r#""comments":"{text}""#))).await,
            "/comments",
        );
    }
    for text in [r"uno\tdos", r"uno\ndos", r"uno\r\ndos"] {
        let answer = post(&with(&format!(r#""comments":"{text}""#))).await;
        assert_eq!(answer["statusCode"], 201, "{text}");
    }
}

#[test]
fn what_is_stored_with_control_characters_still_reads() {
    let mut stored = serde_json::to_value(schedule_core::doubles::sample_appointment(
        1,
        schedule_core::Country::PE,
    ))
    .unwrap();
    stored["comments"] = json!("a\u{0}b");
    stored["medicId"] = json!("\u{1b}");
    let read: Appointment = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), stored);
    assert_eq!(InMemoryAppointmentTable::holding([read]).items().len(), 1);
}

#[tokio::test]
async fn half_a_surrogate_pair_is_refused_where_it_stands() {
    for text in [r"\ud800", r"\udfff", r"\ud83d\u0041", r"a\ud83d"] {
        assert_refused_at(
            &post(&with(&format!(r#""comments":"{text}""#))).await,
            "/comments",
        );
    }
    assert_eq!(
        post(&with(r#""comments":"\ud83e\ude7a""#)).await["statusCode"],
        201,
        "a whole pair"
    );
    // In a name there is no place to point at.
    assert_problem(&post(&with(r#""\ud800":"x""#)).await, 400);
}

#[tokio::test]
async fn a_number_of_any_size_is_a_number_in_the_wrong_place() {
    for number in [
        "1e999",
        "-1e-999",
        "123456789012345678901234567890",
        &"9".repeat(4_000),
    ] {
        assert_refused_at(&post(&with(&format!(r#""medicId":{number}"#))).await, "/medicId");
    }
    for number in ["01", "1.", ".5", "+1", "1e", "NaN", "Infinity"] {
        assert_problem(&post(&with(&format!(r#""medicId":{number}"#))).await, 400);
    }
}

#[tokio::test]
async fn a_body_of_any_depth_is_refused_where_it_is_deep() {
    for depth in [1, 200, 7_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_refused_at(&post(&with(&format!(r#""comments":{deep}"#))).await, "/comments");
        assert_refused_at(&post(deep.as_bytes()).await, "");
        assert_problem(&post("[".repeat(depth).as_bytes()).await, 400);
        let objects = format!("{}1{}", r#"{"a":"#.repeat(depth / 4), "}".repeat(depth / 4));
        assert_problem(&post(&with(&format!(r#""centerId":{objects}"#))).await, 400);
    }
}

#[tokio::test]
async fn a_member_that_is_there_twice_is_refused_even_if_it_says_the_same() {
    assert_refused_at(&post(&with(r#""insuredId":"00123""#)).await, "/insuredId");
    assert_refused_at(
        &post(&with(r#""comments":"a","comments":"a""#)).await,
        "/comments",
    );
    assert_refused_at(
        &post(&with(r#""comments":"a","\u0063omments":"b""#)).await,
        "/comments",
    );
}

#[tokio::test]
async fn bytes_that_are_no_utf_8_and_a_byte_order_mark_are_refused() {
    let mut latin_1 = with(r#""comments":"Nu?ez""#);
    let place = latin_1.iter().position(|byte| *byte == b'?').unwrap();
    latin_1[place] = 0xF1;
    assert_problem(&post(&latin_1).await, 400);

    let mut marked = vec![0xEF, 0xBB, 0xBF];
    marked.extend(with(r#""medicId":"4""#));
    let problem = assert_problem(&post(&marked).await, 400);
    assert!(problem["detail"].as_str().unwrap().contains("BOM"), "{problem}");

    assert!(
        assert_problem(&post(b"\"\xF1\"").await, 400)
            .get("errors")
            .is_none()
    );

    let utf_16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_problem(&post(&utf_16).await, 400);
    let mut trailing = with(r#""medicId":"4""#);
    trailing.extend(b" {}");
    assert_problem(&post(&trailing).await, 400);
}

#[tokio::test]
async fn only_utf_8_without_an_encoding_is_read() {
    let body = with(r#""medicId":"4""#);
    for (content_type, status) in [
        (r#"application/json; charset="UTF-8""#, 201),
        ("application/json;", 201),
        ("application/json; profile=x; charset=utf-8", 201),
        ("application/json; charset=iso-8859-1", 415),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=", 415),
        ("application/json; charset", 415),
        ("application/json; =utf-8", 415),
        ("application/json, application/json", 415),
        ("application/fhir+json", 415),
    ] {
        let answer = post_with(&body, &[("content-type", json!(content_type))]).await;
        assert_eq!(answer["statusCode"], status, "{content_type}");
    }
    for (coding, status) in [
        ("identity", 201),
        ("", 201),
        ("gzip", 415),
        ("br", 415),
        ("identity, gzip", 415),
    ] {
        let answer = post_with(&body, &[("content-encoding", json!(coding))]).await;
        assert_eq!(answer["statusCode"], status, "{coding}");
        if status == 415 {
            let problem = assert_problem(&answer, 415);
            assert_eq!(
                problem["type"],
                "urn:medical-schedule:problem:unsupported-encoding"
            );
            assert_eq!(answer["headers"]["accept-encoding"], "identity");
        }
    }
}

#[tokio::test]
async fn a_header_that_is_no_ascii_does_not_fail_the_function() {
    let body = with(r#""medicId":"4""#);
    for header in ["x-name", "accept", "accept-language", "user-agent"] {
        let answer = post_with(&body, &[(header, json!("Núñez"))]).await;
        assert_eq!(answer["statusCode"], 201, "{header}");
    }
    assert_problem(&post_with(&body, &[("content-type", json!("Núñez"))]).await, 415);
    assert_problem(
        &post_with(&body, &[("content-encoding", json!("Núñez"))]).await,
        415,
    );
    assert_problem(
        &post_with(&body, &[("idempotency-key", json!("Núñez"))]).await,
        400,
    );
}
