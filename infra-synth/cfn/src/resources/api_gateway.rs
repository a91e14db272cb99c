use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{
    Handle, Resource, Seconds, Value,
    kind::{FunctionArn, HttpApiId, IntegrationId, LogGroupArn, Text},
    stack::to_json,
};

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
    /// Method and path, for example `GET /appointments/{insuredId}`.
    pub route_key: String,
    /// What answers.
    pub integration: Value<IntegrationId>,
}

impl Resource for Route {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGatewayV2::Route"
    }

    fn properties(&self) -> Json {
        let target: Value<Text> = Value::join("/", &["integrations".into(), self.integration.text()]);
        json!({ "ApiId": self.api_id, "RouteKey": self.route_key, "Target": target })
    }
}

/// `AWS::ApiGatewayV2::Stage`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Stage {
    /// The API.
    pub api_id: Value<HttpApiId>,
    /// `$default` is the one without a path of its own.
    pub stage_name: &'static str,
    /// Whether a change of the API is live at once.
    pub auto_deploy: bool,
    /// What is written of each request.
    pub access_log_settings: Option<AccessLogSettings>,
    /// Limits for all routes.
    pub default_route_settings: Option<RouteSettings>,
}

impl Stage {
    /// The `$default` stage, always up to date.
    pub fn default_of(api_id: Value<HttpApiId>) -> Self {
        Self {
            api_id,
            stage_name: "$default",
            auto_deploy: true,
            access_log_settings: None,
            default_route_settings: None,
        }
    }
}

impl Resource for Stage {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGatewayV2::Stage"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

/// What is written of each request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessLogSettings {
    /// The log group.
    pub destination_arn: Value<LogGroupArn>,
    /// One line, with `$context.` variables.
    pub format: String,
}

impl AccessLogSettings {
    /// One JSON object a request, its fields in this order: name → `$context.` variable.
    pub fn json(destination_arn: Value<LogGroupArn>, fields: &[(&str, &str)]) -> Self {
        let fields: serde_json::Map<_, _> = fields
            .iter()
            .map(|&(name, variable)| (name.to_owned(), variable.into()))
            .collect();
        Self {
            destination_arn,
            format: Json::Object(fields).to_string(),
        }
    }
}

/// Limits of a stage's routes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RouteSettings {
    /// Requests a second, in the long run.
    pub throttling_rate_limit: u32,
    /// Requests at once, on top of it.
    pub throttling_burst_limit: u32,
}
