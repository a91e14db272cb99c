use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The id of the HTTP request that an appointment was asked for with: what ties together all that is logged of it.
///
/// 1 to 128 visible ASCII characters, as the gateway gives them out, so that it fits a header and a line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// The most characters it may have.
    pub const MAX_CHARACTERS: usize = 128;

    /// Takes the text if it has the form of an id.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let sound = (1..=Self::MAX_CHARACTERS).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        sound.then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a member that says it; whatever else is there is no id, and never the reason to refuse a message.
    ///
    /// # Errors
    ///
    /// Only those of the format.
    pub(crate) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(value.as_str().and_then(Self::new))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_visible_ascii_and_not_too_long() {
        for text in ["Bz7aXjPqIAMEVqQ=", "01933a4e-0000-7000-8000-000000000000"] {
            assert_eq!(RequestId::new(text).as_ref().map(RequestId::as_str), Some(text));
        }
        assert!(RequestId::new("x".repeat(128)).is_some());
        for text in [
            String::new(),
            "a b".to_owned(),
            "a\nb".to_owned(),
            "ñ".to_owned(),
            "x".repeat(129),
        ] {
            assert_eq!(RequestId::new(text.clone()), None, "{text}");
        }
    }
}
