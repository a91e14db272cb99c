//! Who may do what, where a stage asks for tokens.

use std::sync::Arc;

use schedule_core::{
    Appointment, Country, InsuredId,
    doubles::{InMemoryAppointmentTable, SequentialIds, sample_appointment, sample_id},
    ports::PortErrorKind,
};
use schedule_handlers::{AuthMode, CreateAppointmentHandler, GetAppointmentHandler};
use serde_json::{Value, json};

use crate::{
    create_appointment::assert_problem,
    fixtures::{answer, clock, event, failure, json_body},
    get_one_appointment,
};

const OWN: &str = "appointments:write appointments:read";
const BACK_OFFICE: &str = "appointments:write appointments:read appointments:any";

fn jwt() -> AuthMode {
    AuthMode::Jwt {
        insured_claim: "insured_id".to_owned(),
        countries_claim: "countries".to_owned(),
    }
}

/// The request as it comes with the claims of a token.
pub(crate) fn with_claims(mut request: Value, claims: &Value) -> Value {
    request["requestContext"]["authorizer"] = json!({"jwt": {"claims": claims, "scopes": null}});
    request
}

fn post(insured_id: &str, country: &str) -> Value {
    let mut request = event("api-gateway-post");
    let body =
        json!({"insuredId": insured_id, "countryISO": country, "dateSchedule": "2030-05-20T15:30:00-05:00"});
    request["body"] = json!(body.to_string());
    request
}

pub(crate) fn list(insured_id: &str) -> Value {
    let mut request = event("api-gateway-get");
    request["pathParameters"]["insuredId"] = json!(insured_id);
    request
}

pub(crate) struct World {
    table: Arc<InMemoryAppointmentTable>,
}

impl World {
    /// Insured `00123` has an appointment in Peru and one in Chile; nobody else has any.
    pub(crate) fn new() -> Self {
        let appointments = [(1, Country::PE), (2, Country::CL)];
        let appointments = appointments.map(|(number, country)| sample_appointment(number, country));
        Self {
            table: Arc::new(InMemoryAppointmentTable::holding(appointments)),
        }
    }

    pub(crate) async fn answer(&self, request: &Value) -> Value {
        if request["routeKey"] == "POST /appointments" {
            let topic = Arc::<schedule_core::doubles::InMemoryAppointmentTopic>::default();
            // Ids that are free.
            let ids = SequentialIds::new();
            let handler = CreateAppointmentHandler::new(self.table.clone(), topic, clock(), ids, jwt());
            answer(&handler, request).await
        } else {
            let secret = Arc::<schedule_core::doubles::KnownCursorSecret>::default();
            let handler = GetAppointmentHandler::new(self.table.clone(), secret, clock(), jwt());
            answer(&handler, request).await
        }
    }
}

#[track_caller]
fn status(answer: &Value) -> u64 {
    answer["statusCode"].as_u64().unwrap()
}

#[tokio::test]
async fn each_caller_may_do_what_its_token_says_and_nothing_else() {
    let own = |insured: &str, countries: Option<&str>| {
        let mut claims = json!({"sub": "x", "scope": OWN, "insured_id": insured});
        if let Some(countries) = countries {
            claims["countries"] = json!(countries);
        }
        claims
    };
    let any = |countries: Option<&str>| {
        let mut claims = json!({"scope": BACK_OFFICE});
        if let Some(countries) = countries {
            claims["countries"] = json!(countries);
        }
        claims
    };
    let one = |number| get_one_appointment::request("00123", &sample_id(number).to_string());
    // The claims, and the answers to: booking in PE and CL, the list, the appointment in PE and the one in CL.
    for (who, claims, expected) in [
        ("the insured", own("00123", None), [201, 201, 200, 200, 200]),
        (
            "the insured, in Peru",
            own("00123", Some("PE")),
            [201, 403, 200, 200, 404],
        ),
        (
            "the insured, in both",
            own("00123", Some("[PE CL]")),
            [201, 201, 200, 200, 200],
        ),
        ("the insured, elsewhere", own("00123", Some("AR")), [403; 5]),
        ("another insured", own("00124", None), [403; 5]),
        ("another spelling", own("123", None), [403; 5]),
        ("no insured", json!({"scope": OWN}), [403; 5]),
        ("what is no insured id", own("00123 ", None), [403; 5]),
        ("a back office", any(Some("PE,CL")), [201, 201, 200, 200, 200]),
        (
            "a back office in Chile",
            any(Some("CL")),
            [403, 201, 200, 404, 200],
        ),
        ("a back office of nowhere", any(None), [403; 5]),
        ("a back office of a list of nothing", any(Some("[]")), [403; 5]),
        (
            "a reader",
            json!({"scope": "appointments:read", "insured_id": "00123"}),
            [403, 403, 200, 200, 200],
        ),
        (
            "a writer",
            json!({"scp": "[appointments:write]", "insured_id": "00123"}),
            [201, 201, 403, 403, 403],
        ),
        (
            "whoever has but the scope of a back office",
            json!({"scope": "appointments:any", "countries": "PE CL"}),
            [403; 5],
        ),
        ("a token of nothing", json!({}), [403; 5]),
    ] {
        let mut statuses = Vec::new();
        for request in [
            post("00123", "PE"),
            post("00123", "CL"),
            list("00123"),
            one(1),
            one(2),
        ] {
            let world = World::new();
            statuses.push(status(&world.answer(&with_claims(request, &claims)).await));
        }
        assert_eq!(statuses, expected, "{who}");
    }
}

#[tokio::test]
async fn a_list_has_only_the_countries_of_the_token() {
    let claims = json!({"scope": BACK_OFFICE, "countries": "CL"});
    let answer = World::new().answer(&with_claims(list("00123"), &claims)).await;
    assert_eq!(json_body(&answer), json!([sample_appointment(2, Country::CL)]));
}

#[tokio::test]
async fn a_refusal_is_the_same_whatever_is_stored_and_is_given_before_the_table_is_asked() {
    let claims = json!({"scope": OWN, "insured_id": "7"});
    let id = sample_id(1).to_string();
    let mut bodies = Vec::new();
    for request in [
        list("00123"),
        list("99999"),
        get_one_appointment::request("00123", &id),
        get_one_appointment::request("99999", &id),
        get_one_appointment::request("00123", "x"),
        post("00123", "PE"),
        post("99999", "CL"),
    ] {
        let world = World::new();
        // The table would say no to whoever asks it.
        world.table.fail_next(failure(PortErrorKind::Denied));
        let answer = world.answer(&with_claims(request, &claims)).await;
        assert_problem(&answer, 403);
        bodies.push((answer["body"].clone(), answer["headers"].clone()));
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
}

#[tokio::test]
async fn a_key_finds_no_appointment_of_another_insured() {
    let world = World::new();
    let mut request = post("00123", "PE");
    request["headers"]["idempotency-key"] = json!("\"k\"");
    let own = json!({"scope": OWN, "insured_id": "00123"});
    assert_eq!(
        status(&world.answer(&with_claims(request.clone(), &own)).await),
        201
    );
    let other = json!({"scope": OWN, "insured_id": "00124"});
    assert_problem(&world.answer(&with_claims(request, &other)).await, 403);
}

#[tokio::test]
async fn a_request_without_claims_is_a_401_on_every_route() {
    for request in [
        post("00123", "PE"),
        list("00123"),
        get_one_appointment::request("00123", &sample_id(1).to_string()),
    ] {
        let mut without_jwt = request.clone();
        without_jwt["requestContext"]["authorizer"] =
            json!({"lambda": {"insured_id": "00123", "scope": OWN}});
        for request in [request, without_jwt] {
            let answer = World::new().answer(&request).await;
            assert_problem(&answer, 401);
            assert_eq!(answer["headers"]["www-authenticate"], "Bearer");
        }
    }
}

#[tokio::test]
async fn a_cursor_does_not_lead_from_one_country_to_another() {
    let both: Vec<Appointment> = (1..=4)
        .map(|number| Appointment {
            insured_id: InsuredId::new("00123").unwrap(),
            ..sample_appointment(number, Country::CL)
        })
        .collect();
    let world = World {
        table: Arc::new(InMemoryAppointmentTable::holding(both)),
    };
    let mut request = list("00123");
    request["rawQueryString"] = json!("limit=1");
    let wide = json!({"scope": BACK_OFFICE, "countries": "PE CL"});
    let narrow = json!({"scope": BACK_OFFICE, "countries": "CL"});
    let page = world.answer(&with_claims(request.clone(), &wide)).await;
    let link = page["headers"]["link"].as_str().unwrap();
    let query = link.split_once('?').unwrap().1.split_once('>').unwrap().0;
    request["rawQueryString"] = json!(query);
    assert_eq!(
        status(&world.answer(&with_claims(request.clone(), &wide)).await),
        200
    );
    assert_problem(&world.answer(&with_claims(request, &narrow)).await, 400);
}

#[tokio::test]
async fn the_event_of_the_gateway_with_a_token_is_read_and_no_token_is_told() {
    let answer = World::new().answer(&event("api-gateway-post-jwt")).await;
    assert_eq!(status(&answer), 201);
    assert!(!answer.to_string().contains("e30"), "{answer}");
}
