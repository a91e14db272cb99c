//! A service that answers as it is told, and the adapters that call it.

use aws_smithy_http_client::test_util::{NeverClient, ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::{http::SharedHttpClient, orchestrator::HttpRequest};
use aws_smithy_types::body::SdkBody;
use schedule_aws::{
    AwsClients, AwsSettings, CallLimits, DynamoDbAppointmentTable, EventBridgeConfirmationBus,
    SecretsManagerCursorSecret, SnsAppointmentTopic,
};
use serde_json::Value;

pub(crate) struct Service {
    http: StaticReplayClient,
}

/// A status and a body.
pub(crate) type Answer = (u16, String);

pub(crate) fn ok(body: &Value) -> Answer {
    (200, body.to_string())
}

/// An error as DynamoDB and EventBridge tell it.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Answer {
    (
        status,
        serde_json::json!({"__type": format!("com.amazonaws#{code}"), "message": message}).to_string(),
    )
}

impl Service {
    /// One that gives these answers, one a request.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let events = answers.into_iter().map(|(status, body)| {
            let response = http::Response::builder().status(status).body(SdkBody::from(body));
            ReplayEvent::new(
                http::Request::new(SdkBody::empty()),
                response.expect("a response"),
            )
        });
        Self {
            http: StaticReplayClient::new(events.collect()),
        }
    }

    pub(crate) fn table(&self) -> DynamoDbAppointmentTable {
        DynamoDbAppointmentTable::new(&clients(SharedHttpClient::new(self.http.clone())), "appointments")
    }

    pub(crate) fn topic(&self) -> SnsAppointmentTopic {
        let arn = "arn:aws:sns:us-east-1:123456789012:appointment-notifications-topic";
        SnsAppointmentTopic::new(&clients(SharedHttpClient::new(self.http.clone())), arn)
    }

    pub(crate) fn bus(&self) -> EventBridgeConfirmationBus {
        EventBridgeConfirmationBus::new(
            &clients(SharedHttpClient::new(self.http.clone())),
            "appointment-events-bus",
        )
    }

    pub(crate) fn cursor_secret(&self) -> SecretsManagerCursorSecret {
        SecretsManagerCursorSecret::new(
            &clients(SharedHttpClient::new(self.http.clone())),
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:cursors-AbCdEf",
        )
    }

    /// The requests that came, as text.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.http.actual_requests().map(body).collect()
    }

    /// The requests that came, as JSON.
    pub(crate) fn requests(&self) -> Vec<Value> {
        let bodies = self.bodies();
        bodies
            .iter()
            .map(|body| serde_json::from_str(body).expect("JSON"))
            .collect()
    }
}

fn body(request: &HttpRequest) -> String {
    let bytes = request.body().bytes().expect("a body that is there");
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// A table behind a service that takes the request and stays silent.
pub(crate) fn silent_table() -> DynamoDbAppointmentTable {
    DynamoDbAppointmentTable::new(
        &clients(SharedHttpClient::new(NeverClient::new())),
        "appointments",
    )
}

fn clients(http: SharedHttpClient) -> AwsClients {
    AwsClients::over(http, settings(), CallLimits::default())
}

pub(crate) fn settings() -> AwsSettings {
    AwsSettings::from_variables(|name| {
        let value = match name {
            "AWS_REGION" => "us-east-1",
            "AWS_ACCESS_KEY_ID" => "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY" => "secret",
            _ => return None,
        };
        Some(value.to_owned())
    })
    .expect("sound settings")
}
