use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A country that the system serves, by its ISO 3166-1 code; each has its own queue, function and table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Country {
    /// Peru.
    PE,
    /// Chile.
    CL,
}

impl Country {
    /// Every country, in the order in which they are told.
    pub const ALL: [Self; 2] = [Self::PE, Self::CL];

    /// Its ISO 3166-1 alpha-2 code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PE => "PE",
            Self::CL => "CL",
        }
    }

    /// The MySQL table that holds its appointments.
    #[must_use]
    pub const fn table_name(self) -> &'static str {
        match self {
            Self::PE => "appointment_pe",
            Self::CL => "appointment_cl",
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|country| country.as_str() == text)
            .ok_or_else(|| CountryError {
                found: text.to_owned(),
            })
    }
}

/// The text is no country that the system serves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a country served here; expected `PE` or `CL`")]
pub struct CountryError {
    /// The text that was found.
    pub found: String,
}
