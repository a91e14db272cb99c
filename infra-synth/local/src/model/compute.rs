//! Functions, their triggers, their permissions and roles.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::properties::Properties;
use crate::policy::PolicyDocument;

// Defaults of CreateFunction, CreateEventSourceMapping and PutFunctionEventInvokeConfig,
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
const DEFAULT_TIMEOUT_SECONDS: u64 = 3;
const DEFAULT_BATCH_SIZE: u64 = 10;
/// The account's default limit of concurrent executions, where a mapping sets none.
const DEFAULT_CONCURRENCY: u64 = 1000;
const DEFAULT_RETRY_ATTEMPTS: u64 = 2;
const DEFAULT_EVENT_AGE_SECONDS: u64 = 6 * 60 * 60;

#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    /// Which code to run: the value of `Code.S3Key`.
    pub(crate) code: String,
    pub(crate) timeout: Duration,
    pub(crate) role_arn: String,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) placement: Placement,
}

/// Where a function's network traffic starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Lambda's own network: the internet and AWS's public endpoints.
    Public,
    /// A VPC, behind these security groups.
    Vpc { security_groups: Vec<String> },
}

#[derive(Debug)]
pub(crate) struct EventSourceMapping {
    pub(crate) logical_id: String,
    pub(crate) queue_arn: String,
    pub(crate) function_name: String,
    pub(crate) batch_size: usize,
    pub(crate) batching_window: Duration,
    pub(crate) concurrency: usize,
    pub(crate) reports_item_failures: bool,
}

/// What becomes of an event that a function was called with and failed on, when nobody waits for the answer.
#[derive(Debug)]
pub(crate) struct EventInvokeConfig {
    pub(crate) logical_id: String,
    pub(crate) function_name: String,
    pub(crate) retries: Retries,
}

/// How often a call is repeated, and until when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retries {
    pub(crate) attempts: u64,
    pub(crate) maximum_age: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            attempts: DEFAULT_RETRY_ATTEMPTS,
            maximum_age: Duration::from_secs(DEFAULT_EVENT_AGE_SECONDS),
        }
    }
}

/// A function's own policy, of which a template gives one statement at a time.
#[derive(Debug)]
pub(crate) struct Permission {
    pub(crate) function_name: String,
    pub(crate) document: PolicyDocument,
}

#[derive(Debug, Default)]
pub(crate) struct Role {
    /// Who may take the role on.
    pub(crate) trust: Option<PolicyDocument>,
    pub(crate) policies: Arc<Vec<PolicyDocument>>,
}

pub(super) fn function(properties: &mut Properties<'_, '_>, arn: String) -> Option<Function> {
    properties.only("PackageType", "Zip");
    properties.only("Runtime", "provided.al2023");
    properties.only("Handler", "bootstrap");
    properties.ignore(&[
        "Architectures",
        "Description",
        "EphemeralStorage",
        "LoggingConfig",
        "MemorySize",
        "Tags",
        "TracingConfig",
    ]);
    let code = properties.object("Code").and_then(|mut code| {
        code.ignore(&["S3Bucket", "S3ObjectVersion"]);
        let key = code.required("S3Key");
        code.finish();
        key
    });
    let mut environment = BTreeMap::new();
    if let Some(mut block) = properties.object("Environment") {
        match block.take("Variables") {
            None => {}
            Some(Value::Object(variables)) => {
                for (name, value) in variables {
                    match crate::evaluate::scalar(&value) {
                        Some(text) => {
                            environment.insert(name, text);
                        }
                        None => block.refuse(format!("environment variable `{name}` is not a string")),
                    }
                }
            }
            Some(other) => block.refuse(format!("property `Variables` should be an object and is {other}")),
        }
        block.finish();
    }
    let placement = match properties.object("VpcConfig") {
        None => Placement::Public,
        Some(mut config) => {
            config.ignore(&["SubnetIds", "Ipv6AllowedForDualStack"]);
            let security_groups = config.texts("SecurityGroupIds");
            config.finish();
            Placement::Vpc { security_groups }
        }
    };
    let timeout = properties.number("Timeout").unwrap_or(DEFAULT_TIMEOUT_SECONDS);
    Some(Function {
        logical_id: properties.logical_id.clone(),
        name: properties.required("FunctionName")?,
        arn,
        code: code?,
        timeout: Duration::from_secs(timeout),
        role_arn: properties.required("Role")?,
        environment,
        placement,
    })
}

pub(super) fn mapping(properties: &mut Properties<'_, '_>) -> Option<EventSourceMapping> {
    properties.only("Enabled", "true");
    properties.ignore(&["Tags"]);
    let response_types = properties.texts("FunctionResponseTypes");
    let concurrency = properties.object("ScalingConfig").and_then(|mut config| {
        let concurrency = config.number_within("MaximumConcurrency", 2..=1000);
        config.finish();
        concurrency
    });
    let window = properties
        .number_within("MaximumBatchingWindowInSeconds", 0..=300)
        .unwrap_or(0);
    // More than ten messages at once come only to those who wait for them.
    let largest = if window == 0 { 10 } else { 10_000 };
    let batch_size = properties
        .number_within("BatchSize", 1..=largest)
        .unwrap_or(DEFAULT_BATCH_SIZE);
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Some(EventSourceMapping {
        logical_id: properties.logical_id.clone(),
        batch_size: size(batch_size),
        batching_window: Duration::from_secs(window),
        concurrency: size(concurrency.unwrap_or(DEFAULT_CONCURRENCY)),
        reports_item_failures: response_types
            .iter()
            .any(|kind| kind == "ReportBatchItemFailures"),
        queue_arn: properties.required("EventSourceArn")?,
        function_name: properties.required("FunctionName")?,
    })
}

pub(super) fn event_invoke_config(properties: &mut Properties<'_, '_>) -> Option<EventInvokeConfig> {
    properties.only("Qualifier", "$LATEST");
    let attempts = properties.number_within("MaximumRetryAttempts", 0..=2);
    let age = properties.number_within("MaximumEventAgeInSeconds", 60..=DEFAULT_EVENT_AGE_SECONDS);
    let defaults = Retries::default();
    Some(EventInvokeConfig {
        logical_id: properties.logical_id.clone(),
        function_name: properties.required("FunctionName")?,
        retries: Retries {
            attempts: attempts.unwrap_or(defaults.attempts),
            maximum_age: age.map_or(defaults.maximum_age, Duration::from_secs),
        },
    })
}

pub(super) fn permission(properties: &mut Properties<'_, '_>) -> Option<Permission> {
    properties.only("Action", "lambda:InvokeFunction");
    let mut condition = Map::new();
    if let Some(arn) = properties.text("SourceArn") {
        condition.insert("ArnLike".to_owned(), json!({ "aws:SourceArn": arn }));
    }
    if let Some(account) = properties.text("SourceAccount") {
        condition.insert("StringEquals".to_owned(), json!({ "aws:SourceAccount": account }));
    }
    let function_name = properties.required("FunctionName")?;
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": properties.required("Principal")? },
            "Action": "lambda:InvokeFunction",
            // The statement is part of the function's own policy: it cannot speak of another function.
            "Resource": "*",
            "Condition": condition,
        }],
    });
    match PolicyDocument::parse(&document) {
        Ok(document) => Some(Permission {
            function_name,
            document,
        }),
        Err(error) => {
            properties.refuse(error.to_string());
            None
        }
    }
}

pub(super) fn role(properties: &mut Properties<'_, '_>) -> Option<Role> {
    properties.ignore(&["RoleName", "Description", "Path", "Tags", "MaxSessionDuration"]);
    let trust = properties.policy("AssumeRolePolicyDocument");
    let policies = properties.each("Policies", |policy| {
        policy.ignore(&["PolicyName"]);
        policy.policy("PolicyDocument")
    });
    Some(Role {
        trust,
        policies: Arc::new(policies),
    })
}
