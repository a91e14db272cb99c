use std::borrow::Cow;

use aws_lambda_events::{apigw::ApiGatewayV2httpRequest, http::header};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::problem::Problem;

/// The largest body that is read, in bytes: 16 KiB.
pub const MAX_BODY_BYTES: usize = 16 * 1024;

/// The body of a request as it was sent, if it is declared as JSON and not too large.
pub(super) fn read(event: &ApiGatewayV2httpRequest) -> Result<Cow<'_, [u8]>, Problem> {
    if !is_json(event) {
        return Err(Problem::UnsupportedMediaType);
    }
    let body = event.body.as_deref().unwrap_or_default();
    let bytes = if event.is_base64_encoded {
        if body.len() > MAX_BODY_BYTES.div_ceil(3) * 4 {
            return Err(Problem::TooLarge);
        }
        Cow::Owned(STANDARD.decode(body).map_err(|_| Problem::NotJson(None))?)
    } else {
        Cow::Borrowed(body.as_bytes())
    };
    if bytes.len() > MAX_BODY_BYTES {
        Err(Problem::TooLarge)
    } else {
        Ok(bytes)
    }
}

// Parameters are ignored: RFC 8259 defines none, and clients send `charset=utf-8` all the same.
fn is_json(event: &ApiGatewayV2httpRequest) -> bool {
    event
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}
