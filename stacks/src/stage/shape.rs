/// What may be part of any AWS name and of a file's: lower-case letters, digits and inner hyphens.
pub(super) fn is_name(text: &str, longest: usize) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=longest).contains(&text.len())
        && text.bytes().all(fits)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// What MySQL takes for a schema or a user without quotes.
pub(super) fn is_identifier(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A host name: labels of letters, digits and hyphens.
pub(super) fn is_host(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() <= 253
        && text
            .split('.')
            .all(|label| (1..=63).contains(&label.len()) && label.bytes().all(fits))
}

/// What a browser sends as `Origin` and CORS can allow by name. Plain HTTP only for the developer's own machine.
pub(super) fn is_origin(text: &str) -> bool {
    match text.split_once("://") {
        Some(("https", rest)) => is_authority(rest),
        Some(("http", rest)) => rest.split(':').next() == Some("localhost") && is_authority(rest),
        _ => false,
    }
}

/// Who signs tokens: a place under HTTPS, which others can reach.
pub(super) fn is_https(text: &str) -> bool {
    is_place(text, "https://")
}

/// Who signs tokens in a trial: a place on this machine.
pub(super) fn is_loopback(text: &str) -> bool {
    let host = text
        .strip_prefix("http://")
        .and_then(|rest| rest.split([':', '/']).next());
    matches!(host, Some("127.0.0.1" | "localhost")) && is_place(text, "http://")
}

/// What can be a claim's name in a variable of API Gateway's too.
pub(super) fn is_claim(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A host, an optional port, and a path of plain segments.
fn is_place(text: &str, scheme: &str) -> bool {
    let Some(rest) = text.strip_prefix(scheme) else {
        return false;
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    is_authority(authority) && path.len() <= 200 && path.bytes().all(fits)
}

/// A host and, if it is not the scheme's own, a port.
fn is_authority(text: &str) -> bool {
    match text.split_once(':') {
        Some((host, port)) => is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0),
        None => is_host(text),
    }
}
