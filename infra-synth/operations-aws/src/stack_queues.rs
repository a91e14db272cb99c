use std::collections::BTreeMap;

use infra_synth_cfn::Template;
use infra_synth_operations::{DeadLetterQueue, WiredDeadLetterQueue};

/// The dead-letter queues of a deployed stack, as its template wires them.
#[derive(Debug, Clone)]
pub struct StackQueues {
    queues: Vec<StackQueue>,
}

/// A dead-letter queue and where it is.
#[derive(Debug, Clone)]
pub(crate) struct StackQueue {
    pub(crate) described: DeadLetterQueue,
    pub(crate) url: String,
    /// Of the queue that its messages go back to.
    pub(crate) source_url: Option<String>,
}

impl StackQueues {
    /// Reads a template and the physical ids of its resources by their logical ids; a queue's is its URL.
    ///
    /// A queue that the stack does not have (yet) is left out.
    #[must_use]
    pub fn of(template: &Template, physical_ids: &BTreeMap<String, String>) -> Self {
        let queues = WiredDeadLetterQueue::all(template)
            .into_iter()
            .filter_map(|wired| {
                let url = physical_ids.get(&wired.logical_id)?;
                let source_url = wired.source.as_ref().and_then(|source| physical_ids.get(source));
                Some(StackQueue {
                    described: wired.named(name(url), source_url.map(|url| name(url))),
                    url: url.clone(),
                    source_url: source_url.cloned(),
                })
            });
        let mut queues: Vec<_> = queues.collect();
        queues.sort_by(|one, other| one.described.name.cmp(&other.described.name));
        Self { queues }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &StackQueue> {
        self.queues.iter()
    }

    pub(crate) fn named(&self, name: &str) -> Option<&StackQueue> {
        self.all().find(|queue| queue.described.name == name)
    }
}

/// `appointment-queue-pe-dlq` of `https://sqs.us-east-1.amazonaws.com/123456789012/appointment-queue-pe-dlq`.
fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use infra_synth_operations::{Origin, Work};
    use schedule_core::Country;
    use serde_json::json;

    use super::*;

    fn url(name: &str) -> String {
        format!("https://sqs.us-east-1.amazonaws.com/123456789012/{name}")
    }

    #[test]
    fn what_a_deployed_template_says_of_its_queues_is_read() {
        let arn = |id: &str| json!({"Fn::GetAtt": [id, "Arn"]});
        let template = Template::from_value(json!({"Resources": {
            "Peru": {"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": {"deadLetterTargetArn": arn("PeruDead")}}},
            "PeruDead": {"Type": "AWS::SQS::Queue"},
            "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": {
                "Endpoint": arn("Peru"), "RedrivePolicy": {"deadLetterTargetArn": arn("SubscriptionDead")}}},
            "SubscriptionDead": {"Type": "AWS::SQS::Queue"},
            "Schedule": {"Type": "AWS::Events::Rule", "Properties": {"Targets": [
                {"Arn": arn("Function"), "DeadLetterConfig": {"Arn": arn("RuleDead")}}]}},
            "RuleDead": {"Type": "AWS::SQS::Queue"},
            "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                "EventSourceArn": arn("Peru"), "FunctionName": {"Fn::GetAtt": "Function.Arn"}}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"COUNTRY": "PE"}}}},
        }}));
        let ids = ["Peru", "PeruDead", "SubscriptionDead", "RuleDead"];
        let physical_ids = ids.map(|id| (id.to_owned(), url(&id.to_lowercase()))).into();
        let queues = StackQueues::of(&template, &physical_ids);
        let described: Vec<_> = queues.all().map(|queue| queue.described.clone()).collect();
        let queue = |name: &str, origin, source: Option<&str>, work| DeadLetterQueue {
            name: name.to_owned(),
            origin,
            source: source.map(str::to_owned),
            work,
        };
        let peru = Some(Work::Appointments(Country::PE));
        assert_eq!(
            described,
            [
                queue("perudead", Origin::Queue, Some("peru"), peru),
                queue("ruledead", Origin::Rule, None, None),
                queue("subscriptiondead", Origin::Subscription, Some("peru"), peru),
            ]
        );
        assert_eq!(queues.named("perudead").unwrap().source_url, Some(url("peru")));
    }

    #[test]
    fn a_queue_of_two_sources_has_none_to_go_back_to() {
        let from = |id: &str| json!({"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": [id, "Arn"]}}}});
        let template = Template::from_value(json!({"Resources": {
            "A": from("Dead"), "B": from("Dead"), "Dead": {"Type": "AWS::SQS::Queue"}}}));
        let physical_ids = ["A", "B", "Dead"].map(|id| (id.to_owned(), url(id))).into();
        let queues = StackQueues::of(&template, &physical_ids);
        assert_eq!(queues.named("Dead").unwrap().source_url, None);
    }
}
