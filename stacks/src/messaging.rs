use indexmap::IndexMap;
use infra_synth_cfn::{
    Attributes, Handle, Seconds, Stack,
    constructs::{Sender, WorkQueue, WorkQueueSettings},
    resources::{
        DeadLetterConfig, EventBus, EventPattern, Queue, QueuePolicy, RetryPolicy, Rule, Subscription,
        Target, Topic,
    },
};
use schedule_core::{Country, names};

use crate::{StageSettings, functions::WORKER_TIMEOUT};

/// How long a message waits for its function before it is lost, unless it became a dead letter.
const QUEUE_RETENTION: Seconds = Seconds::days(4);

/// How often a message is tried before it is a dead letter.
const MAX_RECEIVE_COUNT: u32 = 5;

/// What carries an appointment from one function to the next.
pub(crate) struct Messaging {
    pub(crate) topic: Handle<Topic>,
    pub(crate) bus: Handle<EventBus>,
    pub(crate) country_queues: Vec<(Country, WorkQueue)>,
    pub(crate) confirmation_queue: WorkQueue,
    /// What SNS and EventBridge could not deliver.
    pub(crate) undelivered: Vec<Handle<Queue>>,
    /// Of these, what a schedule could not deliver to its function.
    pub(crate) undelivered_schedule: Handle<Queue>,
}

impl Messaging {
    /// The rule that brings confirmations to their queue, by its base name.
    pub(crate) const CONFIRMATION_RULE: &str = "appointment-confirmation-rule";

    /// The rule that has waiting appointments announced again, by its base name.
    pub(crate) const REPUBLISH_RULE: &str = "appointment-republish-rule";

    /// The queues that functions consume.
    pub(crate) fn work_queues(&self) -> impl Iterator<Item = &WorkQueue> {
        let countries = self.country_queues.iter().map(|(_, work)| work);
        countries.chain([&self.confirmation_queue])
    }

    /// The queues that a person has to look into.
    pub(crate) fn dead_letter_queues(&self) -> impl Iterator<Item = &Handle<Queue>> {
        self.work_queues()
            .map(|work| &work.dead_letters)
            .chain(&self.undelivered)
    }

    /// The schedule, and nobody else, may put into its dead-letter queue what its function would not take.
    #[track_caller]
    pub(crate) fn admit_schedule(&self, stack: &mut Stack, rule: &Handle<Rule>) {
        let queue = &self.undelivered_schedule;
        let policy = QueuePolicy::admitting(queue, &Sender::rule(&rule.arn()));
        stack.add(&format!("{}Policy", queue.logical_id()), policy);
    }
}

pub(crate) fn declare(stack: &mut Stack, settings: &StageSettings) -> Messaging {
    let topic = declare_topic(stack, settings);
    let mut undelivered = Vec::new();
    let mut country_queues = Vec::new();
    for country in Country::ALL {
        let (work, lost) = declare_country_queue(stack, settings, &topic, country);
        country_queues.push((country, work));
        undelivered.push(lost);
    }
    let (bus, confirmation_queue, lost) = declare_confirmation(stack, settings);
    undelivered.push(lost);
    let undelivered_schedule = declare_undelivered_schedule(stack, settings);
    undelivered.push(undelivered_schedule.clone());
    Messaging {
        topic,
        bus,
        country_queues,
        confirmation_queue,
        undelivered,
        undelivered_schedule,
    }
}

/// Before the function and its rule, which come when the table and the topic are there.
fn declare_undelivered_schedule(stack: &mut Stack, settings: &StageSettings) -> Handle<Queue> {
    let id = "RepublishPendingRuleDeadLetterQueue";
    let name = settings.name(&format!("{}-dlq", Messaging::REPUBLISH_RULE));
    let queue = stack.add_undelivered_queue(id, name, settings.removal());
    stack.output(
        &format!("{id}Url"),
        "Runs of republishPending that EventBridge could not start",
        &queue.url().text(),
    );
    queue
}

fn declare_topic(stack: &mut Stack, settings: &StageSettings) -> Handle<Topic> {
    let topic = Topic {
        topic_name: Some(settings.name("appointment-notifications-topic").into()),
        // The key that AWS manages is enough: its own policy lets every principal of the account use it through
        // SNS, so the publishing function needs no permission on it, and SNS decrypts before it delivers to
        // queues that have no KMS key. Only an AWS service that published here would need a key of ours.
        kms_master_key_id: Some("alias/aws/sns".into()),
    };
    let topic = stack.add("AppointmentTopic", topic);
    stack.output(
        "TopicArn",
        "The topic that announces new appointments",
        &topic.arn().text(),
    );
    topic
}

/// A country's queue, and where goes what its subscription to the topic could not bring it.
fn declare_country_queue(
    stack: &mut Stack,
    settings: &StageSettings,
    topic: &Handle<Topic>,
    country: Country,
) -> (WorkQueue, Handle<Queue>) {
    let suffix = country.as_str().to_lowercase();
    let sender = Sender::topic(&topic.arn());

    let queue_id = format!("AppointmentQueue{country}");
    let work = stack.add_work_queue(
        &queue_id,
        work_queue(settings, &format!("appointment-queue-{suffix}")),
    );
    let policy_id = format!("QueuePolicy{country}");
    stack.add(&policy_id, QueuePolicy::admitting(&work.queue, &sender));

    let undelivered_id = format!("Subscription{country}DeadLetterQueue");
    let undelivered = stack.add_undelivered_queue(
        &undelivered_id,
        settings.name(&format!("appointment-subscription-{suffix}-dlq")),
        settings.removal(),
    );
    let undelivered_policy_id = format!("{undelivered_id}Policy");
    stack.add(
        &undelivered_policy_id,
        QueuePolicy::admitting(&undelivered, &sender),
    );

    let subscription = Subscription {
        filter_policy: IndexMap::from([(names::COUNTRY_ATTRIBUTE, vec![country.to_string()])]),
        // SNS takes a delivery policy for HTTP endpoints alone; towards a queue its own schedule is fixed (100,015
        // attempts in 23 days, https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html).
        // What can be said, and is, is where a message goes after that or when the queue refuses it.
        dead_letter_queue: Some(undelivered.arn()),
        ..Subscription::to_queue(topic.arn(), work.queue.arn())
    };
    // A queue without its policy refuses, and a refusal is not tried again.
    let policies_first = Attributes::depends_on(&[&policy_id, &undelivered_policy_id]);
    stack.add_with(&format!("Subscription{country}"), subscription, policies_first);

    output_queue_urls(stack, &queue_id, &work);
    stack.output(
        &format!("{undelivered_id}Url"),
        &format!("Messages that SNS could not deliver to the queue of {country}"),
        &undelivered.url().text(),
    );
    (work, undelivered)
}

/// The bus, the queue that a rule brings confirmations from it to, and where goes what the rule could not bring.
fn declare_confirmation(
    stack: &mut Stack,
    settings: &StageSettings,
) -> (Handle<EventBus>, WorkQueue, Handle<Queue>) {
    let bus = stack.add(
        "AppointmentEventBus",
        EventBus {
            name: settings.name("appointment-events-bus").into(),
        },
    );
    stack.output("EventBusName", "The bus of confirmations", &bus.name().text());

    let queue_id = "AppointmentConfirmationQueue";
    let work = stack.add_work_queue(queue_id, work_queue(settings, "appointment-confirmation-queue"));

    let undelivered_id = "AppointmentConfirmationRuleDeadLetterQueue";
    let undelivered_name = settings.name("appointment-confirmation-rule-dlq");
    let undelivered = stack.add_undelivered_queue(undelivered_id, undelivered_name, settings.removal());

    let pattern = EventPattern {
        source: vec![names::SOURCE],
        detail_type: vec![names::DETAIL_TYPE],
        ..EventPattern::default()
    };
    let target = Target {
        retry_policy: Some(RetryPolicy {
            maximum_retry_attempts: 185,
            maximum_event_age: Seconds::days(1),
        }),
        dead_letter_config: Some(DeadLetterConfig {
            arn: undelivered.arn(),
        }),
        ..Target::queue("confirmation-queue", &work.queue.arn())
    };
    let rule = Rule {
        name: Some(settings.name(Messaging::CONFIRMATION_RULE).into()),
        description: Some("Confirmations of the country functions, to the queue that completes appointments"),
        ..Rule::new(bus.name(), pattern, target)
    };
    let rule = stack.add("AppointmentConfirmationRule", rule);
    let sender = Sender::rule(&rule.arn());
    stack.add(
        "AppointmentConfirmationQueuePolicy",
        QueuePolicy::admitting(&work.queue, &sender),
    );
    stack.add(
        &format!("{undelivered_id}Policy"),
        QueuePolicy::admitting(&undelivered, &sender),
    );

    output_queue_urls(stack, queue_id, &work);
    stack.output(
        &format!("{undelivered_id}Url"),
        "Confirmations that EventBridge could not deliver",
        &undelivered.url().text(),
    );
    (bus, work, undelivered)
}

fn work_queue(settings: &StageSettings, base_name: &str) -> WorkQueueSettings {
    WorkQueueSettings {
        name: settings.name(base_name),
        dead_letter_name: settings.name(&format!("{base_name}-dlq")),
        consumer_timeout: WORKER_TIMEOUT,
        retention: QUEUE_RETENTION,
        max_receive_count: MAX_RECEIVE_COUNT,
        attributes: settings.removal(),
    }
}

fn output_queue_urls(stack: &mut Stack, queue_id: &str, work: &WorkQueue) {
    stack.output(
        &format!("{queue_id}Url"),
        "Messages that wait for their function",
        &work.queue.url().text(),
    );
    stack.output(
        &format!("{queue_id}DeadLetterQueueUrl"),
        "Messages that failed too often",
        &work.dead_letters.url().text(),
    );
}
