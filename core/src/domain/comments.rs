use std::fmt;

use serde::{Deserialize, Serialize};

/// What the insured wrote about the appointment: at most 500 characters, possibly none, and of the control characters
/// only tabs and ends of lines (CR, LF).
///
/// Free text about a patient's health: `Debug` hides it and there is no `Display`. As with
/// [`Reference`](super::Reference), the rules are for requests; what is stored reads as it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Comments(String);

impl Comments {
    /// The most characters they may have in a request.
    pub const MAX_CHARACTERS: usize = 500;

    /// Takes the text if a request may hold it.
    ///
    /// # Errors
    ///
    /// [`CommentsError`] says which rule the text breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, CommentsError> {
        let text = text.into();
        if text.chars().nth(Self::MAX_CHARACTERS).is_some() {
            return Err(CommentsError::TooLong);
        }
        if text.chars().any(is_refused) {
            return Err(CommentsError::ControlCharacter);
        }
        Ok(Self(text))
    }

    /// The text, to store or send it; never to log it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Comments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Comments(hidden)")
    }
}

/// Why a text is no comments; the text itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommentsError {
    /// It has more than [`Comments::MAX_CHARACTERS`].
    #[error("comments must not be longer than {} characters", Comments::MAX_CHARACTERS)]
    TooLong,
    /// It has a control character that is no tab and ends no line.
    #[error("comments must have no control characters but tabs and ends of lines")]
    ControlCharacter,
}

fn is_refused(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}
