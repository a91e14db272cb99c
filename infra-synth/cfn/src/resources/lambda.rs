use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    Handle, Mebibytes, Resource, Seconds, Value,
    kind::{
        AnyArn, BucketName, FunctionArn, LogGroupName, ObjectKey, QueueArn, RoleArn, RouteArn, RuleArn,
        SecurityGroupId, SubnetIds, Text,
    },
    stack::to_json,
};

/// `AWS::Lambda::Function` on an operating-system runtime: the code is one executable called `bootstrap`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Function {
    /// The physical name; CloudFormation chooses one when there is none.
    pub function_name: Option<Value<Text>>,
    /// What it does.
    pub description: Option<&'static str>,
    /// `provided.al2023`, unless said otherwise.
    pub runtime: &'static str,
    /// `bootstrap`, unless said otherwise.
    pub handler: &'static str,
    /// The processor that the code was built for.
    pub architectures: [Architecture; 1],
    /// Where the code is.
    pub code: Code,
    /// What it runs as.
    pub role: Value<RoleArn>,
    /// Memory, and processor time with it.
    pub memory_size: Option<Mebibytes>,
    /// How long one invocation may take, at most 900 s.
    pub timeout: Option<Seconds>,
    /// What it reads from its surroundings.
    pub environment: Option<Environment>,
    /// The network that it is in; none is Lambda's own, with the public internet and no VPC.
    pub vpc_config: Option<VpcConfig>,
    /// Where and how its log is written.
    pub logging_config: Option<LoggingConfig>,
}

impl Function {
    /// A function with Lambda's defaults.
    pub fn new(code: Code, architecture: Architecture, role: Value<RoleArn>) -> Self {
        Self {
            function_name: None,
            description: None,
            runtime: "provided.al2023",
            handler: "bootstrap",
            architectures: [architecture],
            code,
            role,
            memory_size: None,
            timeout: None,
            environment: None,
            vpc_config: None,
            logging_config: None,
        }
    }
}

impl Resource for Function {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::Function"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Function> {
    /// `Fn::GetAtt … Arn`.
    pub fn arn(&self) -> Value<FunctionArn> {
        self.attribute("Arn")
    }

    /// `Ref`, which for a function is its name.
    pub fn name(&self) -> Value<Text> {
        self.reference()
    }
}

/// A processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Architecture {
    /// AWS Graviton: a fifth cheaper by the millisecond.
    #[serde(rename = "arm64")]
    Arm64,
    /// Intel and AMD.
    #[serde(rename = "x86_64")]
    X86_64,
}

/// A zip file in S3.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Code {
    /// The bucket, in the function's region.
    pub s3_bucket: Value<BucketName>,
    /// The object.
    pub s3_key: Value<ObjectKey>,
}

/// A function's environment variables.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Environment {
    /// Name → value. Whoever may read the function's settings reads these: no secrets.
    pub variables: IndexMap<&'static str, Value<Text>>,
}

/// The network that a function is in.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VpcConfig {
    /// The subnets that it gets addresses in.
    pub subnet_ids: Value<SubnetIds>,
    /// What it may reach.
    pub security_group_ids: Vec<Value<SecurityGroupId>>,
}

/// Where and how a function's log is written.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LoggingConfig {
    /// `JSON` or `Text`.
    pub log_format: &'static str,
    /// The log group, which so exists before the function does.
    pub log_group: Value<LogGroupName>,
}

/// `AWS::Lambda::EventSourceMapping`: Lambda reads a queue and calls a function with what it finds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventSourceMapping {
    /// The queue.
    pub event_source_arn: Value<QueueArn>,
    /// The function.
    pub function_name: Value<FunctionArn>,
    /// How many messages one call gets at most.
    pub batch_size: Option<u32>,
    /// How the function answers; see [`Self::REPORT_BATCH_ITEM_FAILURES`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub function_response_types: Vec<&'static str>,
    /// How many calls may run at once.
    pub scaling_config: Option<ScalingConfig>,
}

impl EventSourceMapping {
    /// The function names the messages of a batch that failed, and the others are done.
    pub const REPORT_BATCH_ITEM_FAILURES: &'static str = "ReportBatchItemFailures";

    /// A mapping with Lambda's defaults.
    pub fn new(event_source_arn: Value<QueueArn>, function_name: Value<FunctionArn>) -> Self {
        Self {
            event_source_arn,
            function_name,
            batch_size: None,
            function_response_types: Vec::new(),
            scaling_config: None,
        }
    }
}

impl Resource for EventSourceMapping {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::EventSourceMapping"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

/// A bound on a mapping's calls.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScalingConfig {
    /// 2 to 1000 calls at once.
    pub maximum_concurrency: u32,
}

/// `AWS::Lambda::EventInvokeConfig`: what Lambda does with an event that it was given to call a function with later,
/// as a schedule gives it, when the call does not succeed.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventInvokeConfig {
    /// The function, by its name.
    pub function_name: Value<Text>,
    /// `$LATEST`, unless said otherwise.
    pub qualifier: &'static str,
    /// How often a call that failed is repeated, 0 to 2 times; Lambda's own is 2.
    pub maximum_retry_attempts: Option<u32>,
    /// How long an event may wait for its call, 60 s to 6 h; Lambda's own is 6 h.
    #[serde(rename = "MaximumEventAgeInSeconds")]
    pub maximum_event_age: Option<Seconds>,
}

impl EventInvokeConfig {
    /// Lambda's defaults for a function.
    pub fn new(function_name: Value<Text>) -> Self {
        Self {
            function_name,
            qualifier: "$LATEST",
            maximum_retry_attempts: None,
            maximum_event_age: None,
        }
    }
}

impl Resource for EventInvokeConfig {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::EventInvokeConfig"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

/// `AWS::Lambda::Permission` for a service to call a function.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Permission {
    /// `lambda:InvokeFunction`.
    pub action: &'static str,
    /// The function.
    pub function_name: Value<FunctionArn>,
    /// The service that may call.
    pub principal: &'static str,
    /// On whose behalf; without it any API or rule of any account could.
    pub source_arn: Value<AnyArn>,
}

impl Permission {
    /// API Gateway may call the function for this route.
    pub fn for_route(function: Value<FunctionArn>, route: &Value<RouteArn>) -> Self {
        Self::of(function, "apigateway.amazonaws.com", route.any())
    }

    /// EventBridge may call the function for this rule.
    pub fn for_rule(function: Value<FunctionArn>, rule: &Value<RuleArn>) -> Self {
        Self::of(function, "events.amazonaws.com", rule.any())
    }

    fn of(function: Value<FunctionArn>, principal: &'static str, source_arn: Value<AnyArn>) -> Self {
        Self {
            action: "lambda:InvokeFunction",
            function_name: function,
            principal,
            source_arn,
        }
    }
}

impl Resource for Permission {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::Permission"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}
