//! The deployed API lets in whom it should, and nobody else.
//!
//! MiniStack checks tokens and scopes as AWS does, but for those in [`NOT_ENFORCED_BY_MINISTACK`]. It answers a
//! browser's question itself, whichever route would take it, and holds nobody back: what the template says of these two
//! is tried on the local system.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    cases::{self, ABSENT, EVER, MATRIX, NO_TOKENS, OTHER, OWN, REQUESTS, Request},
    contract,
    issuer::{Issuer, now},
    server::{Answer, MiniStack, with_parameters},
    system::api,
};

/// Tokens that AWS refuses and MiniStack takes.
const NOT_ENFORCED_BY_MINISTACK: [&str; 1] = [EVER];

/// The deployed system, of a stage that takes an issuer's tokens.
struct System {
    aws: MiniStack,
    issuer: Issuer,
    api: String,
    /// The appointments that there are, by insured and country.
    appointments: BTreeMap<(&'static str, &'static str), String>,
}

#[test]
#[ignore = "builds the functions for Lambda, which takes minutes: make e2e"]
fn the_deployed_system_lets_in_whom_it_should_and_nobody_else() {
    let mut system = System::deploy();
    system.nobody_gets_in_without_a_token();
    system.nobody_gets_in_with_a_broken_token();
    system.has_an_appointment_of_each();
    system.each_bearer_may_do_what_the_table_says();
    system.a_refusal_does_not_tell_whether_there_is_somebody();
    system.a_list_holds_only_what_is_of_the_bearers_countries();
    system.a_list_goes_on_page_by_page_and_only_by_its_own_cursors();
    system.an_appointment_that_did_not_change_is_not_sent_again();
    system.no_answer_is_off_the_document();
}

impl System {
    fn deploy() -> Self {
        let issuer = Issuer::start();
        let aws = MiniStack::start();
        aws.write_stage(&aws.stage().replace("mode = \"none\"", &issuer.settings()));
        aws.infra_synth(&["bootstrap", "--yes"]).succeeded();
        aws.infra_synth(&with_parameters(&["deploy", "--yes"]))
            .succeeded()
            .says_nothing_of(&["anyone who knows the URL"]);
        let api = api(&aws);
        Self {
            aws,
            issuer,
            api,
            appointments: BTreeMap::new(),
        }
    }

    fn nobody_gets_in_without_a_token(&self) {
        for header in NO_TOKENS {
            self.check_refused(&format!("{header:?}"), header);
        }
        let good = self.issuer.token(&self.everything());
        let in_the_url = format!("/appointments/{OWN}?access_token={good}");
        let answer = self.aws.send(&self.api, ("GET", &in_the_url), &[], None);
        assert_eq!(answer.status, 401, "a token in the URL: {answer:?}");
    }

    fn nobody_gets_in_with_a_broken_token(&self) {
        let mut claims = self.issuer.claims();
        claims
            .as_object_mut()
            .unwrap()
            .extend(self.everything().as_object().unwrap().clone());
        for token in cases::broken_tokens(&Issuer::header(), &claims, now()) {
            let bearer = self.issuer.sign(&token.header, &token.claims, token.signing);
            if NOT_ENFORCED_BY_MINISTACK.contains(&token.name) {
                let answer = self.ask(Request::List(OWN), Some(&format!("Bearer {bearer}")));
                assert_eq!(
                    answer.status, 200,
                    "MiniStack has learned to refuse: {}",
                    token.name
                );
            } else {
                self.check_refused(token.name, Some(&format!("Bearer {bearer}")));
            }
        }
        let good = self
            .issuer
            .sign(&Issuer::header(), &claims, cases::Signing::Issuer);
        let answer = self.ask(Request::List(OWN), Some(&format!("Bearer {good}")));
        assert_eq!(answer.status, 200, "the same token unbroken: {answer:?}");
    }

    /// Every route refuses the header, and so does what is no route.
    #[track_caller]
    fn check_refused(&self, name: &str, header: Option<&str>) {
        for request in REQUESTS {
            let answer = self.ask(request, header);
            assert_eq!(answer.status, 401, "{name}, {request:?}: {answer:?}");
        }
    }

    fn has_an_appointment_of_each(&mut self) {
        let office = format!("Bearer {}", self.issuer.token(&self.everything()));
        for insured in [OWN, OTHER] {
            for country in ["PE", "CL"] {
                let answer = self.ask(Request::Create(insured, country), Some(&office));
                assert_eq!(answer.status, 201, "{answer:?}");
                let id = answer.json()["appointment"]["appointmentId"].clone();
                self.appointments
                    .insert((insured, country), id.as_str().unwrap().to_owned());
            }
        }
    }

    fn each_bearer_may_do_what_the_table_says(&self) {
        for (bearer, statuses) in &MATRIX {
            let token = format!("Bearer {}", self.issuer.token(&bearer.claims()));
            let answered = REQUESTS.map(|request| self.ask(request, Some(&token)).status);
            for ((request, found), expected) in REQUESTS.iter().zip(answered).zip(statuses) {
                assert_eq!(found, *expected, "{}: {request:?}", bearer.name);
            }
        }
    }

    fn a_refusal_does_not_tell_whether_there_is_somebody(&self) {
        let insured = self.of_insured(OWN);
        let there = Some((OTHER, "PE"));
        for (known, unknown) in [
            (Request::List(OTHER), Request::List(ABSENT)),
            (Request::Read(OTHER, there), Request::Read(ABSENT, None)),
            (Request::Create(OTHER, "PE"), Request::Create(ABSENT, "PE")),
        ] {
            let [known, unknown] = [known, unknown].map(|request| self.ask(request, Some(&insured)));
            assert_eq!(known.status, 403);
            assert_eq!(known.text, unknown.text);
            assert_eq!(
                known.headers.keys().collect::<Vec<_>>(),
                unknown.headers.keys().collect::<Vec<_>>()
            );
        }
    }

    fn a_list_holds_only_what_is_of_the_bearers_countries(&self) {
        let peru = json!({ "scope": "appointments:read appointments:any", "countries": "PE" });
        let peru = format!("Bearer {}", self.issuer.token(&peru));
        let list = self.ask(Request::List(OTHER), Some(&peru)).json();
        let countries: Vec<&Value> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["countryISO"])
            .collect();
        assert!(
            !countries.is_empty() && countries.iter().all(|country| *country == "PE"),
            "{list}"
        );
    }

    /// The cursors are signed with the secret that CloudFormation made.
    fn a_list_goes_on_page_by_page_and_only_by_its_own_cursors(&self) {
        let insured = self.of_insured(OWN);
        let whole = self.ask(Request::List(OWN), Some(&insured)).json();
        let mut pages = Vec::new();
        let mut next = Some(format!("/appointments/{OWN}?limit=2"));
        let mut cursors = Vec::new();
        while let Some(path) = next {
            let answer = self.get(&path, &insured);
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            let page = answer.json();
            let page = page.as_array().unwrap();
            assert!((1..=2).contains(&page.len()), "{path}: {page:?}");
            pages.extend(page.clone());
            next = answer.headers.get("link").map(|link| {
                let (target, relation) = link.split_once('>').unwrap();
                assert_eq!(relation.trim_start_matches([';', ' ']), "rel=\"next\"");
                target.trim_start_matches('<').to_owned()
            });
            cursors.extend(next.clone());
        }
        assert_eq!(json!(pages), whole);
        assert!(cursors.len() > 1, "{cursors:?}");

        let (_, cursor) = cursors[0].split_once("cursor=").unwrap();
        let cursor = cursor.split('&').next().unwrap();
        let forged = format!("{}AAAA", &cursor[..cursor.len() - 4]);
        let other = self.of_insured(OTHER);
        for (path, bearer) in [
            (format!("/appointments/{OWN}?limit=2&cursor={forged}"), &insured),
            (format!("/appointments/{OTHER}?limit=2&cursor={cursor}"), &other),
            (
                format!("/appointments/{OWN}?limit=2&status=PENDING&cursor={cursor}"),
                &insured,
            ),
        ] {
            let answer = self.get(&path, bearer);
            assert_eq!(answer.status, 400, "{answer:?}");
        }
    }

    fn an_appointment_that_did_not_change_is_not_sent_again(&self) {
        let insured = self.of_insured(OWN);
        let path = format!("/appointments/{OWN}/{}", self.appointments[&(OWN, "PE")]);
        let first = self.get(&path, &insured);
        assert_eq!(first.status, 200, "{first:?}");
        let tag = &first.headers["etag"];
        let headers = [("authorization", insured.as_str()), ("if-none-match", tag)];
        let again = self.aws.send(&self.api, ("GET", &path), &headers, None);
        assert_eq!((again.status, again.text.as_str()), (304, ""));
    }

    /// As the local system: see `tests/api`.
    fn no_answer_is_off_the_document(&self) {
        let token = self.issuer.token(&self.everything());
        let host = self.api.trim_start_matches("http://");
        let headers = [format!("Authorization: Bearer {token}"), format!("Host: {host}")];
        let requests = contract::hold(self.aws.url(), &headers, 700);
        assert!(requests > 2000, "only {requests} requests");
    }

    /// Claims that open everything.
    fn everything(&self) -> Value {
        json!({
            "scope": "appointments:read appointments:write appointments:any",
            "countries": ["PE", "CL"],
        })
    }

    fn of_insured(&self, insured: &str) -> String {
        let claims = json!({ "scope": "appointments:read appointments:write", "insured_id": insured });
        format!("Bearer {}", self.issuer.token(&claims))
    }

    fn get(&self, path: &str, bearer: &str) -> Answer {
        self.aws
            .send(&self.api, ("GET", path), &[("authorization", bearer)], None)
    }

    fn ask(&self, request: Request, authorization: Option<&str>) -> Answer {
        let headers: Vec<(&str, &str)> = authorization
            .iter()
            .map(|value| ("authorization", *value))
            .collect();
        let (method, path, body) = match request {
            Request::Create(insured, country) => (
                "POST",
                "/appointments".to_owned(),
                Some(json!({
                    "insuredId": insured, "countryISO": country, "dateSchedule": "2036-01-01T10:00:00-05:00",
                })),
            ),
            Request::List(insured) => ("GET", format!("/appointments/{insured}"), None),
            Request::Read(insured, of) => {
                let known = of.and_then(|of| self.appointments.get(&of));
                let id = known.map_or("0190163d-8694-739b-aea5-966c26f8ad91", String::as_str);
                ("GET", format!("/appointments/{insured}/{id}"), None)
            }
            Request::Nowhere(method, path) => (method, path.to_owned(), None),
        };
        self.aws.send(&self.api, (method, &path), &headers, body.as_ref())
    }
}
