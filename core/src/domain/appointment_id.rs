use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

/// The key of an appointment: a UUID, always in its lower-case hyphenated form.
///
/// Other spellings of a UUID are refused rather than converted, because the text is the key of the table and the
/// converted one would name another item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct AppointmentId(Uuid);

impl AppointmentId {
    /// The id that is this UUID.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The id that is the UUID of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The UUID itself.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for AppointmentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(formatter)
    }
}

impl FromStr for AppointmentId {
    type Err = AppointmentIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uuid = Uuid::try_parse(text).map_err(|_| AppointmentIdError)?;
        let mut canonical = Uuid::encode_buffer();
        if *text == *uuid.as_hyphenated().encode_lower(&mut canonical) {
            Ok(Self(uuid))
        } else {
            Err(AppointmentIdError)
        }
    }
}

impl TryFrom<String> for AppointmentId {
    type Error = AppointmentIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Serialize for AppointmentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The text is not a lower-case hyphenated UUID. It is not repeated: nobody knows what it holds instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an appointment id must be a lower-case UUID with hyphens")]
pub struct AppointmentIdError;
