//! What the HTTP handlers send and refuse with, for the document that describes the API.

use aws_lambda_events::{apigw::ApiGatewayV2httpResponse, encodings::Body};
use jiff::Timestamp;
use schedule_core::{
    Language,
    authorization::Refusal,
    request::{BodyError, NewAppointment},
};
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

use super::{
    create_appointment::Created,
    fhir::{Bundle, FhirAppointment},
    language,
    list_query::{ListQuery, QueryFault},
    problem::{Document, Problem},
};

/// A shape that is sent, with those that it is made of.
pub struct Shape {
    /// The shape's name in the document.
    pub name: String,
    /// It, and what it is made of, each by its name.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Shape {
    /// The shape of a type.
    #[must_use]
    pub fn of<T: ToSchema>() -> Self {
        let mut schemas = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut schemas);
        Self {
            name: T::name().into_owned(),
            schemas,
        }
    }

    /// What a 201 holds.
    #[must_use]
    pub fn created() -> Self {
        Self::of::<Created<'_>>()
    }

    /// What every error holds.
    #[must_use]
    pub fn problem() -> Self {
        Self::of::<Document<'_>>()
    }

    /// An appointment in FHIR.
    #[must_use]
    pub fn fhir_appointment() -> Self {
        Self::of::<FhirAppointment>()
    }

    /// A list of appointments in FHIR.
    #[must_use]
    pub fn fhir_bundle() -> Self {
        Self::of::<Bundle>()
    }
}

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `POST /appointments`
    Create,
    /// `GET /appointments/{insuredId}`
    List,
    /// `GET /appointments/{insuredId}/{appointmentId}`
    Get,
}

/// A refusal that an operation may answer with, as the handler itself says it.
pub struct SampleProblem {
    /// The HTTP status.
    pub status: u16,
    /// The kind of problem, the end of its `type`.
    pub slug: &'static str,
    /// The kind of problem, in English.
    pub title: &'static str,
    /// The names of the headers that say more.
    pub headers: Vec<String>,
    /// The document in each language.
    pub documents: Vec<(Language, Value)>,
}

impl Operation {
    /// Everything that it may answer with instead of what it was asked for.
    #[must_use]
    pub fn problems(self) -> Vec<SampleProblem> {
        let own: &[fn() -> Problem] = match self {
            Self::Create => &[
                || Problem::NotJson(not_json()),
                || Problem::Faults(faults()),
                || Problem::NotAnIdempotencyKey,
                || Problem::TooLarge,
                || Problem::UnsupportedMediaType,
                || Problem::UnsupportedEncoding,
                || Problem::KeyReused,
                || Problem::OutcomeUnknown,
            ],
            Self::List => &[
                || Problem::NotAnInsuredId,
                || Problem::QueryFaults(query_faults()),
                || Problem::NotAcceptable,
            ],
            Self::Get => &[
                || Problem::NotAnInsuredId,
                || Problem::NoSuchAppointment,
                || Problem::NotAcceptable,
            ],
        };
        let every: &[fn() -> Problem] = &[
            || Problem::Unauthenticated,
            || Problem::Forbidden(Refusal::Insured),
            || Problem::Internal,
            || Problem::Unavailable,
        ];
        own.iter().chain(every).map(|make| sample(*make)).collect()
    }
}

fn sample(make: fn() -> Problem) -> SampleProblem {
    let problem = make();
    let answers =
        Language::ALL.map(|language| (language, make().into_response(language).unwrap_or_default()));
    let headers = answers[0].1.headers.keys();
    SampleProblem {
        status: problem.status(),
        slug: problem.slug(),
        title: language::title(&problem, Language::English),
        headers: headers.map(ToString::to_string).collect(),
        documents: answers
            .iter()
            .map(|(language, answer)| (*language, body(answer)))
            .collect(),
    }
}

fn body(answer: &ApiGatewayV2httpResponse) -> Value {
    match &answer.body {
        Some(Body::Text(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => Value::Null,
    }
}

fn not_json() -> Option<schedule_core::json_fault::JsonFault> {
    match NewAppointment::from_json(b"{\"insuredId\": 00123}", Timestamp::UNIX_EPOCH) {
        Err(BodyError::NotJson(fault)) => Some(fault),
        _ => None,
    }
}

fn query_faults() -> Vec<QueryFault> {
    ListQuery::read("limit=0&order=desc").err().unwrap_or_default()
}

fn faults() -> Vec<schedule_core::request::Fault> {
    let body = br#"{"insuredId": 123, "countryISO": "BR", "dateSchedule": "2030-05-20"}"#;
    match NewAppointment::from_json(body, Timestamp::UNIX_EPOCH) {
        Err(BodyError::Refused(faults)) => faults,
        _ => Vec::new(),
    }
}
