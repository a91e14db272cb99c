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
    if is_encoded(event) {
        return Err(Problem::UnsupportedEncoding);
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

fn is_json(event: &ApiGatewayV2httpRequest) -> bool {
    let mut values = event.headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let Ok(value) = value.to_str() else { return false };
    let mut parts = value.split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json"))
        && parts.all(leaves_it_utf_8)
}

// RFC 8259 defines no parameter, and clients send `charset=utf-8` all the same. Another charset would be read wrong.
fn leaves_it_utf_8(parameter: &str) -> bool {
    match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            quoted.unwrap_or(value).eq_ignore_ascii_case("utf-8")
        }
        Some((name, _)) => !name.is_empty(),
        None => parameter.is_empty(),
    }
}

fn is_encoded(event: &ApiGatewayV2httpRequest) -> bool {
    let codings = event.headers.get_all(header::CONTENT_ENCODING);
    codings.iter().any(|coding| {
        let coding = coding.to_str().map(|coding| coding.trim_matches([' ', '\t']));
        !coding.is_ok_and(|coding| coding.is_empty() || coding.eq_ignore_ascii_case("identity"))
    })
}
