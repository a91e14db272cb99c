use std::fmt;

use serde::{Deserialize, Serialize};

/// An id of another system (schedule, centre, specialty, physician): 1 to 64 characters but control characters, kept
/// as sent.
///
/// A request is held to that. What is already stored or on its way is read as it is, because items older
/// than the rule must still read. A specialty tells about a patient's health, so `Debug` hides the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// The most characters it may have in a request.
    pub const MAX_CHARACTERS: usize = 64;

    /// Takes the text if a request may hold it.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`] says which rule the text breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, ReferenceError> {
        let text = text.into();
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if text.chars().nth(Self::MAX_CHARACTERS).is_some() {
            return Err(ReferenceError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(ReferenceError::ControlCharacter);
        }
        Ok(Self(text))
    }

    /// The text, to store or send it; never to log it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Reference(hidden)")
    }
}

/// Why a text is no reference; the text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// It has no characters.
    #[error("a reference must not be empty")]
    Empty,
    /// It has more than [`Reference::MAX_CHARACTERS`].
    #[error(
        "a reference must not be longer than {} characters",
        Reference::MAX_CHARACTERS
    )]
    TooLong,
    /// It has a control character: U+0000 to U+001F, or U+007F to U+009F.
    #[error("a reference must have no control characters")]
    ControlCharacter,
}
