use std::fmt;

use serde::{Deserialize, Serialize};

/// What the insured wrote about the appointment: at most 500 characters, possibly none.
///
/// Free text about a patient's health: `Debug` hides it and there is no `Display`. As with
/// [`Reference`](super::Reference), the limit is for requests; what is stored reads as it is.
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
    /// [`CommentsError`] if it is longer than [`Comments::MAX_CHARACTERS`].
    pub fn new(text: impl Into<String>) -> Result<Self, CommentsError> {
        let text = text.into();
        if text.chars().nth(Self::MAX_CHARACTERS).is_some() {
            return Err(CommentsError);
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

/// The text is longer than comments may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("comments must not be longer than {} characters", Comments::MAX_CHARACTERS)]
pub struct CommentsError;
