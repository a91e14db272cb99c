use std::fmt;

use serde::{Deserialize, Serialize};

/// Who the appointment is for: 1 to 32 of `A-Z a-z 0-9 -`, kept exactly as sent.
///
/// It identifies a patient. `Debug` hides it and there is no `Display`, so that it cannot end up in a log by
/// accident; [`as_str`](Self::as_str) is the only way to its text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct InsuredId(String);

impl InsuredId {
    /// The most characters it may have.
    pub const MAX_CHARACTERS: usize = 32;

    /// Takes the text if it has that form.
    ///
    /// # Errors
    ///
    /// [`InsuredIdError`] says which rule the text breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, InsuredIdError> {
        let text = text.into();
        if text.is_empty() {
            return Err(InsuredIdError::Empty);
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return Err(InsuredIdError::Characters);
        }
        if text.len() > Self::MAX_CHARACTERS {
            return Err(InsuredIdError::TooLong);
        }
        Ok(Self(text))
    }

    /// The text, to store or send it; never to log it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InsuredId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("InsuredId(hidden)")
    }
}

impl TryFrom<String> for InsuredId {
    type Error = InsuredIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

/// Why a text is no insured id; the text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InsuredIdError {
    /// It has no characters.
    #[error("an insured id must not be empty")]
    Empty,
    /// It has more than [`InsuredId::MAX_CHARACTERS`].
    #[error(
        "an insured id must not be longer than {} characters",
        InsuredId::MAX_CHARACTERS
    )]
    TooLong,
    /// It has a character outside `A-Z a-z 0-9 -`.
    #[error("an insured id must consist of `A-Z`, `a-z`, `0-9` and `-`")]
    Characters,
}
