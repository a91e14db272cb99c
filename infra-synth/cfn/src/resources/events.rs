use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::{
    Handle, Resource, Seconds, Value,
    kind::{AnyArn, EventBusArn, EventBusName, FunctionArn, QueueArn, RuleArn, Text},
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

/// `AWS::Events::Rule`: on a bus, for the events that match, or on a schedule.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    /// The physical name; CloudFormation chooses one when there is none.
    pub name: Option<Value<Text>>,
    /// What it is for.
    pub description: Option<&'static str>,
    /// The bus whose events it looks at; none is the account's default one, the only one that has schedules.
    pub event_bus_name: Option<Value<EventBusName>>,
    /// Which events it takes.
    pub event_pattern: Option<EventPattern>,
    /// When it goes off by itself.
    pub schedule_expression: Option<Schedule>,
    /// Where it sends them, at most five.
    pub targets: Vec<Target>,
}

impl Rule {
    /// A rule that sends what matches to one target.
    pub fn new(event_bus_name: Value<EventBusName>, event_pattern: EventPattern, target: Target) -> Self {
        Self {
            name: None,
            description: None,
            event_bus_name: Some(event_bus_name),
            event_pattern: Some(event_pattern),
            schedule_expression: None,
            targets: vec![target],
        }
    }

    /// A rule that calls one target again and again.
    pub fn on_schedule(schedule: Schedule, target: Target) -> Self {
        Self {
            name: None,
            description: None,
            event_bus_name: None,
            event_pattern: None,
            schedule_expression: Some(schedule),
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

/// How often a rule goes off; the first time one period after the rule was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    minutes: u32,
}

impl Schedule {
    /// Every so many minutes, at least one: EventBridge has no shorter period.
    pub const fn every_minutes(minutes: u32) -> Self {
        Self { minutes }
    }
}

impl Serialize for Schedule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // `rate(1 minutes)` is refused, and so is `rate(2 minute)`.
        let unit = if self.minutes == 1 { "minute" } else { "minutes" };
        serializer.collect_str(&format_args!("rate({} {unit})", self.minutes))
    }
}

/// Where a rule sends events: a queue or a function.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    /// A name that is unique in the rule.
    pub id: &'static str,
    /// The queue or function.
    pub arn: Value<AnyArn>,
    /// How long delivery is tried again; 185 times in 24 hours when not said.
    pub retry_policy: Option<RetryPolicy>,
    /// Where events go that could not be delivered.
    pub dead_letter_config: Option<DeadLetterConfig>,
}

impl Target {
    /// A queue.
    pub fn queue(id: &'static str, arn: &Value<QueueArn>) -> Self {
        Self::of(id, arn.any())
    }

    /// A function, which must [permit](crate::resources::Permission::for_rule) the rule to call it.
    pub fn function(id: &'static str, arn: &Value<FunctionArn>) -> Self {
        Self::of(id, arn.any())
    }

    fn of(id: &'static str, arn: Value<AnyArn>) -> Self {
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
