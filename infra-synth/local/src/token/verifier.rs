//! What a JWT authorizer checks of a token,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>.

use jiff::Timestamp;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, AlgorithmFamily, Validation, decode, decode_header};
use serde_json::{Map, Value};
use thiserror::Error as ThisError;

use super::{KeySet, rsa};

/// Checks tokens of one issuer for some audience.
pub(crate) struct TokenVerifier {
    keys: KeySet,
    audience: Vec<String>,
    validation: Validation,
}

/// Why a token is not taken. Says which check failed and nothing of the token.
#[derive(Debug, ThisError, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    #[error("the token cannot be read")]
    Unreadable,
    #[error("the token is signed with an algorithm that is not RS256, RS384 or RS512, or not its key's")]
    Algorithm,
    #[error("the token names no key, or one that the issuer does not have")]
    UnknownKey,
    #[error("the signature does not fit the token")]
    Signature,
    #[error("the token has expired, or does not say when")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token is of another issuer")]
    Issuer,
    #[error("the token does not have a valid audience")]
    Audience,
}

impl TokenVerifier {
    pub(crate) fn new(issuer: &str, audience: &[String], keys: KeySet) -> Self {
        rsa::install();
        let mut validation = Validation::new_for_family(AlgorithmFamily::Rsa);
        validation.algorithms = vec![Algorithm::RS256, Algorithm::RS384, Algorithm::RS512];
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_issuer(&[issuer]);
        validation.set_audience(audience);
        validation.set_required_spec_claims(&["exp", "iss"]);
        Self {
            keys,
            audience: audience.to_vec(),
            validation,
        }
    }

    /// The claims of a token that passes every check.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Map<String, Value>, TokenFault> {
        let header = decode_header(token).map_err(|_| TokenFault::Unreadable)?;
        // An extension that must be understood, and is not (RFC 7515, section 4.1.11).
        if header.crit.is_some() {
            return Err(TokenFault::Unreadable);
        }
        let named = header.kid.as_deref().and_then(|key_id| self.keys.find(key_id));
        let key = named.ok_or(TokenFault::UnknownKey)?;
        if key.algorithm.is_some_and(|algorithm| algorithm != header.alg) {
            return Err(TokenFault::Algorithm);
        }
        let token =
            decode::<Map<String, Value>>(token, &key.key, &self.validation).map_err(|error| fault(&error))?;
        self.check_rest(&token.claims, now)?;
        Ok(token.claims)
    }

    /// What the library leaves to whoever uses it.
    fn check_rest(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<(), TokenFault> {
        if !claims.get("iss").is_some_and(Value::is_string) {
            return Err(TokenFault::Issuer);
        }
        let for_audience = match claims.get("aud").filter(|audience| !audience.is_null()) {
            // Its values are compared by the library, which passes over what is neither text nor list of texts.
            Some(Value::String(_)) => true,
            Some(Value::Array(several)) => several.iter().all(Value::is_string),
            Some(_) => false,
            None => claims
                .get("client_id")
                .and_then(Value::as_str)
                .is_some_and(|client| self.audience.iter().any(|one| one == client)),
        };
        if !for_audience {
            return Err(TokenFault::Audience);
        }
        match claims.get("iat") {
            None => Ok(()),
            Some(issued)
                if issued
                    .as_f64()
                    .is_some_and(|issued| issued <= now.as_second() as f64) =>
            {
                Ok(())
            }
            Some(_) => Err(TokenFault::NotYetValid),
        }
    }
}

fn fault(error: &Error) -> TokenFault {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::ExpiredSignature => TokenFault::Expired,
        ErrorKind::ImmatureSignature => TokenFault::NotYetValid,
        ErrorKind::InvalidIssuer => TokenFault::Issuer,
        ErrorKind::InvalidAudience => TokenFault::Audience,
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => TokenFault::Algorithm,
        ErrorKind::MissingRequiredClaim(claim) | ErrorKind::InvalidClaimFormat(claim) => {
            match claim.as_str() {
                "exp" => TokenFault::Expired,
                "nbf" => TokenFault::NotYetValid,
                "iss" => TokenFault::Issuer,
                _ => TokenFault::Unreadable,
            }
        }
        _ => TokenFault::Unreadable,
    }
}

#[cfg(test)]
mod tests;
