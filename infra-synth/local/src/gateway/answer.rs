//! What a function answers in payload format 2.0, as HTTP.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResponse {
    status_code: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    multi_value_headers: Map<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// The HTTP response in a function's answer; `None` where it is none.
pub(super) fn decode(answer: &[u8]) -> Option<Response> {
    let answer: FunctionResponse = serde_json::from_slice(answer).ok()?;
    let body = match (answer.body, answer.is_base64_encoded) {
        (None, _) => Vec::new(),
        (Some(text), false) => text.into_bytes(),
        (Some(text), true) => BASE64.decode(text).ok()?,
    };
    let mut response = Response::builder()
        .status(answer.status_code)
        .body(Body::from(body))
        .ok()?;
    let single = answer.headers.iter().map(|(name, value)| (name, vec![value]));
    let multiple = answer
        .multi_value_headers
        .iter()
        .map(|(name, values)| (name, values.as_array().into_iter().flatten().collect::<Vec<_>>()));
    for (name, values) in single.chain(multiple) {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        for value in values {
            let value = crate::evaluate::scalar(value)?;
            response
                .headers_mut()
                .append(name.clone(), HeaderValue::from_str(&value).ok()?);
        }
    }
    for cookie in answer.cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, HeaderValue::from_str(&cookie).ok()?);
    }
    Some(response)
}
