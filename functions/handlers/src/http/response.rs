use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
    http::{HeaderName, HeaderValue, header},
};
use schedule_core::{InsuredId, Language};
use serde::Serialize;

use super::correlation;
use crate::HandlerError;

/// The media type of what was asked for.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The media type of the same in FHIR (<https://hl7.org/fhir/R4/http.html#mime-type>).
pub(super) const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json");
/// The media type of a problem (RFC 9457).
pub(super) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// What every answer says, whatever it is. No cache may keep one: nearly all of them are about a patient.
pub const ON_EVERY_ANSWER: [(HeaderName, HeaderValue); 6] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=63072000; includeSubDomains"),
    ),
    (header::VARY, HeaderValue::from_static("accept, accept-language")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];

/// The last that is done to an answer, on every way to it.
pub(super) fn finish(response: &mut ApiGatewayV2httpResponse, event: &ApiGatewayV2httpRequest) {
    response.headers.extend(ON_EVERY_ANSWER);
    correlation::tell(response, event);
}

/// A response without a body.
pub(super) fn empty(status: u16) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(status);
    response
}

/// A response with this body.
pub(super) fn json<T: Serialize>(
    status: u16,
    content_type: HeaderValue,
    body: &T,
) -> Result<ApiGatewayV2httpResponse, HandlerError> {
    let text = serde_json::to_string(body).map_err(|error| HandlerError::Response(error.into()))?;
    let mut response = empty(status);
    response.headers.insert(header::CONTENT_TYPE, content_type);
    response.body = Some(Body::Text(text));
    Ok(response)
}

/// Says which language its texts are in.
pub(super) fn set_language(response: &mut ApiGatewayV2httpResponse, language: Language) {
    response
        .headers
        .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
}

/// Says where the appointments of the insured are.
pub(super) fn set_location(response: &mut ApiGatewayV2httpResponse, insured_id: &InsuredId) {
    // The characters of an insured id need no escaping in a path, nor in a header.
    if let Ok(location) = HeaderValue::try_from(format!("/appointments/{}", insured_id.as_str())) {
        response.headers.insert(header::LOCATION, location);
    }
}

/// Says where the list goes on (RFC 8288).
pub(super) fn set_next(response: &mut ApiGatewayV2httpResponse, target: &str) {
    if let Ok(link) = HeaderValue::try_from(format!("<{target}>; rel=\"next\"")) {
        response.headers.insert(header::LINK, link);
    }
}
