use aws_lambda_events::{
    apigw::ApiGatewayV2httpResponse,
    encodings::Body,
    http::{HeaderValue, header},
};
use schedule_core::{InsuredId, Language};
use serde::Serialize;

use crate::HandlerError;

/// The media type of what was asked for.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The media type of the same in FHIR (<https://hl7.org/fhir/R4/http.html#mime-type>).
pub(super) const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json");
/// The media type of a problem (RFC 9457).
pub(super) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A response with this body, which no cache may keep: nearly all of them are about a patient.
pub(super) fn json<T: Serialize>(
    status: u16,
    content_type: HeaderValue,
    body: &T,
) -> Result<ApiGatewayV2httpResponse, HandlerError> {
    let text = serde_json::to_string(body).map_err(|error| HandlerError::Response(error.into()))?;
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(status);
    response.headers.insert(header::CONTENT_TYPE, content_type);
    response
        .headers
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
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
