//! The HTTP API: routes, cross-origin rules and throttling as the template says, payload format 2.0.

mod cors;
mod event;
mod routes;
mod throttle;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::access::Access;
use crate::cloud::Cloud;
use crate::evaluate::Environment;
use crate::model::{Api, Cors, Model, RouteAuthorization};
use crate::runtime::Runtime;
use routes::Routes;
use throttle::TokenBucket;

/// API Gateway's limits, <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>.
const LARGEST_BODY_BYTES: usize = 10 * 1024 * 1024;
/// How long a client may take to send its body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Gateway {
    cloud: Arc<Cloud>,
    api_id: String,
    account_id: String,
    stage: String,
    routes: Routes<Target>,
    cors: Option<Cors>,
}

struct Target {
    runtime: Runtime,
    key: String,
    timeout: Duration,
    throttle: Option<TokenBucket>,
    /// Whether the function's permissions admit this API's route.
    permitted: Result<(), String>,
}

/// What a function answers in payload format 2.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResponse {
    status_code: u16,
    #[serde(default)]
    headers: serde_json::Map<String, Value>,
    #[serde(default)]
    multi_value_headers: serde_json::Map<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

impl Gateway {
    /// `runtime` finds the function of a route by its ARN.
    pub(crate) fn new(
        api: &Api,
        model: &Model,
        cloud: Arc<Cloud>,
        environment: &Environment,
        runtime: impl Fn(&str) -> Option<Runtime>,
    ) -> Result<Self, String> {
        let mut routes = Routes::default();
        for route in &api.routes {
            let runtime = runtime(&route.function_arn)
                .ok_or_else(|| format!("route `{}` has no function", route.key))?;
            if let RouteAuthorization::Token { .. } = route.authorization {
                return Err(format!(
                    "route `{}` asks for a token, and tokens are not checked locally yet",
                    route.key
                ));
            }
            let permitted = permission(&cloud.access, model, api, environment, &route.key, &runtime);
            routes.add(
                &route.key,
                Target {
                    runtime,
                    key: route.key.clone(),
                    timeout: route.timeout,
                    throttle: route.throttle.map(TokenBucket::new),
                    permitted,
                },
            )?;
        }
        Ok(Self {
            cloud,
            api_id: api.id.clone(),
            account_id: environment.account_id.clone(),
            stage: api.stage.clone(),
            routes,
            cors: api.cors.clone(),
        })
    }

    pub(crate) fn router(self) -> Router {
        Router::new().fallback(answer).with_state(Arc::new(self))
    }

    async fn respond(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let origin = parts.headers.get(header::ORIGIN).cloned();
        if let (Some(cors), Some(origin)) = (&self.cors, &origin)
            && cors::is_preflight(&parts)
        {
            return cors::preflight(cors, origin);
        }
        let mut response = self.route(parts, body).await;
        if let (Some(cors), Some(origin)) = (&self.cors, &origin) {
            cors::decorate(cors, origin, response.headers_mut());
        }
        response
    }

    async fn route(&self, parts: axum::http::request::Parts, body: Body) -> Response {
        let started = Instant::now();
        let Some((target, path_parameters)) = self.routes.find(&parts.method, parts.uri.path()) else {
            tracing::info!(method = %parts.method, status = 404, "no such route");
            return message(StatusCode::NOT_FOUND, "Not Found");
        };
        if target.throttle.as_ref().is_some_and(|bucket| !bucket.admit()) {
            tracing::warn!(route = target.key, status = 429, "throttled");
            return message(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
        }
        if let Err(reason) = &target.permitted {
            tracing::error!(
                route = target.key,
                status = 500,
                reason,
                "request not admitted by the function"
            );
            return message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        }
        let body = match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, LARGEST_BODY_BYTES)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
            Err(_) => return message(StatusCode::REQUEST_TIMEOUT, "Request Timeout"),
        };
        let request = event::RequestEvent {
            gateway: self,
            route_key: &target.key,
            parts: &parts,
            path_parameters,
            source_ip: parts
                .extensions
                .get::<ConnectInfo<std::net::SocketAddr>>()
                .map(|info| info.0.ip()),
            body: &body,
        };
        let (request_id, payload) = request.encode();
        let response = self.invoke(target, payload, &request_id).await;
        let microseconds = started.elapsed().as_micros() as u64;
        let (route, status) = (target.key.as_str(), response.status().as_u16());
        let function = target.runtime.name.as_str();
        tracing::info!(
            route,
            status,
            function,
            request_id,
            microseconds,
            "request answered"
        );
        response
    }

    async fn invoke(&self, target: &Target, payload: Vec<u8>, request_id: &str) -> Response {
        let answer = match tokio::time::timeout(target.timeout, target.runtime.invoke(payload)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                tracing::error!(function = target.runtime.name, request_id, %error, "invocation failed");
                return message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
            }
            Err(_) => {
                tracing::error!(
                    function = target.runtime.name,
                    request_id,
                    "the API waits no longer for the function"
                );
                return message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
            }
        };
        // Nothing is answered before it would survive a kill.
        if let Err(error) = self.cloud.store.durable().await {
            self.cloud
                .fail(format!("an answer cannot be made durable: {error}"));
            return message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        }
        match decode(&answer) {
            Some(response) => response,
            None => {
                tracing::error!(
                    function = target.runtime.name,
                    request_id,
                    "the function's answer is no HTTP response"
                );
                message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
            }
        }
    }
}

async fn answer(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    gateway.respond(request).await
}

/// A function is only invoked for a route that one of its permissions names.
fn permission(
    access: &Access,
    model: &Model,
    api: &Api,
    environment: &Environment,
    route_key: &str,
    runtime: &Runtime,
) -> Result<(), String> {
    let path = route_key
        .split_once(' ')
        .map_or(route_key.to_owned(), |(method, path)| format!("{method}{path}"));
    let source = format!(
        "arn:aws:execute-api:{}:{}:{}/{}/{path}",
        environment.region, environment.account_id, api.id, api.stage
    );
    access.deliver(
        "apigateway.amazonaws.com",
        &source,
        "lambda:InvokeFunction",
        &runtime.arn,
        &model.policies_of(runtime),
    )
}

fn decode(answer: &[u8]) -> Option<Response> {
    let answer: FunctionResponse = serde_json::from_slice(answer).ok()?;
    let body = match (answer.body, answer.is_base64_encoded) {
        (None, _) => Vec::new(),
        (Some(text), false) => text.into_bytes(),
        (Some(text), true) => BASE64.decode(text).ok()?,
    };
    let mut response = Response::builder()
        .status(answer.status_code)
        .body(Body::from(body))
        .ok()?;
    let single = answer.headers.iter().map(|(name, value)| (name, vec![value]));
    let multiple = answer
        .multi_value_headers
        .iter()
        .map(|(name, values)| (name, values.as_array().into_iter().flatten().collect::<Vec<_>>()));
    for (name, values) in single.chain(multiple) {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        for value in values {
            let value = crate::evaluate::scalar(value)?;
            response
                .headers_mut()
                .append(name.clone(), HeaderValue::from_str(&value).ok()?);
        }
    }
    for cookie in answer.cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, HeaderValue::from_str(&cookie).ok()?);
    }
    Some(response)
}

/// API Gateway's own answers.
fn message(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(format!(r#"{{"message":"{text}"}}"#)));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
