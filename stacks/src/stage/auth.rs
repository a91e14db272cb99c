use std::path::Path;

use super::{
    Reader, StageError,
    shape::{is_claim, is_https, is_loopback},
};

/// Who may call the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthSettings {
    /// Anyone who knows the URL. No stage with real people's appointments may say this.
    None,
    /// Who brings a token that the API's authorizer takes.
    Jwt(JwtSettings),
}

/// Which tokens the API takes, and what they say of their bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtSettings {
    /// Who signs the tokens: `iss` is this text, and the keys are found under it.
    pub issuer: String,
    /// Whom the tokens are made for: `aud` or `client_id` is one of these.
    pub audience: Vec<String>,
    /// The claim that holds the bearer's own `insuredId`.
    pub insured_claim: String,
    /// The claim that holds the countries that the bearer may act for.
    pub countries_claim: String,
}

impl AuthSettings {
    /// Refuses what is only for a stage without real people's appointments.
    pub(super) fn check(&self, production: bool, file: &Path) -> Result<(), StageError> {
        let (key, found, expected) = match self {
            Self::None => (MODE_KEY, "none", "\"jwt\", since `production` is `true`"),
            Self::Jwt(jwt) if !is_https(&jwt.issuer) => (
                ISSUER_KEY,
                jwt.issuer.as_str(),
                "an https URL, since `production` is `true`",
            ),
            Self::Jwt(_) => return Ok(()),
        };
        if !production {
            return Ok(());
        }
        Err(StageError::OutOfRange {
            file: file.to_owned(),
            key: key.to_owned(),
            found: found.to_owned(),
            expected: expected.to_owned(),
        })
    }
}

const MODE_KEY: &str = "auth.mode";
const ISSUER_KEY: &str = "auth.issuer";
const ISSUER: &str = "an https URL without query or fragment, as the tokens' `iss` says it; for trials also \
                      `http://127.0.0.1:<port>`";
const AUDIENCE: &str = "texts of 1 to 255 characters, as the tokens' `aud` says them; at least one";
const CLAIM: &str = "a claim's name: 1 to 64 letters, digits and underscores";

pub(super) fn read(auth: &mut Reader<'_>) -> Result<AuthSettings, StageError> {
    if !auth.choice("mode", &[("jwt", true), ("none", false)])? {
        return Ok(AuthSettings::None);
    }
    Ok(AuthSettings::Jwt(JwtSettings {
        issuer: auth.text("issuer", ISSUER, |text| is_https(text) || is_loopback(text))?,
        audience: auth.some_texts("audience", AUDIENCE, |text| {
            (1..=255).contains(&text.len()) && !text.contains(char::is_control)
        })?,
        insured_claim: auth.text("insured_claim", CLAIM, is_claim)?,
        countries_claim: auth.text("countries_claim", CLAIM, is_claim)?,
    }))
}
