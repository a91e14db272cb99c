use std::{env, fmt::Display, str::FromStr};

use thiserror::Error;

/// The function's environment variables; `schedule_core::names` lists them.
///
/// Each is asked for by name, so that a function needs those that it reads and no others.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    variable: fn(&str) -> Option<String>,
}

impl Settings {
    /// The process's environment.
    #[must_use]
    pub fn from_environment() -> Self {
        Self {
            variable: |name| env::var(name).ok(),
        }
    }

    /// The text of a variable.
    ///
    /// # Errors
    ///
    /// If it is missing or empty.
    pub fn text(&self, name: &'static str) -> Result<String, SettingsError> {
        match (self.variable)(name) {
            None => Err(SettingsError::Missing { name }),
            Some(text) if text.is_empty() => Err(SettingsError::Empty { name }),
            Some(text) => Ok(text),
        }
    }

    /// The text of a variable that may be missing or empty.
    #[must_use]
    pub fn optional(&self, name: &'static str) -> Option<String> {
        self.text(name).ok()
    }

    /// The value that a variable spells.
    ///
    /// # Errors
    ///
    /// If it is missing or empty, or spells no such value.
    pub fn parsed<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<T, SettingsError> {
        self.text(name)?
            .parse()
            .map_err(|error: T::Err| SettingsError::Value {
                name,
                reason: error.to_string(),
            })
    }
}

/// What is wrong with a variable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// It is not set.
    #[error("environment variable `{name}` is missing; the function cannot start without it")]
    Missing {
        /// The variable.
        name: &'static str,
    },
    /// It is set to nothing.
    #[error("environment variable `{name}` is empty; the function cannot start without it")]
    Empty {
        /// The variable.
        name: &'static str,
    },
    /// It does not do.
    #[error("environment variable `{name}` cannot be used: {reason}")]
    Value {
        /// The variable.
        name: &'static str,
        /// Why not.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use schedule_core::Country;

    use super::*;

    const SETTINGS: Settings = Settings {
        variable: |name| match name {
            "COUNTRY" => Some("AR".to_owned()),
            "DB_PORT" => Some("3306".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        },
    };

    #[test]
    fn what_is_missing_empty_or_wrong_is_named() {
        let missing = SETTINGS.text("DB_HOST").expect_err("missing").to_string();
        assert!(missing.contains("`DB_HOST` is missing"), "{missing}");
        let empty = SETTINGS.text("EMPTY").expect_err("empty").to_string();
        assert!(empty.contains("`EMPTY` is empty"), "{empty}");
        let wrong = SETTINGS
            .parsed::<Country>("COUNTRY")
            .expect_err("no country")
            .to_string();
        assert!(
            wrong.contains("`COUNTRY`") && wrong.contains("expected `PE` or `CL`"),
            "{wrong}"
        );
    }

    #[test]
    fn what_is_there_is_read() {
        assert_eq!(SETTINGS.parsed::<u16>("DB_PORT"), Ok(3306));
        assert_eq!(SETTINGS.optional("DB_PORT").as_deref(), Some("3306"));
        assert_eq!(SETTINGS.optional("EMPTY"), None);
    }
}
