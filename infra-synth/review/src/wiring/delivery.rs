use super::{Resource, Wiring};

/// A queue that a topic's subscription or a bus's rule sends to.
pub(crate) struct Feed<'a> {
    pub(crate) queue: Resource<'a>,
    /// The topic, or the rule: what the queue's policy must know the sender by.
    pub(crate) sender: Resource<'a>,
    /// The subscription, or the rule.
    pub(crate) via: Resource<'a>,
    /// Whether the queue gets what could not be delivered, instead of what could.
    pub(crate) undelivered: bool,
}

impl Feed<'_> {
    /// The service principal that sends.
    pub(crate) fn service(&self) -> &'static str {
        if self.sender.kind == "AWS::SNS::Topic" {
            "sns.amazonaws.com"
        } else {
            "events.amazonaws.com"
        }
    }
}

/// A function that consumes a queue.
pub(crate) struct Mapping<'a> {
    pub(crate) mapping: Resource<'a>,
    pub(crate) queue: Resource<'a>,
    pub(crate) function: Resource<'a>,
}

impl<'a> Wiring<'a> {
    pub(crate) fn feeds(&self) -> Vec<Feed<'a>> {
        let mut feeds = Vec::new();
        for via in self.of("AWS::SNS::Subscription") {
            let Some(sender) = via.property("TopicArn").and_then(|arn| self.target(arn)) else {
                continue;
            };
            let ends = [("Endpoint", false), ("RedrivePolicy.deadLetterTargetArn", true)];
            for (path, undelivered) in ends {
                if let Some(queue) = via.property(path).and_then(|arn| self.queue(arn)) {
                    feeds.push(Feed {
                        queue,
                        sender,
                        via,
                        undelivered,
                    });
                }
            }
        }
        for rule in self.of("AWS::Events::Rule") {
            for target in rule.list("Targets") {
                let ends = [("/Arn", false), ("/DeadLetterConfig/Arn", true)];
                for (pointer, undelivered) in ends {
                    if let Some(queue) = target.pointer(pointer).and_then(|arn| self.queue(arn)) {
                        feeds.push(Feed {
                            queue,
                            sender: rule,
                            via: rule,
                            undelivered,
                        });
                    }
                }
            }
        }
        feeds
    }

    pub(crate) fn mappings(&self) -> Vec<Mapping<'a>> {
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
    pub(crate) fn redrives(&self) -> Vec<(Resource<'a>, Resource<'a>)> {
        let found = self.of("AWS::SQS::Queue").filter_map(|source| {
            Some((
                source,
                self.queue(source.property("RedrivePolicy.deadLetterTargetArn")?)?,
            ))
        });
        found.collect()
    }

    /// Whether messages end in this queue, wherever they come from.
    pub(crate) fn is_dead_letter_queue(&self, queue: Resource<'a>) -> bool {
        self.redrives().iter().any(|(_, dead)| dead.id == queue.id)
            || self
                .feeds()
                .iter()
                .any(|feed| feed.undelivered && feed.queue.id == queue.id)
    }

    fn queue(&self, arn: &serde_json::Value) -> Option<Resource<'a>> {
        self.target(arn)
            .filter(|resource| resource.kind == "AWS::SQS::Queue")
    }
}
