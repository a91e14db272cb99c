use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    http::{HeaderValue, header},
};
use schedule_core::{
    Language, authorization::Refusal, json_fault::JsonFault, ports::PortError, request::Fault,
};
use serde::Serialize;

use super::{language, list_query::QueryFault, response};
use crate::HandlerError;

/// How long a client is asked to wait: long enough for a throttled table to recover, short enough for a person.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// What a client is told instead of what it asked for; nothing internal has a place in it.
#[derive(Debug)]
pub(super) enum Problem {
    /// The body is not declared as JSON in UTF-8.
    UnsupportedMediaType,
    /// The body is compressed, or otherwise encoded.
    UnsupportedEncoding,
    /// The body is larger than is read.
    TooLarge,
    /// The body is not JSON, there where it says.
    NotJson(Option<JsonFault>),
    /// The body is JSON with these faults.
    Faults(Vec<Fault>),
    /// The path names no insured.
    NotAnInsuredId,
    /// The `Idempotency-Key` header holds no key.
    NotAnIdempotencyKey,
    /// The query of a list has these faults.
    QueryFaults(Vec<QueryFault>),
    /// The request brings no token that was verified.
    Unauthenticated,
    /// The caller may not do it.
    Forbidden(Refusal),
    /// Nothing is at this path.
    NoSuchPath,
    /// The insured has no such appointment.
    NoSuchAppointment,
    /// The path has another method.
    MethodNotAllowed {
        /// The method that it has.
        allowed: &'static str,
    },
    /// The client takes none of the forms in which appointments are sent.
    NotAcceptable,
    /// The key came with another request before.
    KeyReused,
    /// It did not work now, and may later.
    Unavailable,
    /// It may have been done or not; nothing keeps it from being done twice.
    OutcomeUnknown,
    /// It did not work, and will not until somebody mends it.
    Internal,
}

impl Problem {
    /// The problem that a failed call is to a client.
    pub(super) fn of_failure(cause: Option<&PortError>) -> Self {
        if cause.is_some_and(PortError::is_retryable) {
            Self::Unavailable
        } else {
            Self::Internal
        }
    }

    /// Logs a refusal; a failure was logged with its cause where it was noticed.
    pub(super) fn log_refusal(&self, event: &ApiGatewayV2httpRequest) {
        if self.status() < 500 {
            tracing::info!(
                request_id = event.request_context.request_id,
                status = self.status(),
                problem = self.slug(),
                faults = match self {
                    Self::Faults(faults) => faults.len(),
                    Self::QueryFaults(faults) => faults.len(),
                    _ => 1,
                },
                reason = match self {
                    Self::Forbidden(refusal) => Some(tracing::field::display(refusal)),
                    _ => None,
                },
                "request refused"
            );
        }
    }

    /// The response that says it (RFC 9457).
    pub(super) fn into_response(self, language: Language) -> Result<ApiGatewayV2httpResponse, HandlerError> {
        let detail = language::detail(&self, language);
        let document = Document {
            kind: format!("urn:medical-schedule:problem:{}", self.slug()),
            title: language::title(&self, language),
            status: self.status(),
            detail: &detail,
            errors: self.errors(language),
            message: &detail,
        };
        let mut response = response::json(self.status(), response::PROBLEM_JSON, &document)?;
        response::set_language(&mut response, language);
        let header = match self {
            Self::Unavailable => Some((header::RETRY_AFTER, RETRY_AFTER_SECONDS)),
            Self::Unauthenticated => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::MethodNotAllowed { allowed } => Some((header::ALLOW, HeaderValue::from_static(allowed))),
            // RFC 9110, section 15.5.16.
            Self::UnsupportedEncoding => {
                Some((header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
            }
            _ => None,
        };
        response.headers.extend(header);
        Ok(response)
    }

    pub(super) const fn status(&self) -> u16 {
        match self {
            // 400 for faults too, not 422: there is one code for a refused body.
            Self::NotJson(_)
            | Self::Faults(_)
            | Self::QueryFaults(_)
            | Self::NotAnInsuredId
            | Self::NotAnIdempotencyKey => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden(_) => 403,
            Self::NoSuchPath | Self::NoSuchAppointment => 404,
            Self::MethodNotAllowed { .. } => 405,
            Self::NotAcceptable => 406,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType | Self::UnsupportedEncoding => 415,
            Self::KeyReused => 422,
            Self::Internal => 500,
            Self::Unavailable | Self::OutcomeUnknown => 503,
        }
    }

    pub(super) const fn slug(&self) -> &'static str {
        match self {
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::TooLarge => "body-too-large",
            Self::NotJson(_) => "body-not-json",
            Self::Faults(_) => "body-refused",
            Self::NotAnInsuredId => "insured-id-refused",
            Self::NotAnIdempotencyKey => "idempotency-key-refused",
            Self::UnsupportedEncoding => "unsupported-encoding",
            Self::QueryFaults(_) => "query-refused",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::NoSuchPath => "no-such-path",
            Self::NoSuchAppointment => "no-such-appointment",
            Self::MethodNotAllowed { .. } => "method-not-allowed",
            Self::NotAcceptable => "not-acceptable",
            Self::KeyReused => "idempotency-key-reused",
            Self::Unavailable => "unavailable",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::Internal => "internal",
        }
    }

    fn errors(&self, language: Language) -> Vec<Entry<'_>> {
        match self {
            Self::Faults(faults) => faults
                .iter()
                .map(|fault| Entry {
                    pointer: Some(&fault.pointer),
                    parameter: None,
                    detail: fault.detail(language),
                })
                .collect(),
            Self::QueryFaults(faults) => faults
                .iter()
                .map(|fault| Entry {
                    pointer: None,
                    parameter: Some(&fault.parameter),
                    detail: language::query_fault(fault.kind, language),
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// What every error holds (RFC 9457).
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Problem))]
pub(super) struct Document<'a> {
    /// The kind of problem: a URN that stays the same, for a program to decide by.
    #[serde(rename = "type")]
    #[cfg_attr(
        feature = "openapi",
        schema(format = "uri", examples("urn:medical-schedule:problem:body-refused"))
    )]
    kind: String,
    /// The kind of problem in words.
    #[cfg_attr(feature = "openapi", schema(examples("Invalid appointment data")))]
    title: &'static str,
    /// The HTTP status again.
    #[cfg_attr(feature = "openapi", schema(minimum = 400, maximum = 599, examples(400)))]
    status: u16,
    /// What to do about this occurrence.
    #[cfg_attr(
        feature = "openapi",
        schema(examples(
            "The appointment was not registered: one value has to be corrected, named in \"errors\"."
        ))
    )]
    detail: &'a str,
    /// Everything that is wrong with a body or a query, not the first thing only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Entry<'a>>,
    /// The same as `detail`, for clients of the API as it was.
    #[cfg_attr(
        feature = "openapi",
        schema(examples(
            "The appointment was not registered: one value has to be corrected, named in \"errors\"."
        ))
    )]
    message: &'a str,
}

/// One thing that is wrong with a body or a query.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProblemEntry))]
struct Entry<'a> {
    /// Where in a body, as a JSON Pointer (RFC 6901); empty for the body as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples("/dateSchedule")))]
    pointer: Option<&'a str>,
    /// Which parameter of the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples("limit")))]
    parameter: Option<&'a str>,
    /// What is wrong there, and what is expected.
    #[cfg_attr(
        feature = "openapi",
        schema(examples("The date and time of the appointment must be later than the present moment."))
    )]
    detail: String,
}
