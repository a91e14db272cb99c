//! Queues, topics, subscriptions, buses and rules.

use std::time::Duration;

use serde_json::Value;

use super::properties::Properties;
use crate::policy::PolicyDocument;
use infra_synth_matching::EventPattern;
use infra_synth_matching::FilterPolicy;

// Defaults of CreateQueue, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
const DEFAULT_VISIBILITY_SECONDS: u64 = 30;
const DEFAULT_RETENTION_SECONDS: u64 = 345_600;

#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) url: String,
    pub(crate) visibility: Duration,
    pub(crate) delay: Duration,
    pub(crate) retention: Duration,
    pub(crate) redrive: Option<Redrive>,
    /// The queues whose dead letters it takes; without a list those of all.
    pub(crate) dead_letter_sources: Option<Vec<String>>,
    pub(crate) policies: Vec<PolicyDocument>,
}

#[derive(Debug, Clone)]
pub(crate) struct Redrive {
    pub(crate) dead_letter_arn: String,
    pub(crate) max_receive_count: u32,
}

pub(super) struct QueuePolicy {
    pub(super) logical_id: String,
    pub(super) queue_urls: Vec<String>,
    pub(super) document: PolicyDocument,
}

#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) policies: Vec<PolicyDocument>,
}

pub(super) struct TopicPolicy {
    pub(super) logical_id: String,
    pub(super) topic_arns: Vec<String>,
    pub(super) document: PolicyDocument,
}

/// An alarm, which never goes off here; that it would tell somebody is looked at all the same.
#[derive(Debug)]
pub(super) struct Alarm {
    pub(super) logical_id: String,
    pub(super) actions: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) logical_id: String,
    pub(crate) topic_arn: String,
    pub(crate) queue_arn: String,
    pub(crate) filter: Option<FilterPolicy>,
    pub(crate) raw: bool,
    pub(crate) dead_letter_arn: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Bus {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) bus_name: String,
    pub(crate) pattern: EventPattern,
    pub(crate) targets: Vec<Target>,
}

#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) queue_arn: String,
    pub(crate) dead_letter_arn: Option<String>,
}

pub(super) fn queue(properties: &mut Properties<'_, '_>, arn: String, url: String) -> Option<Queue> {
    properties.only("FifoQueue", "false");
    let visibility = properties
        .number("VisibilityTimeout")
        .unwrap_or(DEFAULT_VISIBILITY_SECONDS);
    let delay = properties.number_within("DelaySeconds", 0..=900).unwrap_or(0);
    let retention = properties
        .number("MessageRetentionPeriod")
        .unwrap_or(DEFAULT_RETENTION_SECONDS);
    let redrive = properties.object("RedrivePolicy").and_then(|mut policy| {
        let dead_letter_arn = policy.required("deadLetterTargetArn");
        let max_receive_count = policy.number_within("maxReceiveCount", 1..=1000);
        policy.finish();
        Some(Redrive {
            dead_letter_arn: dead_letter_arn?,
            max_receive_count: u32::try_from(max_receive_count?).ok()?,
        })
    });
    let admits = properties.object("RedriveAllowPolicy").map(|mut policy| {
        let permission = policy
            .text("redrivePermission")
            .unwrap_or_else(|| "allowAll".to_owned());
        let sources = policy.texts("sourceQueueArns");
        policy.finish();
        match permission.as_str() {
            "denyAll" => Some(Vec::new()),
            "byQueue" => Some(sources),
            _ => None,
        }
    });
    properties.ignore(&[
        "SqsManagedSseEnabled",
        "KmsMasterKeyId",
        "KmsDataKeyReusePeriodSeconds",
        "ReceiveMessageWaitTimeSeconds",
        "Tags",
    ]);
    Some(Queue {
        logical_id: properties.logical_id.clone(),
        name: properties.required("QueueName")?,
        arn,
        url,
        visibility: Duration::from_secs(visibility),
        delay: Duration::from_secs(delay),
        retention: Duration::from_secs(retention),
        redrive,
        dead_letter_sources: admits.flatten(),
        policies: Vec::new(),
    })
}

pub(super) fn queue_policy(properties: &mut Properties<'_, '_>) -> Option<QueuePolicy> {
    Some(QueuePolicy {
        logical_id: properties.logical_id.clone(),
        queue_urls: properties.texts("Queues"),
        document: properties.policy("PolicyDocument")?,
    })
}

pub(super) fn topic(properties: &mut Properties<'_, '_>, arn: String) -> Option<Topic> {
    properties.only("FifoTopic", "false");
    properties.ignore(&["DisplayName", "KmsMasterKeyId", "TracingConfig", "Tags"]);
    Some(Topic {
        logical_id: properties.logical_id.clone(),
        name: properties.required("TopicName")?,
        arn,
        policies: Vec::new(),
    })
}

pub(super) fn topic_policy(properties: &mut Properties<'_, '_>) -> Option<TopicPolicy> {
    Some(TopicPolicy {
        logical_id: properties.logical_id.clone(),
        topic_arns: properties.texts("Topics"),
        document: properties.policy("PolicyDocument")?,
    })
}

pub(super) fn alarm(properties: &mut Properties<'_, '_>) -> Alarm {
    let actions = ["AlarmActions", "OKActions", "InsufficientDataActions"]
        .iter()
        .flat_map(|property| properties.texts(property))
        .collect();
    properties.ignore_all();
    Alarm {
        logical_id: properties.logical_id.clone(),
        actions,
    }
}

pub(super) fn subscription(properties: &mut Properties<'_, '_>) -> Option<Subscription> {
    properties.only("Protocol", "sqs");
    properties.only("FilterPolicyScope", "MessageAttributes");
    properties.ignore(&["Region"]);
    let filter = match properties.take("FilterPolicy") {
        None => None,
        Some(policy) => match FilterPolicy::parse(&policy) {
            Ok(filter) => Some(filter),
            Err(error) => {
                properties.refuse(format!("property `FilterPolicy`: {error}"));
                None
            }
        },
    };
    let raw = properties.flag("RawMessageDelivery").unwrap_or(false);
    let dead_letter_arn = properties.object("RedrivePolicy").and_then(|mut policy| {
        let arn = policy.required("deadLetterTargetArn");
        policy.finish();
        arn
    });
    Some(Subscription {
        logical_id: properties.logical_id.clone(),
        topic_arn: properties.required("TopicArn")?,
        queue_arn: properties.required("Endpoint")?,
        filter,
        raw,
        dead_letter_arn,
    })
}

pub(super) fn bus(properties: &mut Properties<'_, '_>, arn: String) -> Option<Bus> {
    properties.ignore(&["Description", "KmsKeyIdentifier", "Tags"]);
    Some(Bus {
        logical_id: properties.logical_id.clone(),
        name: properties.required("Name")?,
        arn,
    })
}

pub(super) fn rule(properties: &mut Properties<'_, '_>, arn: String) -> Option<Rule> {
    properties.only("State", "ENABLED");
    properties.ignore(&["Description", "Tags"]);
    let pattern = match properties.take("EventPattern") {
        Some(pattern) => match EventPattern::parse(&pattern) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                properties.refuse(format!("property `EventPattern`: {error}"));
                None
            }
        },
        None => {
            properties
                .refuse("property `EventPattern` is missing, and there is no `ScheduleExpression` either");
            None
        }
    };
    let targets = properties.each("Targets", |target| {
        // A queue that refuses or is missing will refuse again: retries only matter between machines.
        target.ignore(&["Id", "RetryPolicy"]);
        let dead_letter_arn = target.object("DeadLetterConfig").and_then(|mut config| {
            let arn = config.required("Arn");
            config.finish();
            arn
        });
        Some(Target {
            queue_arn: target.required("Arn")?,
            dead_letter_arn,
        })
    });
    let name = properties.required("Name")?;
    let bus = properties.take("EventBusName");
    let bus = bus.as_ref().and_then(Value::as_str).unwrap_or("default");
    Some(Rule {
        logical_id: properties.logical_id.clone(),
        name,
        arn,
        bus_name: bus.rsplit('/').next().unwrap_or(bus).to_owned(),
        pattern: pattern?,
        targets,
    })
}
