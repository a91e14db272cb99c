use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Resource, Statement, Wiring, covers, statements};

pub(super) static QUEUE_TLS_ONLY: Rule = Rule {
    id: "queue-tls-only",
    severity: Severity::Error,
    title: "Queues refuse everything that does not come over TLS",
    why: "A call over plain HTTP shows its message to the network",
    mend: "Deny `sqs:*` to everyone where `aws:SecureTransport` is false, in the queue's policy",
    also_known_as: &["AwsSolutions-SQS4"],
    look: queue_tls_only,
};

pub(super) static TOPIC_TLS_ONLY: Rule = Rule {
    id: "topic-tls-only",
    severity: Severity::Error,
    title: "Topics refuse everything that does not come over TLS",
    why: "A call over plain HTTP shows its message to the network",
    mend: "Encrypt the topic (SNS then takes HTTPS alone), or deny `sns:Publish` where `aws:SecureTransport` is false",
    also_known_as: &["AwsSolutions-SNS3"],
    look: topic_tls_only,
};

fn queue_tls_only(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for queue in wiring.of("AWS::SQS::Queue") {
        let policies = policies_of(wiring, queue, "AWS::SQS::QueuePolicy", "Queues");
        let kept = policies.iter().any(|statement| {
            denies_plain_http(statement)
                && covers_all_actions(statement, "sqs:")
                && is_about(wiring, statement, queue)
        });
        looks.expect(kept, queue, "", "the queue takes calls over plain HTTP");
    }
}

fn topic_tls_only(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for topic in wiring.of("AWS::SNS::Topic") {
        // Requests to an encrypted topic must use HTTPS
        // (https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html).
        let encrypted = topic.property("KmsMasterKeyId").is_some();
        let denied = || {
            let policies = policies_of(wiring, topic, "AWS::SNS::TopicPolicy", "Topics");
            policies.iter().any(|statement| {
                denies_plain_http(statement)
                    && statement
                        .actions()
                        .iter()
                        .any(|action| covers(action, "sns:Publish"))
                    && is_about(wiring, statement, topic)
            })
        };
        looks.expect(
            encrypted || denied(),
            topic,
            "",
            "the topic takes messages over plain HTTP",
        );
    }
}

/// The statements of every policy that is attached to a queue or topic.
pub(super) fn policies_of<'a>(
    wiring: &Wiring<'a>,
    resource: Resource<'a>,
    kind: &str,
    attached_by: &str,
) -> Vec<Statement<'a>> {
    let attached = wiring.of(kind).filter(|policy| {
        let targets = policy.list(attached_by);
        targets
            .into_iter()
            .any(|target| wiring.target(target).is_some_and(|found| found.id == resource.id))
    });
    attached
        .filter_map(|policy| policy.property("PolicyDocument"))
        .flat_map(|document| statements(document, "PolicyDocument"))
        .collect()
}

fn denies_plain_http(statement: &Statement<'_>) -> bool {
    let conditions = statement.conditions();
    // A second condition would let something through that the first one stops.
    let [only] = &conditions[..] else { return false };
    let is_false = |value: &&Json| **value == Json::Bool(false) || value.as_str() == Some("false");
    !statement.allows()
        && !statement.is_inverted()
        && statement.is_for_anyone()
        && only.operator == "Bool"
        && only.key.eq_ignore_ascii_case("aws:SecureTransport")
        && only.values.iter().all(is_false)
}

fn covers_all_actions(statement: &Statement<'_>, prefix: &str) -> bool {
    statement
        .actions()
        .iter()
        .any(|action| *action == "*" || *action == format!("{prefix}*"))
}

fn is_about(wiring: &Wiring<'_>, statement: &Statement<'_>, resource: Resource<'_>) -> bool {
    statement
        .resources()
        .into_iter()
        .any(|one| one == "*" || wiring.target(one).is_some_and(|found| found.id == resource.id))
}
