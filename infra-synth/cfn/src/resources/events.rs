use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Handle, Resource, Seconds, Value,
    kind::{EventBusArn, EventBusName, QueueArn, RuleArn, Text},
    stack::to_json,
};

/// `AWS::Events::EventBus`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventBus {
    /// The physical name, which CloudFormation does not choose.
    pub name: Value<Text>,
}

impl Resource for EventBus {
    fn resource_type(&self) -> &'static str {
        "AWS::Events::EventBus"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<EventBus> {
    /// `Fn::GetAtt … Arn`.
    pub fn arn(&self) -> Value<EventBusArn> {
        self.attribute("Arn")
    }

    /// `Ref`, which for a bus is its name.
    pub fn name(&self) -> Value<EventBusName> {
        self.reference()
    }
}

/// `AWS::Events::Rule` on a bus.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    /// The physical name; CloudFormation chooses one when there is none.
    pub name: Option<Value<Text>>,
    /// What it is for.
    pub description: Option<&'static str>,
    /// The bus whose events it looks at.
    pub event_bus_name: Value<EventBusName>,
    /// Which events it takes.
    pub event_pattern: EventPattern,
    /// Where it sends them, at most five.
    pub targets: Vec<Target>,
}

impl Rule {
    /// A rule that sends what matches to one target.
    pub fn new(event_bus_name: Value<EventBusName>, event_pattern: EventPattern, target: Target) -> Self {
        Self {
            name: None,
            description: None,
            event_bus_name,
            event_pattern,
            targets: vec![target],
        }
    }
}

impl Resource for Rule {
    fn resource_type(&self) -> &'static str {
        "AWS::Events::Rule"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Rule> {
    /// `Fn::GetAtt … Arn`.
    pub fn arn(&self) -> Value<RuleArn> {
        self.attribute("Arn")
    }
}

/// Which events a rule takes: all fields must match, each by one of its values.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EventPattern {
    /// Who sent the event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<&'static str>,
    /// What it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detail_type: Vec<&'static str>,
    /// Fields of its body.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub detail: IndexMap<&'static str, Vec<String>>,
}

/// Where a rule sends events: here, a queue.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    /// A name that is unique in the rule.
    pub id: &'static str,
    /// The queue.
    pub arn: Value<QueueArn>,
    /// How long delivery is tried again; 185 times in 24 hours when not said.
    pub retry_policy: Option<RetryPolicy>,
    /// Where events go that could not be delivered.
    pub dead_letter_config: Option<DeadLetterConfig>,
}

impl Target {
    /// A queue.
    pub fn queue(id: &'static str, arn: Value<QueueArn>) -> Self {
        Self {
            id,
            arn,
            retry_policy: None,
            dead_letter_config: None,
        }
    }
}

/// How long EventBridge goes on trying to deliver; what comes first ends it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetryPolicy {
    /// At most 185.
    pub maximum_retry_attempts: u32,
    /// 60 s to 24 hours.
    #[serde(rename = "MaximumEventAgeInSeconds")]
    pub maximum_event_age: Seconds,
}

/// A queue for what could not be delivered.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeadLetterConfig {
    /// The queue.
    pub arn: Value<QueueArn>,
}
