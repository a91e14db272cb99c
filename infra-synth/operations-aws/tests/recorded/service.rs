//! A service that answers as it is told, and what it was asked.

use std::time::Duration;

use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
};
use aws_smithy_types::{body::SdkBody, retry::RetryConfig};
use aws_types::{SdkConfig, region::Region};
use serde_json::{Value, json};

pub(crate) struct Service {
    http: StaticReplayClient,
    takes: Duration,
}

/// A status and a body.
pub(crate) type Answer = (u16, String);

#[expect(
    clippy::needless_pass_by_value,
    reason = "what `json!` makes is used nowhere else"
)]
pub(crate) fn ok(body: Value) -> Answer {
    (200, body.to_string())
}

pub(crate) fn error(status: u16, code: &str) -> Answer {
    let body = json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": "about insured 00123"});
    (status, body.to_string())
}

impl Service {
    /// One that gives these answers, one a request.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let events = answers.into_iter().map(|(status, body)| {
            let response = http::Response::builder().status(status).body(SdkBody::from(body));
            ReplayEvent::new(http::Request::new(SdkBody::empty()), response.unwrap())
        });
        Self {
            http: StaticReplayClient::new(events.collect()),
            takes: Duration::ZERO,
        }
    }

    /// The same, and each answer takes so long.
    pub(crate) fn taking(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    pub(crate) fn config(&self) -> SdkConfig {
        let connector = SharedHttpConnector::new(Slow {
            http: self.http.clone(),
            takes: self.takes,
        });
        let credentials = Credentials::new("AKIAEXAMPLE", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(aws_sdk_sqs::config::BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .sleep_impl(aws_sdk_sqs::config::SharedAsyncSleep::new(Sleep))
            .retry_config(RetryConfig::standard())
            .build()
    }

    /// The requests that came: the call, and what was asked.
    pub(crate) fn calls(&self) -> Vec<(String, Value)> {
        let read = |request: &HttpRequest| {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let call = target.rsplit('.').next().unwrap_or_default().to_owned();
            (
                call,
                serde_json::from_slice(request.body().bytes().unwrap()).unwrap(),
            )
        };
        self.http.actual_requests().map(read).collect()
    }

    pub(crate) fn call_names(&self) -> Vec<String> {
        self.calls().into_iter().map(|(call, _)| call).collect()
    }
}

/// Answers after a while, on the test's own clock.
#[derive(Debug, Clone)]
struct Slow {
    http: StaticReplayClient,
    takes: Duration,
}

impl HttpConnector for Slow {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { http, takes } = self.clone();
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(takes).await;
            http.call(request).await
        })
    }
}

/// Pauses on the test's own clock.
#[derive(Debug)]
struct Sleep;

impl aws_sdk_sqs::config::AsyncSleep for Sleep {
    fn sleep(&self, duration: std::time::Duration) -> aws_sdk_sqs::config::Sleep {
        aws_sdk_sqs::config::Sleep::new(tokio::time::sleep(duration))
    }
}
