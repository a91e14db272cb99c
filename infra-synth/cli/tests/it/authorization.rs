//! Who may do what on the local system, run as stage `prod`: the table that a deployed one is held to as well.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use ureq::http::HeaderMap;

use crate::cases::{
    ABSENT, Bearer, MATRIX, NO_TOKENS, OTHER, OWN, REQUESTS, Request, Signing, broken_tokens,
};
use crate::process::{Local, empty_folder};
use crate::signing::Issuer;

/// An appointment that nobody has.
const NO_APPOINTMENT: &str = "01a2109d-0000-7000-8000-000000000000";

struct Api {
    local: Local,
    issuer: Issuer,
    /// The appointment of an insured in a country.
    appointments: BTreeMap<(&'static str, &'static str), String>,
}

impl Api {
    fn start(name: &str) -> Self {
        let folder = empty_folder(name).join("data");
        // Nobody reads its events here, and a pipe that is full would hold it up.
        let silent = ["--stage", "prod", "--log-level", "off", "--data-dir"];
        let local = Local::start(&[&silent[..], &[folder.to_str().unwrap()]].concat());
        let mut api = Self {
            local,
            issuer: Issuer::of(&folder),
            appointments: BTreeMap::new(),
        };
        let office = api.token(api.office());
        for insured in [OWN, OTHER] {
            for country in ["PE", "CL"] {
                let (status, _, body) = api.send(Request::Create(insured, country), Some(&office));
                assert_eq!(status, 201, "{body}");
                let body: Value = serde_json::from_str(&body).unwrap();
                let id = body["appointment"]["appointmentId"].as_str().unwrap().to_owned();
                api.appointments.insert((insured, country), id);
            }
        }
        api
    }

    /// Whom nothing is refused.
    fn office(&self) -> &'static Bearer {
        let all = |statuses: &[u16; 17]| statuses.iter().all(|status| *status != 403);
        let found = MATRIX
            .iter()
            .find(|(bearer, statuses)| all(statuses) && bearer.name.contains("both countries"));
        &found.unwrap().0
    }

    fn claims(&self) -> Value {
        let now = jiff::Timestamp::now().as_second();
        json!({"iss": "https://identity.prod.invalid", "aud": "medical-schedule", "iat": now, "exp": now + 600})
    }

    fn token(&self, bearer: &Bearer) -> String {
        let mut claims = self.claims();
        let own = bearer.claims().as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(own);
        let token = self.issuer.token(&self.issuer.header(), &claims, Signing::Issuer);
        format!("Bearer {token}")
    }

    fn send(&self, request: Request, authorization: Option<&str>) -> (u16, HeaderMap, String) {
        let (method, path, body) = match request {
            Request::Create(insured, country) => {
                let body = json!({
                    "insuredId": insured, "countryISO": country, "dateSchedule": "2099-05-20T15:30:00Z",
                });
                ("POST", "/appointments".to_owned(), body.to_string())
            }
            Request::List(insured) => ("GET", format!("/appointments/{insured}"), String::new()),
            Request::Read(insured, whose) => {
                let id = whose.map_or(NO_APPOINTMENT, |whose| self.appointments[&whose].as_str());
                ("GET", format!("/appointments/{insured}/{id}"), String::new())
            }
            Request::Nowhere(method, path) => (method, path.to_owned(), String::new()),
        };
        let mut headers = Vec::new();
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        if let Some(authorization) = authorization {
            headers.push(("authorization", authorization));
        }
        self.local.send(method, &path, &headers, &body)
    }
}

#[test]
fn each_bearer_may_do_what_the_table_says_and_nothing_else() {
    let api = Api::start("authorization-matrix");
    let mut wrong = Vec::new();
    for (bearer, expected) in &MATRIX {
        let token = api.token(bearer);
        for (request, expected) in REQUESTS.into_iter().zip(expected) {
            let (status, _, body) = api.send(request, Some(&token));
            if status != *expected {
                wrong.push(format!(
                    "{}: {request:?}: {status}, not {expected}: {body}",
                    bearer.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_back_office_sees_the_appointments_of_its_countries_alone() {
    let api = Api::start("authorization-countries");
    let office = |countries: &str| {
        let found = MATRIX.iter().find(|(bearer, _)| bearer.name == countries);
        let (_, _, body) = api.send(Request::List(OWN), Some(&api.token(&found.unwrap().0)));
        let list: Vec<Value> = serde_json::from_str(&body).unwrap();
        list.into_iter()
            .map(|one| one["countryISO"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(office("the back office of Peru"), ["PE"]);
    let mut both = office("the back office of both countries");
    both.sort();
    assert_eq!(both, ["CL", "PE"]);
}

#[test]
fn a_refusal_does_not_tell_whether_the_insured_or_the_appointment_exists() {
    let api = Api::start("authorization-same");
    let (insured, _) = MATRIX
        .iter()
        .find(|(bearer, _)| bearer.name == "an insured")
        .unwrap();
    let token = api.token(insured);
    let refused = |request| {
        let (status, headers, body) = api.send(request, Some(&token));
        let mut headers: BTreeMap<_, _> = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        for changing in ["date", "x-request-id"] {
            headers.remove(changing);
        }
        (status, headers, body)
    };
    let others = refused(Request::List(OTHER));
    assert_eq!(others.0, 403);
    assert_eq!(refused(Request::List(ABSENT)), others);
    let others = refused(Request::Read(OTHER, Some((OTHER, "PE"))));
    assert_eq!(refused(Request::Read(OTHER, None)), others);
    assert_eq!(refused(Request::Read(ABSENT, None)), others);
    assert_eq!(
        refused(Request::Create(ABSENT, "PE")),
        refused(Request::Create(OTHER, "PE"))
    );
}

#[test]
fn no_route_takes_a_token_that_is_broken_or_none() {
    let api = Api::start("authorization-broken");
    let mut claims = api.claims();
    let own = api.office().claims().as_object().unwrap().clone();
    claims.as_object_mut().unwrap().extend(own);
    let now = claims["iat"].as_i64().unwrap();
    let broken = broken_tokens(&api.issuer.header(), &claims, now);
    let broken = broken.iter().map(|token| {
        let signed = api.issuer.token(&token.header, &token.claims, token.signing);
        (token.name, Some(format!("Bearer {signed}")))
    });
    let none = NO_TOKENS.iter().map(|text| ("no token", text.map(str::to_owned)));
    for (name, authorization) in broken.chain(none) {
        for request in REQUESTS {
            let (status, headers, body) = api.send(request, authorization.as_deref());
            assert_eq!(status, 401, "{name}: {request:?}: {body}");
            let challenge = headers["www-authenticate"].to_str().unwrap();
            assert!(challenge.starts_with("Bearer"), "{name}: {challenge}");
            assert_eq!(headers["content-type"], "application/problem+json");
        }
    }
    // None of them booked anything.
    let (_, _, body) = api.send(Request::List(OWN), Some(&api.token(api.office())));
    let list: Vec<Value> = serde_json::from_str(&body).unwrap();
    assert_eq!(list.len(), 2);
}
