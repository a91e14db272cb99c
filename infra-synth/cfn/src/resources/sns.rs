use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{
    Handle, Resource, Value,
    kind::{QueueArn, Text, TopicArn},
    policy::PolicyDocument,
    stack::to_json,
};

/// `AWS::SNS::Topic`, a standard topic.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Topic {
    /// The physical name; CloudFormation chooses one when there is none.
    pub topic_name: Option<Value<Text>>,
    /// The key that messages are encrypted with at rest; `alias/aws/sns` is the one that AWS manages.
    pub kms_master_key_id: Option<Value<Text>>,
}

impl Resource for Topic {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::Topic"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Topic> {
    /// `Ref`, which for a topic is its ARN.
    pub fn arn(&self) -> Value<TopicArn> {
        self.reference()
    }

    /// `Fn::GetAtt … TopicName`.
    pub fn name(&self) -> Value<Text> {
        self.attribute("TopicName")
    }
}

/// `AWS::SNS::TopicPolicy`: who may do what with topics.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TopicPolicy {
    /// The topics that it is the policy of.
    pub topics: Vec<Value<TopicArn>>,
    /// The policy.
    pub policy_document: PolicyDocument,
}

impl Resource for TopicPolicy {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::TopicPolicy"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

/// `AWS::SNS::Subscription` of a queue to a topic.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// What it listens to.
    pub topic_arn: Value<TopicArn>,
    /// The queue that gets the messages.
    pub endpoint: Value<QueueArn>,
    /// Message attribute → the texts that let a message through; empty lets every message through.
    pub filter_policy: IndexMap<&'static str, Vec<String>>,
    /// Whether the queue gets the message alone, without the envelope around it.
    pub raw_message_delivery: bool,
    /// Where messages go that could not be delivered.
    pub dead_letter_queue: Option<Value<QueueArn>>,
}

impl Subscription {
    /// Every message of the topic, in its envelope.
    pub fn to_queue(topic_arn: Value<TopicArn>, endpoint: Value<QueueArn>) -> Self {
        Self {
            topic_arn,
            endpoint,
            filter_policy: IndexMap::new(),
            raw_message_delivery: false,
            dead_letter_queue: None,
        }
    }
}

impl Resource for Subscription {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::Subscription"
    }

    fn properties(&self) -> Json {
        let filtered = !self.filter_policy.is_empty();
        json!({
            "TopicArn": self.topic_arn,
            "Protocol": "sqs",
            "Endpoint": self.endpoint,
            "FilterPolicy": filtered.then_some(&self.filter_policy),
            "FilterPolicyScope": filtered.then_some("MessageAttributes"),
            "RawMessageDelivery": self.raw_message_delivery,
            "RedrivePolicy": self.dead_letter_queue.as_ref().map(|arn| json!({ "deadLetterTargetArn": arn })),
        })
    }
}
