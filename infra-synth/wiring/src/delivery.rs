use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::{Resource, Wiring};

/// A queue that a topic's subscription or a bus's rule sends to.
pub struct Feed<'a> {
    /// The queue.
    pub queue: Resource<'a>,
    /// The topic, or the rule: what the queue's policy must know the sender by.
    pub sender: Resource<'a>,
    /// The subscription, or the rule.
    pub via: Resource<'a>,
    /// Whether the queue gets what could not be delivered, instead of what could.
    pub undelivered: bool,
}

impl Feed<'_> {
    /// The service principal that sends.
    pub fn service(&self) -> &'static str {
        if self.sender.kind == "AWS::SNS::Topic" {
            "sns.amazonaws.com"
        } else {
            "events.amazonaws.com"
        }
    }
}

/// A function that consumes a queue.
pub struct Mapping<'a> {
    /// The event source mapping.
    pub mapping: Resource<'a>,
    /// The queue.
    pub queue: Resource<'a>,
    /// The function.
    pub function: Resource<'a>,
}

/// What gives its failures to a dead-letter queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Giver {
    /// A queue, whose function failed too often.
    Queue,
    /// A topic's subscription, which could not reach its queue.
    Subscription,
    /// A rule, which could not reach its target.
    Rule,
}

/// A queue that something gives its failures to.
pub struct DeadLetters<'a> {
    /// The queue.
    pub queue: Resource<'a>,
    /// All that give to it, each with the queue that its messages were for, if it was one.
    pub givers: Vec<(Giver, Option<Resource<'a>>)>,
}

/// What a subscription or a rule sends on, and where to.
struct Delivery<'a> {
    /// The topic or the rule, if it is in the template.
    sender: Option<Resource<'a>>,
    via: Resource<'a>,
    /// The queue that it is for, if it is one.
    queue: Option<Resource<'a>>,
    /// The queue that gets what could not be delivered.
    undelivered: Option<Resource<'a>>,
}

impl<'a> Wiring<'a> {
    /// What subscriptions and rules send to queues.
    pub fn feeds(&self) -> Vec<Feed<'a>> {
        let mut feeds = Vec::new();
        for delivery in self.deliveries() {
            let Some(sender) = delivery.sender else {
                continue;
            };
            for (queue, undelivered) in [(delivery.queue, false), (delivery.undelivered, true)] {
                feeds.extend(queue.map(|queue| Feed {
                    queue,
                    sender,
                    via: delivery.via,
                    undelivered,
                }));
            }
        }
        feeds
    }

    fn deliveries(&self) -> Vec<Delivery<'a>> {
        let queue = |arn: Option<&'a Json>| arn.and_then(|arn| self.queue(arn));
        let subscriptions = self.of("AWS::SNS::Subscription").map(|via| Delivery {
            sender: via.property("TopicArn").and_then(|arn| self.target(arn)),
            via,
            queue: queue(via.property("Endpoint")),
            undelivered: queue(via.property("RedrivePolicy.deadLetterTargetArn")),
        });
        let rules = self.of("AWS::Events::Rule").flat_map(|rule| {
            rule.list("Targets").into_iter().map(move |target| Delivery {
                sender: Some(rule),
                via: rule,
                queue: queue(target.pointer("/Arn")),
                undelivered: queue(target.pointer("/DeadLetterConfig/Arn")),
            })
        });
        subscriptions.chain(rules).collect()
    }

    /// Every queue that something gives its failures to, wherever they come from.
    pub fn dead_letters(&self) -> Vec<DeadLetters<'a>> {
        let mut found: IndexMap<&str, DeadLetters<'a>> = IndexMap::new();
        let mut give = |queue: Resource<'a>, giver, source| {
            let letters = found.entry(queue.id).or_insert_with(|| DeadLetters {
                queue,
                givers: Vec::new(),
            });
            letters.givers.push((giver, source));
        };
        for (source, queue) in self.redrives() {
            give(queue, Giver::Queue, Some(source));
        }
        for delivery in self.deliveries() {
            let giver = match delivery.via.kind {
                "AWS::SNS::Subscription" => Giver::Subscription,
                _ => Giver::Rule,
            };
            if let Some(queue) = delivery.undelivered {
                give(queue, giver, delivery.queue);
            }
        }
        found.into_values().collect()
    }

    /// The functions that read queues.
    pub fn mappings(&self) -> Vec<Mapping<'a>> {
        let found = self.of("AWS::Lambda::EventSourceMapping").filter_map(|mapping| {
            Some(Mapping {
                mapping,
                queue: self.queue(mapping.property("EventSourceArn")?)?,
                function: self.target(mapping.property("FunctionName")?)?,
            })
        });
        found.collect()
    }

    /// Queues that SQS itself moves messages to, each with the queue that they come from.
    pub fn redrives(&self) -> Vec<(Resource<'a>, Resource<'a>)> {
        let found = self.of("AWS::SQS::Queue").filter_map(|source| {
            Some((
                source,
                self.queue(source.property("RedrivePolicy.deadLetterTargetArn")?)?,
            ))
        });
        found.collect()
    }

    /// Whether messages end in this queue, wherever they come from.
    pub fn is_dead_letter_queue(&self, queue: Resource<'a>) -> bool {
        self.dead_letters()
            .iter()
            .any(|letters| letters.queue.id == queue.id)
    }

    /// The queue that a value is the ARN of, and not one that is only named in it, such as by `${Orders.QueueName}-dlq`.
    fn queue(&self, arn: &Json) -> Option<Resource<'a>> {
        self.whole_target(arn)
            .filter(|resource| resource.kind == "AWS::SQS::Queue")
    }
}
