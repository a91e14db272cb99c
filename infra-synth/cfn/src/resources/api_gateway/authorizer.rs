use serde_json::{Value as Json, json};

use crate::{
    Handle, Resource, Value,
    kind::{HttpApiId, JwtAuthorizerId, Text},
};

/// `AWS::ApiGatewayV2::Authorizer` of type `JWT`: API Gateway itself checks the token in the `Authorization` header
/// (signature, `iss`, `aud` or `client_id`, `exp`, `nbf`, `iat`) and hands its claims to the function.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
#[derive(Debug, Clone)]
pub struct JwtAuthorizer {
    /// The API.
    pub api_id: Value<HttpApiId>,
    /// The name in the console.
    pub name: Value<Text>,
    /// The tokens' `iss`; its keys are found by `<issuer>/.well-known/openid-configuration`.
    pub issuer: Value<Text>,
    /// Of which the tokens' `aud`, or `client_id`, must be one.
    pub audience: Vec<String>,
}

impl Resource for JwtAuthorizer {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGatewayV2::Authorizer"
    }

    fn properties(&self) -> Json {
        json!({
            "ApiId": self.api_id,
            "Name": self.name,
            "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": { "Issuer": self.issuer, "Audience": self.audience },
        })
    }
}

impl Handle<JwtAuthorizer> {
    /// `Ref`, which for an authorizer is its identifier.
    pub fn id(&self) -> Value<JwtAuthorizerId> {
        self.reference()
    }
}

/// Who may call a route.
#[derive(Debug, Clone, PartialEq)]
pub enum RouteAuthorization {
    /// Anyone.
    Anyone,
    /// Who brings a token that the authorizer takes.
    Jwt {
        /// What checks the token.
        authorizer: Value<JwtAuthorizerId>,
        /// Of which the token must hold one; any token will do where there are none.
        scopes: Vec<&'static str>,
    },
}

impl RouteAuthorization {
    pub(super) fn write(&self, route: &mut Json) {
        let Self::Jwt { authorizer, scopes } = self else {
            return;
        };
        route["AuthorizationType"] = json!("JWT");
        route["AuthorizerId"] = json!(authorizer);
        if !scopes.is_empty() {
            route["AuthorizationScopes"] = json!(scopes);
        }
    }
}
