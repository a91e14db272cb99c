//! What a client may keep to ask whether something changed (RFC 9110, sections 8.8.3 and 13.1.2).

use aws_lambda_events::{
    apigw::ApiGatewayV2httpResponse,
    encodings::Body,
    http::{HeaderMap, HeaderValue, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// Tags a response by its body; it becomes a 304 without one if the client has just that.
pub(super) fn apply(response: &mut ApiGatewayV2httpResponse, request: &HeaderMap) {
    let Some(Body::Text(body)) = &response.body else {
        return;
    };
    let tag = of(body);
    if is_known(request, &tag) {
        response.status_code = 304;
        response.body = None;
        response.headers.remove(header::CONTENT_TYPE);
    }
    if let Ok(value) = HeaderValue::try_from(tag) {
        response.headers.insert(header::ETAG, value);
    }
}

/// A strong tag: the body's own bytes make it, so that another language or form has another.
fn of(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16]))
}

/// Whether `If-None-Match` names the tag, weakly compared. A list that does not read to its end names what was read.
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let values = request.get_all(header::IF_NONE_MATCH);
    values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.trim_matches([' ', '\t']) == "*" || tags(value).any(|known| known == tag))
}

/// The opaque parts of a list of tags, quotes included. A comma may also be within one.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let start = rest.trim_start_matches([' ', '\t', ',']);
        let opaque = start.strip_prefix("W/").unwrap_or(start);
        let length = opaque.strip_prefix('"')?.find('"')? + 2;
        let (tag, after) = opaque.split_at(length);
        rest = after;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], known: bool) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_NONE_MATCH, value.parse().expect("a value"));
        }
        assert_eq!(is_known(&headers, "\"a,b\""), known, "{values:?}");
    }

    #[test]
    fn a_tag_is_known_in_any_place_of_a_list_weak_or_not() {
        check(&["\"a,b\""], true);
        check(&["W/\"a,b\""], true);
        check(&["\"x\" , W/\"y\",, \"a,b\""], true);
        check(&["\"x\"", "\"a,b\""], true);
        check(&["*"], true);
        check(&[" * "], true);
    }

    #[test]
    fn what_does_not_name_it_does_not() {
        check(&[], false);
        for value in [
            "",
            "a,b",
            "\"a\"",
            "\"a,b",
            "w/\"a,b\"",
            "\"*\"",
            "*, \"x\"",
            "\"x\"y, \"a,b\"",
        ] {
            check(&[value], false);
        }
    }
}
