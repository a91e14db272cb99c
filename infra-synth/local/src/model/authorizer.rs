//! Who may call a route: `AWS::ApiGatewayV2::Authorizer` and what routes say of it.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>

use serde_json::{Value, json};

use super::properties::Properties;
use crate::refusal::Refusals;

/// The only place of a request that a token is looked for in.
const IDENTITY_SOURCE: &str = "$request.header.Authorization";

/// What an API asks of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authorizer {
    pub(crate) logical_id: String,
    /// What `iss` has to be.
    pub(crate) issuer: String,
    /// Of which `aud`, or `client_id`, has to be one.
    pub(crate) audience: Vec<String>,
}

/// Who may call a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RouteAuthorization {
    Anyone,
    /// Who brings a token with one of these scopes; with any token where there are none.
    Token {
        scopes: Vec<String>,
    },
}

/// What a route's own properties say.
pub(super) struct RoutePart {
    authorizer: Option<String>,
    scopes: Vec<String>,
}

pub(super) fn authorizer(properties: &mut Properties<'_, '_>) -> Option<Authorizer> {
    properties.ignore(&["Name"]);
    properties.only("AuthorizerType", "JWT");
    let source = properties.take("IdentitySource");
    if source != Some(json!([IDENTITY_SOURCE])) {
        let found = source.unwrap_or(Value::Null);
        properties.refuse(format!(
            "property `IdentitySource` is {found}; locally only `[\"{IDENTITY_SOURCE}\"]` is honoured"
        ));
    }
    let Some(mut jwt) = properties.object("JwtConfiguration") else {
        properties.refuse("property `JwtConfiguration` is missing");
        return None;
    };
    let (issuer, audience) = (jwt.required("Issuer"), jwt.texts("Audience"));
    jwt.finish();
    if audience.is_empty() {
        properties.refuse("property `JwtConfiguration` names no Audience");
    }
    Some(Authorizer {
        logical_id: properties.logical_id.clone(),
        issuer: issuer?,
        audience,
    })
}

pub(super) fn route(properties: &mut Properties<'_, '_>) -> RoutePart {
    let anyone = RoutePart {
        authorizer: None,
        scopes: Vec::new(),
    };
    match properties.text("AuthorizationType").as_deref() {
        None | Some("NONE") => anyone,
        Some("JWT") => RoutePart {
            authorizer: properties.required("AuthorizerId"),
            scopes: properties.texts("AuthorizationScopes"),
        },
        Some(other) => {
            properties.refuse(format!(
                "property `AuthorizationType` is `{other}`; locally only `NONE` and `JWT` are honoured"
            ));
            anyone
        }
    }
}

impl RoutePart {
    /// A route whose authorizer is not there would let nobody in, or anyone: it is refused.
    pub(super) fn assemble(
        self,
        logical_id: &str,
        authorizer: Option<&Authorizer>,
        refusals: &mut Refusals<'_>,
    ) -> RouteAuthorization {
        let Some(named) = self.authorizer else {
            return RouteAuthorization::Anyone;
        };
        // `Ref` of an authorizer is its identifier, which here is its logical id.
        if authorizer.is_none_or(|authorizer| authorizer.logical_id != named) {
            refusals.add(logical_id, format!("`{named}` is no authorizer of this template"));
        }
        RouteAuthorization::Token { scopes: self.scopes }
    }
}
