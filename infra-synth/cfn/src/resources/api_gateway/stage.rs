use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Resource, Value,
    kind::{HttpApiId, LogGroupArn},
    stack::to_json,
};

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
    /// Limits for each route that has none of its own.
    pub default_route_settings: Option<RouteSettings>,
    /// Limits for single routes, by route key. A route must be there before the stage that names it:
    /// [`Stack::add_stage`](crate::Stack::add_stage) sees to that.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub route_settings: IndexMap<String, RouteSettings>,
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
            route_settings: IndexMap::new(),
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

/// How often a route may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RouteSettings {
    /// Requests a second, in the long run.
    pub throttling_rate_limit: u32,
    /// Requests at once, on top of it.
    pub throttling_burst_limit: u32,
}
