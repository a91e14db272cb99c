//! The gateway's own answers: what a client is told without a function, in the shape that functions answer in
//! (RFC 9457).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use schedule_core::Language;
use schedule_handlers::{ON_EVERY_ANSWER, preferred_language};
use serde_json::json;

/// The header by which everything about a request is found, as the functions say it.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Why a request was answered without its function's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// No token, or one that is not taken.
    Unauthorized,
    /// A token without the scope that the route asks for.
    Forbidden,
    /// There is no such route.
    NotFound,
    /// The body did not come.
    RequestTimeout,
    /// The body broke off, or is not framed as HTTP has it.
    BrokenBody,
    /// The body is larger than a gateway takes.
    TooLarge,
    /// More requests than the route takes.
    TooManyRequests,
    /// The function failed, or must not be invoked.
    Internal,
    /// The function did not answer in time, and may have done all the same what it was asked for.
    OutcomeUnknown,
}

impl Problem {
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BrokenBody => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::OutcomeUnknown => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The answer, in the language that the request asks for.
    pub(super) fn into_response(self, request: &HeaderMap) -> Response {
        let language = preferred_language(request);
        let (title, detail) = self.texts(language);
        let status = self.status();
        let document = json!({
            "type": format!("urn:medical-schedule:problem:{}", self.slug()),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
            "message": detail,
        });
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        if self == Self::TooManyRequests {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        headers.extend(ON_EVERY_ANSWER);
        response
    }

    const fn slug(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "no-such-path",
            Self::RequestTimeout => "request-timeout",
            Self::BrokenBody => "body-broken",
            Self::TooLarge => "body-too-large",
            Self::TooManyRequests => "too-many-requests",
            Self::Internal => "internal",
            Self::OutcomeUnknown => "outcome-unknown",
        }
    }

    /// Title and detail; the title of a type is what the functions say with it.
    const fn texts(self, language: Language) -> (&'static str, &'static str) {
        match language {
            Language::Spanish => self.spanish(),
            Language::English => self.english(),
        }
    }

    const fn spanish(self) -> (&'static str, &'static str) {
        match self {
            Self::Unauthorized => (
                "Falta identificarse",
                "Envíe un token válido en la cabecera Authorization: Bearer; si ya lo envió, la cabecera WWW-Authenticate indica qué le falta.",
            ),
            Self::Forbidden => ("Acceso no permitido", "El token no autoriza esta operación."),
            Self::NotFound => ("Ruta inexistente", "La ruta no existe."),
            Self::RequestTimeout => (
                "Solicitud incompleta",
                "El cuerpo de la solicitud no llegó a tiempo.",
            ),
            Self::BrokenBody => (
                "Solicitud incompleta",
                "El cuerpo de la solicitud llegó cortado o mal formado; envíela de nuevo.",
            ),
            Self::TooLarge => (
                "Cuerpo demasiado grande",
                "El cuerpo supera el máximo que se admite.",
            ),
            Self::TooManyRequests => (
                "Demasiadas solicitudes",
                "Se superó el límite de solicitudes; vuelva a intentarlo en unos segundos.",
            ),
            Self::Internal => (
                "Error interno",
                "No se pudo atender la solicitud por un error interno; si persiste, avise a soporte.",
            ),
            Self::OutcomeUnknown => (
                "Resultado desconocido",
                "La solicitud tardó demasiado y no se sabe si se atendió; compruébelo antes de volver a enviarla. \
                 Con la cabecera Idempotency-Key puede volver a enviar una cita sin riesgo.",
            ),
        }
    }

    const fn english(self) -> (&'static str, &'static str) {
        match self {
            Self::Unauthorized => (
                "Authentication required",
                "Send a valid token in the header Authorization: Bearer; if you did, the WWW-Authenticate header says what is wrong with it.",
            ),
            Self::Forbidden => (
                "Access not allowed",
                "The token does not authorize this operation.",
            ),
            Self::NotFound => ("No such path", "There is no such route."),
            Self::RequestTimeout => (
                "Incomplete request",
                "The body of the request did not arrive in time.",
            ),
            Self::BrokenBody => (
                "Incomplete request",
                "The body of the request broke off or is malformed; send it again.",
            ),
            Self::TooLarge => ("Body too large", "The body is larger than what is taken."),
            Self::TooManyRequests => (
                "Too many requests",
                "The limit of requests was exceeded; try again in a few seconds.",
            ),
            Self::Internal => (
                "Internal error",
                "The request could not be handled because of an internal error; if it persists, tell support.",
            ),
            Self::OutcomeUnknown => (
                "Outcome unknown",
                "The request took too long, and may or may not have been handled; look before sending it again. With the \
                 header Idempotency-Key an appointment can be sent again safely.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Every example of a problem in the API's description, which is made of the functions' own answers.
    fn described<'a>(value: &'a Value, examples: &mut Vec<(&'a str, &'a Value)>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if member["value"]["type"].is_string() {
                        examples.push((name, &member["value"]));
                    }
                    described(member, examples);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| described(item, examples)),
            _ => {}
        }
    }

    #[test]
    fn a_type_that_the_functions_know_too_has_their_title() {
        let description = include_str!("../../../../docs/openapi.json");
        let description: Value = serde_json::from_str(description).unwrap();
        let mut examples = Vec::new();
        described(&description, &mut examples);
        for problem in [
            Problem::Unauthorized,
            Problem::Forbidden,
            Problem::TooLarge,
            Problem::Internal,
            Problem::OutcomeUnknown,
        ] {
            for language in Language::ALL {
                let name = format!("{}-{}", problem.slug(), language.tag());
                let (_, example) = examples.iter().find(|(found, _)| *found == name).unwrap();
                assert_eq!(example["title"], problem.texts(language).0, "{name}");
            }
        }
    }
}
