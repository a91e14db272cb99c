use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{
    Handle, Resource, Seconds, Value,
    kind::{FunctionArn, HttpApiId, IntegrationId, Text},
};

mod authorizer;
mod stage;

pub use authorizer::{JwtAuthorizer, RouteAuthorization};
pub use stage::{AccessLogSettings, RouteSettings, Stage};

/// `AWS::ApiGatewayV2::Api` with protocol `HTTP`.
#[derive(Debug, Clone)]
pub struct HttpApi {
    /// The name in the console.
    pub name: Value<Text>,
    /// What it is for.
    pub description: Option<&'static str>,
    /// Which web pages may call it; none may when not said.
    pub cors: Option<Cors>,
}

impl HttpApi {
    /// An API that no web page may call.
    pub fn new(name: impl Into<Value<Text>>) -> Self {
        Self {
            name: name.into(),
            description: None,
            cors: None,
        }
    }
}

impl Resource for HttpApi {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGatewayV2::Api"
    }

    fn properties(&self) -> Json {
        json!({
            "Name": self.name,
            "Description": self.description,
            "ProtocolType": "HTTP",
            "CorsConfiguration": self.cors,
        })
    }
}

impl Handle<HttpApi> {
    /// `Ref`, which for an API is its identifier.
    pub fn id(&self) -> Value<HttpApiId> {
        self.reference()
    }

    /// `Fn::GetAtt … ApiEndpoint`: where the `$default` stage answers, with no path behind it.
    pub fn endpoint(&self) -> Value<Text> {
        self.attribute("ApiEndpoint")
    }
}

/// Which web pages may call an API, and how.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Cors {
    /// The pages' origins, for example `https://citas.example.com`.
    pub allow_origins: Vec<String>,
    /// The methods.
    pub allow_methods: Vec<&'static str>,
    /// The request headers beyond those that a browser always sends.
    pub allow_headers: Vec<&'static str>,
    /// The response headers that a page may read.
    pub expose_headers: Vec<&'static str>,
    /// How long a browser may remember all this.
    pub max_age: Option<Seconds>,
}

/// `AWS::ApiGatewayV2::Integration` of a Lambda function, with payload format 2.0.
#[derive(Debug, Clone)]
pub struct Integration {
    /// The API.
    pub api_id: Value<HttpApiId>,
    /// The function that answers.
    pub function: Value<FunctionArn>,
}

impl Resource for Integration {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGatewayV2::Integration"
    }

    fn properties(&self) -> Json {
        json!({
            "ApiId": self.api_id,
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": self.function,
            "PayloadFormatVersion": "2.0",
        })
    }
}

impl Handle<Integration> {
    /// `Ref`, which for an integration is its identifier.
    pub fn id(&self) -> Value<IntegrationId> {
        self.reference()
    }
}

/// `AWS::ApiGatewayV2::Route`.
#[derive(Debug, Clone)]
pub struct Route {
    /// The API.
    pub api_id: Value<HttpApiId>,
    /// Method and path, for example `GET /appointments/{insuredId}`, or `$default` for what no other route takes.
    pub route_key: String,
    /// Who may call it.
    pub authorization: RouteAuthorization,
    /// What answers.
    pub integration: Value<IntegrationId>,
}

impl Resource for Route {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGatewayV2::Route"
    }

    fn properties(&self) -> Json {
        let target: Value<Text> = Value::join("/", &["integrations".into(), self.integration.text()]);
        let mut properties = json!({ "ApiId": self.api_id, "RouteKey": self.route_key, "Target": target });
        self.authorization.write(&mut properties);
        properties
    }
}
