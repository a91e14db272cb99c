//! What makes a request that is sent again the same request.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{AppointmentId, InsuredId};

/// The value of an `Idempotency-Key` header: 1 to 255 visible ASCII characters, chosen by the client.
///
/// Clients put what they like in it, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The most characters it may have.
    pub const MAX_CHARACTERS: usize = 255;

    /// Reads a field value: a quoted string of Structured Fields (RFC 8941, section 3.3.3), as
    /// draft-ietf-httpapi-idempotency-key-header-07 asks for, or the bare token that many clients send.
    ///
    /// # Errors
    ///
    /// [`IdempotencyKeyError`] if it is neither.
    pub fn from_header(value: &[u8]) -> Result<Self, IdempotencyKeyError> {
        let text = std::str::from_utf8(value).map_err(|_| IdempotencyKeyError)?;
        let text = text.trim_matches([' ', '\t']);
        let key = match text.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            // A comma stands between two values of a header that was sent twice.
            None if text
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',')) =>
            {
                text.to_owned()
            }
            None => return Err(IdempotencyKeyError),
        };
        if key.is_empty() || key.len() > Self::MAX_CHARACTERS {
            return Err(IdempotencyKeyError);
        }
        Ok(Self(key))
    }

    /// The id of the appointment that this key stands for: the same for every request of the insured with it.
    #[must_use]
    pub fn appointment_id(&self, insured_id: &InsuredId) -> AppointmentId {
        let mut hash = Sha256::new();
        hash.update(b"medical-schedule idempotency key 1");
        update_with_length(&mut hash, insured_id.as_str());
        update_with_length(&mut hash, &self.0);
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        AppointmentId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdempotencyKey(hidden)")
    }
}

/// The text is no idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key must be a quoted string, or a token, of 1 to 255 visible ASCII characters")]
pub struct IdempotencyKeyError;

/// The SHA-256 of what a request asks for, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestDigest(String);

impl RequestDigest {
    /// The digest of a text that is the same for every spelling of the request.
    pub(crate) fn of(canonical: &[u8]) -> Self {
        let digest = Sha256::digest(canonical);
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

// With its length before it, no two pairs of texts are the same sequence of bytes.
fn update_with_length(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text.as_bytes());
}

fn unquoted(text: &str) -> Result<String, IdempotencyKeyError> {
    let mut key = String::with_capacity(text.len());
    let mut characters = text.chars();
    loop {
        match characters.next() {
            Some('"') => break,
            Some('\\') => match characters.next() {
                Some(escaped @ ('"' | '\\')) => key.push(escaped),
                _ => return Err(IdempotencyKeyError),
            },
            Some(character @ ' '..='~') => key.push(character),
            _ => return Err(IdempotencyKeyError),
        }
    }
    if characters.next().is_some() {
        return Err(IdempotencyKeyError);
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: &str) -> Option<String> {
        IdempotencyKey::from_header(value.as_bytes())
            .ok()
            .map(|key| key.0)
    }

    #[test]
    fn a_quoted_string_and_a_bare_token_are_the_same_key() {
        for value in ["\"8e03978e\"", "8e03978e", " \"8e03978e\" "] {
            assert_eq!(key(value).as_deref(), Some("8e03978e"), "{value}");
        }
        assert_eq!(key(r#""a\"b\\c""#).as_deref(), Some(r#"a"b\c"#));
        assert_eq!(key(&"x".repeat(255)), Some("x".repeat(255)));
    }

    #[test]
    fn anything_else_is_no_key() {
        let long = "x".repeat(256);
        for value in [
            "",
            "\"\"",
            "\"a",
            "a\"",
            "\"a\"b",
            "a b",
            "a,b",
            "\"a\",\"b\"",
            "ñ",
            "\"ñ\"",
            r#""\n""#,
            "\"a\";b=1",
            &long,
        ] {
            assert_eq!(key(value), None, "{value}");
        }
    }

    #[test]
    fn an_id_is_of_version_8_and_depends_on_where_the_insured_ends_and_the_key_begins() {
        let id = |insured: &str, key: &str| {
            let insured = InsuredId::new(insured).expect("an insured id");
            let key = IdempotencyKey::from_header(key.as_bytes()).expect("a key");
            key.appointment_id(&insured)
        };
        assert_eq!(id("00123", "k"), id("00123", "\"k\""));
        assert_ne!(id("00123", "4k"), id("001234", "k"));
        assert_ne!(id("00123", "k"), id("00123", "K"));
        assert_eq!(id("00123", "k").as_uuid().get_version_num(), 8);
    }
}
