use anyhow::{Context, Result, bail};
use infra_synth_local::DevelopmentKey;
use jiff::Timestamp;
use schedule_core::domain::{Country, InsuredId};
use schedule_core::names::{ANY_SCOPE, READ_SCOPE, WRITE_SCOPE};
use schedule_stacks::{AuthSettings, JwtSettings};
use serde_json::{Map, Value};

use crate::arguments::{BearerArguments, StageArguments, TokenArguments};
use crate::{output, stages};

/// Makes a token that the local system takes, and nobody else does.
pub(crate) fn run(stage: &StageArguments, arguments: &TokenArguments) -> Result<()> {
    let AuthSettings::Jwt(jwt) = stages::load(stage)?.auth else {
        bail!(
            "stage `{}` asks for no token: whoever reaches its API may call it as it is",
            stage.stage
        );
    };
    let claims = claims(&jwt, arguments, Timestamp::now())?;
    let token = DevelopmentKey::of(&arguments.data_dir)?.sign(&claims)?;
    output::data(&format!("{}\n", token.as_str()))
}

fn claims(jwt: &JwtSettings, arguments: &TokenArguments, now: Timestamp) -> Result<Map<String, Value>> {
    let expires = now
        .checked_add(arguments.expires)
        .context("--expires is too far away")?;
    let audience = match jwt.audience.as_slice() {
        [one] => Value::from(one.as_str()),
        several => Value::from(several),
    };
    let insured = arguments.bearer.insured.as_ref().map(InsuredId::as_str);
    let mut claims = Map::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("iss", jwt.issuer.as_str().into());
    claim("aud", audience);
    claim("sub", insured.unwrap_or("back-office").into());
    claim("iat", now.as_second().into());
    claim("exp", expires.as_second().into());
    claim("scope", scopes(&arguments.bearer).join(" ").into());
    if let Some(insured) = insured {
        claim(&jwt.insured_claim, insured.into());
    }
    if !arguments.country.is_empty() {
        let countries = arguments.country.iter().copied().map(Country::as_str);
        claim(&jwt.countries_claim, countries.collect());
    }
    Ok(claims)
}

fn scopes(bearer: &BearerArguments) -> Vec<&str> {
    let mut scopes: Vec<&str> = bearer.scope.iter().map(String::as_str).collect();
    if scopes.is_empty() {
        scopes = vec![READ_SCOPE, WRITE_SCOPE];
    }
    if bearer.back_office && !scopes.contains(&ANY_SCOPE) {
        scopes.push(ANY_SCOPE);
    }
    scopes
}
