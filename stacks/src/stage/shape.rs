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
    let authority = |text: &str| match text.split_once(':') {
        Some((host, port)) => is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0),
        None => is_host(text),
    };
    match text.split_once("://") {
        Some(("https", rest)) => authority(rest),
        Some(("http", rest)) => rest.split(':').next() == Some("localhost") && authority(rest),
        _ => false,
    }
}
