//! Cross-origin rules of an HTTP API,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::model::Cors;

pub(super) fn is_preflight(parts: &Parts) -> bool {
    parts.method == Method::OPTIONS && parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer that API Gateway gives to a preflight that no route takes.
pub(super) fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Adds to the answer of a preflight, whoever gave it, what a page of an allowed origin may send.
pub(super) fn permit(cors: &Cors, origin: &HeaderValue, headers: &mut HeaderMap) {
    if !allowed(cors, origin) {
        return;
    }
    set_list(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &cors.methods);
    set_list(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &cors.headers);
    if let Some(seconds) = cors.max_age {
        set_list(headers, header::ACCESS_CONTROL_MAX_AGE, &[seconds.to_string()]);
    }
}

/// Adds to an answer what lets the browser show it to an allowed origin.
pub(super) fn decorate(cors: &Cors, origin: &HeaderValue, headers: &mut HeaderMap) {
    if !allowed(cors, origin) {
        return;
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    set_list(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &cors.exposed);
    if cors.credentials {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    }
}

fn allowed(cors: &Cors, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    cors.origins
        .iter()
        .any(|allowed| allowed == "*" || allowed.eq_ignore_ascii_case(origin))
}

fn set_list(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    if let (false, Ok(value)) = (values.is_empty(), HeaderValue::from_str(&values.join(","))) {
        headers.insert(name, value);
    }
}
