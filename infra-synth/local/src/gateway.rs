//! The HTTP API: routes, cross-origin rules and throttling as the template says, payload format 2.0.

mod answer;
mod authorizer;
mod cors;
mod docs;
mod event;
mod problem;
mod routes;
mod throttle;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body_util::LengthLimitError;
use schedule_handlers::ON_EVERY_ANSWER;
use tokio::time::Instant;
use uuid::Uuid;

use crate::access::Access;
use crate::cloud::Cloud;
use crate::evaluate::Environment;
use crate::model::{Api, Cors, Model, RouteAuthorization};
use crate::runtime::Runtime;
use crate::token::TokenVerifier;
use authorizer::Rejection;
use problem::{Problem, REQUEST_ID};
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
    verifier: Option<TokenVerifier>,
}

struct Target {
    runtime: Runtime,
    key: String,
    timeout: Duration,
    authorization: RouteAuthorization,
    throttle: Option<TokenBucket>,
    /// Whether the function's permissions admit this API's route.
    permitted: Result<(), String>,
}

impl Gateway {
    /// `runtime` finds the function of a route by its ARN; `verifier` checks the tokens of the API's authorizer.
    pub(crate) fn new(
        api: &Api,
        model: &Model,
        cloud: Arc<Cloud>,
        environment: &Environment,
        verifier: Option<TokenVerifier>,
        runtime: impl Fn(&str) -> Option<Runtime>,
    ) -> Result<Self, String> {
        let mut routes = Routes::default();
        for route in &api.routes {
            let runtime = runtime(&route.function_arn)
                .ok_or_else(|| format!("route `{}` has no function", route.key))?;
            let permitted = permission(&cloud.access, model, api, environment, &route.key, &runtime);
            routes.add(
                &route.key,
                Target {
                    runtime,
                    key: route.key.clone(),
                    timeout: route.timeout,
                    authorization: route.authorization.clone(),
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
            verifier,
        })
    }

    pub(crate) fn router(self) -> Router {
        Router::new().fallback(answer).with_state(Arc::new(self))
    }

    async fn respond(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        // Whatever the answer: a connection with an unread body on it could not be used again.
        let body = received(body).await;
        let request_id = Uuid::now_v7().to_string();
        let is_preflight = self.cors.is_some() && cors::is_preflight(&parts);
        let mut response = match self.routes.find(&parts.method, parts.uri.path()) {
            Some((target, path_parameters)) => {
                let started = Instant::now();
                let route = Route {
                    target,
                    path_parameters,
                    request_id: &request_id,
                };
                let response = match self.answer(route, &parts, body).await {
                    Ok(response) => response,
                    Err(own) => own.into_response(&parts.headers, &target.authorization),
                };
                log(target, &request_id, response.status(), started);
                response
            }
            // A route for OPTIONS, or `$default`, comes before the gateway's own answer:
            // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
            None if is_preflight => {
                let mut response = cors::preflight();
                response.headers_mut().extend(ON_EVERY_ANSWER);
                response
            }
            None => {
                tracing::info!(method = %parts.method, status = 404, request_id, "no such route");
                Problem::NotFound.into_response(&parts.headers)
            }
        };
        let headers = response.headers_mut();
        if let (Some(cors), Some(origin)) = (&self.cors, parts.headers.get(header::ORIGIN)) {
            if is_preflight {
                cors::permit(cors, origin, headers);
            }
            cors::decorate(cors, origin, headers);
        }
        // A function says the id itself; what the gateway answers in its place has it from here.
        if let (false, Ok(id)) = (
            headers.contains_key(REQUEST_ID),
            HeaderValue::from_str(&request_id),
        ) {
            headers.insert(REQUEST_ID, id);
        }
        response
    }

    /// The function's answer, or why the gateway answers in its place.
    async fn answer(
        &self,
        route: Route<'_>,
        parts: &Parts,
        body: Result<Bytes, Problem>,
    ) -> Result<Response, Own> {
        let Route {
            target, request_id, ..
        } = route;
        let authorizer = authorizer::authorize(&target.authorization, self.verifier.as_ref(), &parts.headers)
            .map_err(|rejection| {
                tracing::info!(route = target.key, request_id, %rejection, "request not authorized");
                Own::Rejected(rejection)
            })?;
        if target.throttle.as_ref().is_some_and(|bucket| !bucket.admit()) {
            tracing::warn!(route = target.key, request_id, "throttled");
            return Err(Problem::TooManyRequests.into());
        }
        if let Err(reason) = &target.permitted {
            tracing::error!(
                route = target.key,
                request_id,
                reason,
                "request not admitted by the function"
            );
            return Err(Problem::Internal.into());
        }
        let body = body?;
        let request = event::RequestEvent {
            gateway: self,
            request_id,
            authorizer,
            route_key: &target.key,
            parts,
            path_parameters: route.path_parameters,
            source_ip: parts
                .extensions
                .get::<ConnectInfo<std::net::SocketAddr>>()
                .map(|info| info.0.ip()),
            body: &body,
        };
        self.invoke(target, request.encode(), request_id)
            .await
            .map_err(Own::from)
    }

    async fn invoke(&self, target: &Target, payload: Vec<u8>, request_id: &str) -> Result<Response, Problem> {
        let function = target.runtime.name.as_str();
        let answer = match tokio::time::timeout(target.timeout, target.runtime.invoke(payload)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                tracing::error!(function, request_id, %error, "invocation failed");
                return Err(Problem::Internal);
            }
            Err(_) => {
                tracing::error!(function, request_id, "the API waits no longer for the function");
                return Err(Problem::OutcomeUnknown);
            }
        };
        // Nothing is answered before it would survive a kill.
        if let Err(error) = self.cloud.store.durable().await {
            self.cloud
                .fail(format!("an answer cannot be made durable: {error}"));
            return Err(Problem::OutcomeUnknown);
        }
        answer::decode(&answer).ok_or_else(|| {
            tracing::error!(function, request_id, "the function's answer is no HTTP response");
            Problem::Internal
        })
    }
}

async fn received(body: Body) -> Result<Bytes, Problem> {
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, LARGEST_BODY_BYTES)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => Err(match error.into_inner().downcast_ref::<LengthLimitError>() {
            Some(_) => Problem::TooLarge,
            None => Problem::BrokenBody,
        }),
        Err(_) => Err(Problem::RequestTimeout),
    }
}

/// Where a request goes.
struct Route<'a> {
    target: &'a Target,
    path_parameters: BTreeMap<String, String>,
    request_id: &'a str,
}

/// What the gateway answers without its function.
enum Own {
    Rejected(Rejection),
    Problem(Problem),
}

impl From<Problem> for Own {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Own {
    fn into_response(self, request: &HeaderMap, authorization: &RouteAuthorization) -> Response {
        match (self, authorization) {
            (Self::Rejected(rejection), RouteAuthorization::Token { scopes }) => {
                rejection.into_response(request, scopes)
            }
            (Self::Rejected(rejection), RouteAuthorization::Anyone) => rejection.into_response(request, &[]),
            (Self::Problem(problem), _) => problem.into_response(request),
        }
    }
}

fn log(target: &Target, request_id: &str, status: StatusCode, started: Instant) {
    let microseconds = started.elapsed().as_micros() as u64;
    let (route, status) = (target.key.as_str(), status.as_u16());
    let function = target.runtime.name.as_str();
    tracing::info!(
        route,
        status,
        function,
        request_id,
        microseconds,
        "request answered"
    );
}

async fn answer(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    match docs::answer(request.method(), request.uri().path()) {
        Some(page) => page,
        None => gateway.respond(request).await,
    }
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
