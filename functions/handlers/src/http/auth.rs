//! Who the caller of a request is, as the gateway's authorizer found out.

use std::fmt::{Debug, Display};

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use schedule_core::{
    authorization::{Caller, Claims},
    names::{AUTH, AUTH_COUNTRIES_CLAIM, AUTH_INSURED_CLAIM, AUTH_JWT, AUTH_NONE},
};

use super::problem::Problem;

/// The claims that hold a token's scopes, of which a token has one or the other
/// (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>).
const SCOPE_CLAIMS: [&str; 2] = ["scope", "scp"];

/// Whether a stage asks for a token, and where the token says whom it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthMode {
    /// Anyone may book and read.
    None,
    /// The gateway has verified a token, and hands its claims on.
    Jwt {
        /// The claim that holds the bearer's own insured id.
        insured_claim: String,
        /// The claim that holds the countries that the bearer may act for.
        countries_claim: String,
    },
}

impl AuthMode {
    /// Takes it from the function's environment, which `variable` reads by name.
    ///
    /// # Errors
    ///
    /// What `variable` says of a variable that is missing, and [`AuthModeError::Unknown`].
    pub fn from_variables<E: Debug + Display>(
        variable: impl Fn(&'static str) -> Result<String, E>,
    ) -> Result<Self, AuthModeError<E>> {
        match variable(AUTH)?.as_str() {
            AUTH_NONE => Ok(Self::None),
            AUTH_JWT => Ok(Self::Jwt {
                insured_claim: variable(AUTH_INSURED_CLAIM)?,
                countries_claim: variable(AUTH_COUNTRIES_CLAIM)?,
            }),
            other => Err(AuthModeError::Unknown {
                found: other.to_owned(),
            }),
        }
    }

    /// The caller of a request.
    ///
    /// A request that brings no claims where there must be some was let through by a route without its authorizer:
    /// it is refused, and somebody has to mend the route.
    pub(super) fn caller(&self, event: &ApiGatewayV2httpRequest) -> Result<Caller, Problem> {
        let Self::Jwt {
            insured_claim,
            countries_claim,
        } = self
        else {
            return Ok(Caller::anyone());
        };
        let authorizer = event.request_context.authorizer.as_ref();
        let Some(jwt) = authorizer.and_then(|authorizer| authorizer.jwt.as_ref()) else {
            tracing::error!(
                request_id = event.request_context.request_id,
                route = event.route_key,
                "a request came without the claims of a token; its route has no JWT authorizer"
            );
            return Err(Problem::Unauthenticated);
        };
        let claim = |name: &str| jwt.claims.get(name).map(String::as_str);
        let scopes = SCOPE_CLAIMS.into_iter().filter_map(claim);
        Ok(Caller::bearer(Claims::read(
            scopes,
            claim(insured_claim),
            claim(countries_claim),
        )))
    }
}

/// Why it is not known whether a token is asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthModeError<E: Debug + Display> {
    /// A variable cannot be read.
    #[error("{0}")]
    Variable(E),
    /// The mode is none that there is.
    #[error("environment variable `{AUTH}` is `{found}`; expected `{AUTH_JWT}` or `{AUTH_NONE}`")]
    Unknown {
        /// What it is.
        found: String,
    },
}

impl<E: Debug + Display> From<E> for AuthModeError<E> {
    fn from(error: E) -> Self {
        Self::Variable(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<AuthMode, String> {
        AuthMode::from_variables(|name| {
            let known = variables.iter().find(|(known, _)| *known == name);
            known
                .map(|(_, value)| (*value).to_owned())
                .ok_or_else(|| format!("`{name}` is missing"))
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn a_function_that_is_not_told_whom_to_let_in_does_not_start() {
        assert_eq!(read(&[("AUTH", "none")]), Ok(AuthMode::None));
        assert_eq!(
            read(&[
                ("AUTH", "jwt"),
                ("AUTH_INSURED_CLAIM", "insured_id"),
                ("AUTH_COUNTRIES_CLAIM", "countries"),
            ]),
            Ok(AuthMode::Jwt {
                insured_claim: "insured_id".to_owned(),
                countries_claim: "countries".to_owned(),
            })
        );
        for (variables, named) in [
            (&[][..], "`AUTH` is missing"),
            (&[("AUTH", "jwt")], "`AUTH_INSURED_CLAIM` is missing"),
            (&[("AUTH", "NONE")], "`AUTH` is `NONE`; expected `jwt` or `none`"),
            (&[("AUTH", "")], "`AUTH` is ``"),
        ] {
            let error = read(variables).expect_err(named);
            assert!(error.contains(named), "{error}");
        }
    }
}
