use crate::{
    Attributes, Handle, Seconds, Stack, Value,
    kind::{Arn, RuleArn, Text, TopicArn},
    policy::{PolicyDocument, Principal, Statement},
    resources::{Queue, QueuePolicy, RedriveAllowPolicy, RedrivePolicy},
};

/// How long a dead letter waits for a person: the longest that SQS keeps anything.
const DEAD_LETTER_RETENTION: Seconds = Seconds::days(14);

/// How many times the consumer's timeout a message stays hidden. Lambda's own advice is six: a batch that is
/// throttled is tried again before its messages show up a second time
/// (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>).
const VISIBILITY_FACTOR: u32 = 6;

/// A queue that a function consumes, as one wants it.
#[derive(Debug, Clone)]
pub struct WorkQueueSettings {
    /// Its physical name.
    pub name: String,
    /// Its dead-letter queue's physical name.
    pub dead_letter_name: String,
    /// The consuming function's timeout, of which visibility is six times.
    pub consumer_timeout: Seconds,
    /// How long a message waits; shorter than its time as a dead letter, which SQS counts from the same moment.
    pub retention: Seconds,
    /// How often a message is received before it is a dead letter.
    pub max_receive_count: u32,
    /// What stands beside the properties of both queues.
    pub attributes: Attributes,
}

/// A queue and the queue that its failures end in.
#[derive(Debug, Clone)]
pub struct WorkQueue {
    /// The queue.
    pub queue: Handle<Queue>,
    /// Where a message goes that failed too often.
    pub dead_letters: Handle<Queue>,
}

impl Stack {
    /// Declares a queue, its dead-letter queue `<id>DeadLetterQueue`, and that one's policy.
    ///
    /// The queue's own policy is not here, because it names the sender: see [`QueuePolicy::admitting`].
    #[track_caller]
    pub fn add_work_queue(&mut self, logical_id: &str, settings: WorkQueueSettings) -> WorkQueue {
        // By name: the queue refers to its dead-letter queue already, and the way back would close a circle.
        let source = Value::arn_here("sqs", &settings.name);
        let dead_letters = self.add_dead_letter_queue(
            &format!("{logical_id}DeadLetterQueue"),
            settings.dead_letter_name,
            RedriveAllowPolicy::ByQueue {
                source_queue_arns: vec![source],
            },
            settings.attributes.clone(),
        );
        self.add(
            &format!("{logical_id}DeadLetterQueuePolicy"),
            QueuePolicy::closed(&dead_letters),
        );
        let queue = Queue {
            queue_name: Some(settings.name.into()),
            visibility_timeout: Some(settings.consumer_timeout.times(VISIBILITY_FACTOR)),
            message_retention_period: Some(settings.retention),
            sqs_managed_sse_enabled: Some(true),
            redrive_policy: Some(RedrivePolicy {
                dead_letter_target_arn: dead_letters.arn(),
                max_receive_count: settings.max_receive_count,
            }),
            ..Queue::default()
        };
        let queue = self.add_with(logical_id, queue, settings.attributes);
        WorkQueue { queue, dead_letters }
    }

    /// Declares a queue for what a subscription or a rule could not deliver.
    ///
    /// Its policy must admit the sender too: see [`QueuePolicy::admitting`].
    #[track_caller]
    pub fn add_undelivered_queue(&mut self, id: &str, name: String, attributes: Attributes) -> Handle<Queue> {
        self.add_dead_letter_queue(id, name, RedriveAllowPolicy::DenyAll, attributes)
    }

    #[track_caller]
    fn add_dead_letter_queue(
        &mut self,
        logical_id: &str,
        name: String,
        sources: RedriveAllowPolicy,
        attributes: Attributes,
    ) -> Handle<Queue> {
        let queue = Queue {
            queue_name: Some(name.into()),
            message_retention_period: Some(DEAD_LETTER_RETENTION),
            sqs_managed_sse_enabled: Some(true),
            redrive_allow_policy: Some(sources),
            ..Queue::default()
        };
        self.add_with(logical_id, queue, attributes)
    }
}

/// The one service, acting for the one resource, that may send to a queue.
#[derive(Debug, Clone)]
pub struct Sender {
    service: &'static str,
    arn: Value<Text>,
}

impl Sender {
    /// SNS, for this topic.
    pub fn topic(arn: &Value<TopicArn>) -> Self {
        Self {
            service: "sns.amazonaws.com",
            arn: arn.text(),
        }
    }

    /// EventBridge, for this rule.
    pub fn rule(arn: &Value<RuleArn>) -> Self {
        Self {
            service: "events.amazonaws.com",
            arn: arn.text(),
        }
    }
}

impl QueuePolicy {
    /// Only this sender may send, and nobody may do anything over plain HTTP.
    ///
    /// The sender's account is asked for beside its ARN: a name that is free again after a deletion in another
    /// account opens nothing here (the confused deputy).
    pub fn admitting(queue: &Handle<Queue>, sender: &Sender) -> Self {
        let admit = Statement::allow(&["sqs:SendMessage"], &queue.arn())
            .by(Principal::Service(sender.service))
            .when("ArnEquals", "aws:SourceArn", sender.arn.clone())
            .when("StringEquals", "aws:SourceAccount", Value::account_id().text());
        Self::of(queue, vec![admit, tls_only("sqs:*", &queue.arn())])
    }

    /// Nobody from outside the account's own policies may send, and nobody may do anything over plain HTTP.
    pub fn closed(queue: &Handle<Queue>) -> Self {
        Self::of(queue, vec![tls_only("sqs:*", &queue.arn())])
    }

    fn of(queue: &Handle<Queue>, statements: Vec<Statement>) -> Self {
        Self {
            queues: vec![queue.url()],
            policy_document: PolicyDocument::new(statements),
        }
    }
}

/// Nobody may make these calls over plain HTTP.
pub(super) fn tls_only(calls: &'static str, resource: &Value<impl Arn>) -> Statement {
    Statement::deny(&[calls], resource).by(Principal::Anyone).when(
        "Bool",
        "aws:SecureTransport",
        "false".into(),
    )
}
