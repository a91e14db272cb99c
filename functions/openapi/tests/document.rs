//! The committed document is the one that the types make, and leaves nothing unsaid.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use schedule_core::request::{BodyError, FaultKind, Field, NewAppointment};
use schedule_handlers::openapi::Operation;
use schedule_openapi::{DOCUMENT, document};
use serde_json::{Map, Value, json};

fn committed() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

fn shapes() -> Map<String, Value> {
    committed()["components"]["schemas"].as_object().unwrap().clone()
}

/// Every operation with its path.
fn operations() -> Vec<(String, Value)> {
    let document = committed();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
    });
    all.collect()
}

#[test]
fn the_committed_document_is_what_the_types_say_now() {
    assert!(
        DOCUMENT == document(),
        "docs/openapi.json is stale; write it anew with `make openapi`"
    );
}

#[test]
fn every_operation_is_there_and_asks_for_a_scope() {
    let scopes: Vec<_> = operations()
        .iter()
        .map(|(name, operation)| (name.clone(), operation["security"].clone()))
        .collect();
    let read = json!([{"bearer": ["appointments:read"]}]);
    assert_eq!(
        scopes,
        [
            (
                "post /appointments".to_owned(),
                json!([{"bearer": ["appointments:write"]}])
            ),
            ("get /appointments/{insuredId}".to_owned(), read.clone()),
            ("get /appointments/{insuredId}/{appointmentId}".to_owned(), read),
        ]
    );
}

/// The schema that another one names, or itself.
fn resolved<'a>(schema: &'a Value, shapes: &'a Map<String, Value>) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => &shapes[reference.rsplit('/').next().unwrap()],
        None => schema,
    }
}

#[test]
fn every_member_is_described_and_exemplified() {
    let shapes = shapes();
    let mut seen = 0;
    for (name, shape) in &shapes {
        assert!(shape["description"].is_string(), "{name}");
        for (member, schema) in shape["properties"].as_object().into_iter().flatten() {
            seen += 1;
            let target = resolved(schema, &shapes);
            assert!(schema["description"].is_string(), "{name}.{member}");
            // What is made of described members, or is one of a few words, is its own example.
            let is_plain = matches!(target["type"].as_str(), Some("string" | "integer"));
            assert!(
                !is_plain || target["examples"].is_array() || target["enum"].is_array(),
                "{name}.{member} has no example"
            );
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn every_parameter_and_header_is_described() {
    for (name, operation) in operations() {
        for parameter in operation["parameters"].as_array().unwrap() {
            assert!(parameter["description"].is_string(), "{name}: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(response["description"].is_string(), "{name}: {status}");
            let headers = response["headers"].as_object().unwrap();
            assert!(headers.contains_key("x-request-id"), "{name}: {status}");
            for (header, said) in headers {
                assert!(said["description"].is_string(), "{name}: {status}: {header}");
            }
        }
    }
}

#[test]
fn every_error_has_the_problems_shape() {
    for (name, operation) in operations() {
        let refusals: Vec<_> = operation["responses"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(status, _)| status.starts_with(['4', '5']))
            .collect();
        assert!(refusals.len() > 6, "{name}");
        for (status, response) in refusals {
            let problem = &response["content"]["application/problem+json"];
            assert_eq!(
                problem["schema"]["$ref"], "#/components/schemas/Problem",
                "{name}: {status}"
            );
            for example in problem["examples"].as_object().into_iter().flat_map(Map::values) {
                assert_eq!(example["value"]["status"].to_string(), **status, "{name}");
            }
        }
    }
}

#[test]
fn a_request_may_say_what_the_document_says_and_nothing_else() {
    let shapes = shapes();
    let shape = &shapes["NewAppointment"];
    assert_eq!(shape["additionalProperties"], false);
    let mut members: Vec<&str> = shape["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut fields: Vec<&str> = Field::ALL.map(Field::name).to_vec();
    members.sort_unstable();
    fields.sort_unstable();
    assert_eq!(members, fields);
}

#[test]
fn what_the_document_requires_is_what_is_missed_in_an_empty_body() {
    let Err(BodyError::Refused(faults)) = NewAppointment::from_json(b"{}", jiff::Timestamp::UNIX_EPOCH)
    else {
        panic!("an empty body was accepted")
    };
    let missing: Vec<Value> = faults
        .iter()
        .map(|fault| match fault.kind {
            FaultKind::Missing(field) => json!(field.name()),
            _ => panic!("{fault:?}"),
        })
        .collect();
    assert_eq!(shapes()["NewAppointment"]["required"], json!(missing));
}

#[test]
fn every_problem_is_said_in_both_languages() {
    for operation in [Operation::Create, Operation::List, Operation::Get] {
        for problem in operation.problems() {
            let [(_, spanish), (_, english)] = &problem.documents[..] else {
                panic!("{} is not said in two languages", problem.slug)
            };
            for member in ["title", "detail", "message"] {
                assert!(spanish[member].as_str().is_some_and(|text| !text.is_empty()));
                assert_ne!(spanish[member], english[member], "{} {member}", problem.slug);
            }
            for member in ["type", "status"] {
                assert_eq!(spanish[member], english[member], "{} {member}", problem.slug);
            }
        }
    }
}
