use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How far an appointment has come. It goes from pending to completed and never back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Accepted, on its way to its country.
    Pending,
    /// In its country's database, and confirmed.
    Completed,
}

impl Status {
    /// Every status, in the order in which an appointment has them.
    pub const ALL: [Self; 2] = [Self::Pending, Self::Completed];

    /// The text that is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
        }
    }

    /// Whether an appointment of this status may become `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!((self, next), (Self::Pending, Self::Completed))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = StatusError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| StatusError {
                found: text.to_owned(),
            })
    }
}

/// The text is no status of an appointment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a status; expected `PENDING` or `COMPLETED`")]
pub struct StatusError {
    /// The text that was found.
    pub found: String,
}
