//! An HTTP API: its routes, what they invoke, its stage and its cross-origin rules.

use std::collections::BTreeMap;
use std::time::Duration;

use super::authorizer::{self, Authorizer, RouteAuthorization};
use super::properties::Properties;
use crate::refusal::Refusals;

/// The most that an HTTP API waits, and what it waits where nothing is said,
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>.
const LONGEST_INTEGRATION: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) id: String,
    pub(crate) routes: Vec<Route>,
    pub(crate) cors: Option<Cors>,
    pub(crate) authorizer: Option<Authorizer>,
    pub(crate) stage: String,
}

#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) logical_id: String,
    /// As in the template: `POST /appointments`.
    pub(crate) key: String,
    pub(crate) function_arn: String,
    /// How long the function may take to answer.
    pub(crate) timeout: Duration,
    pub(crate) authorization: RouteAuthorization,
    /// How often it may be called: what the stage says of this route, or else of each.
    pub(crate) throttle: Option<Throttle>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Cors {
    pub(crate) origins: Vec<String>,
    pub(crate) methods: Vec<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) exposed: Vec<String>,
    pub(crate) max_age: Option<u64>,
    pub(crate) credentials: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Throttle {
    /// Requests a second.
    pub(crate) rate: u64,
    /// Requests at once.
    pub(crate) burst: u64,
}

/// The resources that make up one API, gathered in whatever order the template has them.
#[derive(Default)]
pub(super) struct Parts {
    apis: Vec<(String, String, Option<Cors>)>,
    authorizers: Vec<Authorizer>,
    routes: Vec<RoutePart>,
    integrations: BTreeMap<String, (String, Option<Duration>)>,
    /// Which API each part says that it belongs to.
    belonging: Vec<(String, String)>,
    stages: Vec<StagePart>,
}

struct RoutePart {
    logical_id: String,
    key: String,
    target: String,
    authorization: authorizer::RoutePart,
}

struct StagePart {
    logical_id: String,
    name: String,
    throttle: Option<Throttle>,
    /// By route key.
    route_throttles: Vec<(String, Option<Throttle>)>,
}

impl Parts {
    pub(super) fn api(&mut self, properties: &mut Properties<'_, '_>, id: String) {
        properties.only("ProtocolType", "HTTP");
        properties.only("DisableExecuteApiEndpoint", "false");
        properties.ignore(&["Name", "Description", "Tags"]);
        let cors = properties.object("CorsConfiguration").map(|mut block| {
            let cors = Cors {
                origins: block.texts("AllowOrigins"),
                methods: block.texts("AllowMethods"),
                headers: block.texts("AllowHeaders"),
                exposed: block.texts("ExposeHeaders"),
                max_age: block.number("MaxAge"),
                credentials: block.flag("AllowCredentials").unwrap_or(false),
            };
            block.finish();
            cors
        });
        self.apis.push((properties.logical_id.clone(), id, cors));
    }

    pub(super) fn route(&mut self, properties: &mut Properties<'_, '_>) {
        properties.ignore(&["OperationName"]);
        self.belongs(properties);
        let authorization = authorizer::route(properties);
        if let (Some(key), Some(target)) = (properties.required("RouteKey"), properties.required("Target")) {
            self.routes.push(RoutePart {
                logical_id: properties.logical_id.clone(),
                key,
                target,
                authorization,
            });
        }
    }

    pub(super) fn authorizer(&mut self, properties: &mut Properties<'_, '_>) {
        self.belongs(properties);
        self.authorizers.extend(authorizer::authorizer(properties));
    }

    pub(super) fn integration(&mut self, logical_id: &str, properties: &mut Properties<'_, '_>) {
        properties.only("IntegrationType", "AWS_PROXY");
        properties.only("PayloadFormatVersion", "2.0");
        properties.only("IntegrationMethod", "POST");
        properties.ignore(&["Description"]);
        self.belongs(properties);
        let timeout = properties
            .number_within("TimeoutInMillis", 50..=30_000)
            .map(Duration::from_millis);
        if let Some(uri) = properties.required("IntegrationUri") {
            self.integrations.insert(
                logical_id.to_owned(),
                (invoked_function(&uri).to_owned(), timeout),
            );
        }
    }

    pub(super) fn stage(&mut self, properties: &mut Properties<'_, '_>) {
        properties.ignore(&["AccessLogSettings", "Description", "Tags"]);
        self.belongs(properties);
        properties.only("AutoDeploy", "true");
        let throttle = properties
            .object("DefaultRouteSettings")
            .and_then(|mut settings| route_settings(&mut settings));
        let route_throttles = properties.entries("RouteSettings", route_settings);
        if let Some(name) = properties.required("StageName") {
            self.stages.push(StagePart {
                logical_id: properties.logical_id.clone(),
                name,
                throttle,
                route_throttles,
            });
        }
    }

    fn belongs(&mut self, properties: &mut Properties<'_, '_>) {
        if let Some(api) = properties.required("ApiId") {
            self.belonging.push((properties.logical_id.clone(), api));
        }
    }

    /// One API with one stage, or none at all.
    pub(super) fn assemble(self, refusals: &mut Refusals<'_>) -> Option<Api> {
        let mut apis = self.apis.into_iter();
        let (logical_id, id, cors) = apis.next()?;
        for (another, ..) in apis {
            refusals.add(
                &another,
                format!("a second HTTP API beside `{logical_id}` does not run locally"),
            );
        }
        for (part, named) in &self.belonging {
            if named != &id {
                refusals.add(
                    part,
                    format!("`{named}` is not the API `{logical_id}` of this template"),
                );
            }
        }
        let mut authorizers = self.authorizers.into_iter();
        let authorizer = authorizers.next();
        for another in authorizers {
            refusals.add(&another.logical_id, "a second authorizer does not run locally");
        }
        let mut stages = self.stages.into_iter();
        let Some(stage) = stages.next() else {
            refusals.add(&logical_id, "the API has no stage, so it would answer nothing");
            return None;
        };
        if stage.name != "$default" || stages.next().is_some() {
            refusals.add(&logical_id, "only one stage, named `$default`, runs locally");
        }
        for (key, _) in &stage.route_throttles {
            if !self.routes.iter().any(|route| &route.key == key) {
                refusals.add(
                    &stage.logical_id,
                    format!("property `RouteSettings` names `{key}`, which is no route of this template"),
                );
            }
        }
        let mut routes = Vec::new();
        for route in self.routes {
            let integration = route
                .target
                .strip_prefix("integrations/")
                .unwrap_or(&route.target);
            let Some((function, timeout)) = self.integrations.get(integration) else {
                refusals.add(
                    &route.logical_id,
                    format!("target `{}` is no integration of this template", route.target),
                );
                continue;
            };
            let own = stage.route_throttles.iter().find(|(key, _)| key == &route.key);
            routes.push(Route {
                function_arn: function.clone(),
                timeout: timeout.unwrap_or(LONGEST_INTEGRATION),
                authorization: route
                    .authorization
                    .assemble(&route.logical_id, authorizer.as_ref(), refusals),
                throttle: own.map_or(stage.throttle, |(_, throttle)| *throttle),
                logical_id: route.logical_id,
                key: route.key,
            });
        }
        Some(Api {
            id,
            routes,
            cors,
            authorizer,
            stage: stage.name,
        })
    }
}

fn route_settings(settings: &mut Properties<'_, '_>) -> Option<Throttle> {
    settings.ignore(&["DetailedMetricsEnabled"]);
    let rate = settings.number("ThrottlingRateLimit");
    let burst = settings.number("ThrottlingBurstLimit");
    if rate.is_some() != burst.is_some() {
        settings.refuse("throttling needs both ThrottlingRateLimit and ThrottlingBurstLimit");
    }
    settings.finish();
    Some(Throttle {
        rate: rate?,
        burst: burst?,
    })
}

/// The function in an invocation URI (`arn:…:apigateway:…/functions/<arn>/invocations`), or the ARN itself.
fn invoked_function(uri: &str) -> &str {
    match uri.split_once("/functions/") {
        Some((_, rest)) => rest.strip_suffix("/invocations").unwrap_or(rest),
        None => uri,
    }
}
