use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Handle, Resource, Seconds, Value,
    kind::{QueueArn, QueueUrl, Text},
    policy::PolicyDocument,
    stack::to_json,
};

/// `AWS::SQS::Queue`, a standard queue.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Queue {
    /// The physical name; CloudFormation chooses one when there is none.
    pub queue_name: Option<Value<Text>>,
    /// How long a received message stays hidden from other consumers.
    pub visibility_timeout: Option<Seconds>,
    /// How long a message is kept that nobody deletes: 60 s to 14 days.
    pub message_retention_period: Option<Seconds>,
    /// Encryption at rest with a key that SQS itself holds.
    pub sqs_managed_sse_enabled: Option<bool>,
    /// Where messages go that were received too often.
    pub redrive_policy: Option<RedrivePolicy>,
    /// Which queues may use this one as their dead-letter queue.
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
}

impl Resource for Queue {
    fn resource_type(&self) -> &'static str {
        "AWS::SQS::Queue"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Queue> {
    /// `Fn::GetAtt … Arn`.
    pub fn arn(&self) -> Value<QueueArn> {
        self.attribute("Arn")
    }

    /// `Ref`, which for a queue is its URL.
    pub fn url(&self) -> Value<QueueUrl> {
        self.reference()
    }

    /// `Fn::GetAtt … QueueName`.
    pub fn name(&self) -> Value<Text> {
        self.attribute("QueueName")
    }
}

/// A queue's way out for messages that fail again and again.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RedrivePolicy {
    /// The dead-letter queue.
    pub dead_letter_target_arn: Value<QueueArn>,
    /// How often a message is received before it goes there.
    pub max_receive_count: u32,
}

/// Which queues may name this one as their dead-letter queue.
#[derive(Debug, Clone, Serialize)]
#[serde(
    tag = "redrivePermission",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum RedriveAllowPolicy {
    /// These, at most ten.
    ByQueue {
        /// The queues.
        source_queue_arns: Vec<Value<QueueArn>>,
    },
    /// None. What is not a queue (a subscription, a rule) is not held up by this: it needs a queue policy.
    DenyAll,
}

/// `AWS::SQS::QueuePolicy`: who may do what with queues.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueuePolicy {
    /// The queues that it is the policy of.
    pub queues: Vec<Value<QueueUrl>>,
    /// The policy.
    pub policy_document: PolicyDocument,
}

impl Resource for QueuePolicy {
    fn resource_type(&self) -> &'static str {
        "AWS::SQS::QueuePolicy"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}
