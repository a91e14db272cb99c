//! Who may call a route: the check of a JWT authorizer before anything else is done for a request.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::problem::Problem;
use crate::model::RouteAuthorization;
use crate::token::{TokenFault, TokenVerifier};

/// Why a request was not let through.
#[derive(Debug, thiserror::Error, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejection {
    #[error("there is no token")]
    NoToken,
    #[error(transparent)]
    Token(#[from] TokenFault),
    #[error("the token has none of the scopes that the route asks for")]
    Scope,
}

impl Rejection {
    /// 401 or 403, with the header that says what is wrong (RFC 6750, section 3).
    pub(super) fn into_response(self, request: &HeaderMap, scopes: &[String]) -> Response {
        let (problem, error) = match self {
            Self::NoToken => (Problem::Unauthorized, None),
            Self::Token(_) => (Problem::Unauthorized, Some("invalid_token")),
            Self::Scope => (Problem::Forbidden, Some("insufficient_scope")),
        };
        let challenge = error.map_or_else(
            || "Bearer".to_owned(),
            |error| {
                let scopes = scopes.join(" ");
                format!(r#"Bearer scope="{scopes}" error="{error}" error_description="{self}""#)
            },
        );
        let mut response = problem.into_response(request);
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The `authorizer` of an event's request context; `None` for a route that anyone may call.
pub(super) fn authorize(
    authorization: &RouteAuthorization,
    verifier: Option<&TokenVerifier>,
    headers: &HeaderMap,
) -> Result<Option<Value>, Rejection> {
    let RouteAuthorization::Token { scopes } = authorization else {
        return Ok(None);
    };
    let token = bearer(headers)?;
    // A route with no verifier to ask lets nobody in.
    let verifier = verifier.ok_or(TokenFault::UnknownKey)?;
    let claims = verifier.verify(token, Timestamp::now())?;
    let held = scopes_of(&claims);
    let matching: Vec<&String> = scopes
        .iter()
        .filter(|scope| held.contains(&scope.as_str()))
        .collect();
    if matching.is_empty() && !scopes.is_empty() {
        return Err(Rejection::Scope);
    }
    let matching = if scopes.is_empty() {
        Value::Null
    } else {
        json!(matching)
    };
    Ok(Some(json!({
        "jwt": {"claims": as_texts(&claims), "scopes": matching},
    })))
}

/// The token in the `Authorization` header, with or without `Bearer ` before it.
fn bearer(headers: &HeaderMap) -> Result<&str, Rejection> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(Rejection::NoToken)?;
    if values.next().is_some() {
        return Err(TokenFault::Unreadable.into());
    }
    let text = value.to_str().map_err(|_| TokenFault::Unreadable)?.trim();
    let token = match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => text,
    };
    if token.is_empty() {
        return Err(Rejection::NoToken);
    }
    Ok(token)
}

/// The scopes in `scope`, or else in `scp`: one text with spaces, or a list.
fn scopes_of(claims: &Map<String, Value>) -> Vec<&str> {
    match claims.get("scope").or_else(|| claims.get("scp")) {
        Some(Value::String(text)) => text.split(' ').collect(),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Claims as API Gateway hands them on, which is as texts: a list is `[one two]`, an object `map[name:value]`.
fn as_texts(claims: &Map<String, Value>) -> Map<String, Value> {
    let texts = claims.iter().filter_map(|(name, value)| {
        // A null must not become a text that names somebody.
        let text = (!value.is_null()).then(|| as_text(value))?;
        Some((name.clone(), Value::String(text)))
    });
    texts.collect()
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(several) => {
            let several: Vec<String> = several.iter().map(as_text).collect();
            format!("[{}]", several.join(" "))
        }
        Value::Object(fields) => {
            let mut fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", as_text(value)))
                .collect();
            fields.sort();
            format!("map[{}]", fields.join(" "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_reach_a_function_as_texts() {
        let claims = json!({
            "sub": "00123", "exp": 1_900_000_000, "admin": true, "none": null,
            "countries": ["PE", "CL"], "nested": {"b": [1], "a": "x"},
        });
        let expected = json!({
            "sub": "00123", "exp": "1900000000", "admin": "true",
            "countries": "[PE CL]", "nested": "map[a:x b:[1]]",
        });
        assert_eq!(Value::Object(as_texts(claims.as_object().unwrap())), expected);
    }

    #[test]
    fn a_token_is_found_with_and_without_its_scheme_and_only_once() {
        let found = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(str::to_owned)
        };
        for value in ["a.b.c", "Bearer a.b.c", "bearer  a.b.c "] {
            assert_eq!(found(&[value]).as_deref(), Ok("a.b.c"));
        }
        assert_eq!(found(&[]), Err(Rejection::NoToken));
        assert_eq!(found(&["Bearer"]).as_deref(), Ok("Bearer"));
        assert_eq!(found(&["Bearer "]).as_deref(), Ok("Bearer"));
        assert_eq!(found(&[""]), Err(Rejection::NoToken));
        assert_eq!(
            found(&["a.b.c", "a.b.c"]),
            Err(Rejection::Token(TokenFault::Unreadable))
        );
    }

    #[test]
    fn scopes_are_read_from_either_claim_and_either_form() {
        for claims in [
            json!({"scope": "a b"}),
            json!({"scp": "a b"}),
            json!({"scp": ["a", "b"]}),
            json!({"scope": ["a", "b"], "scp": "c"}),
        ] {
            assert_eq!(scopes_of(claims.as_object().unwrap()), ["a", "b"]);
        }
        assert!(scopes_of(json!({"scope": 1}).as_object().unwrap()).is_empty());
    }
}
