use serde_json::Value as Json;

use super::transport::policies_of;
use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Feed, Resource, Statement, Wiring, covers, statements, text};

pub(super) static QUEUE_ADMITS_FEEDER: Rule = Rule {
    id: "queue-admits-its-feeder",
    severity: Severity::Error,
    title: "A queue's policy admits exactly the topic or rule that feeds it",
    why: "Without the permission every message is refused, silently; with a wider one others can forge messages",
    mend: "Allow `sqs:SendMessage` to the service with `aws:SourceArn` equal to the topic's or rule's ARN, and nothing else",
    also_known_as: &[],
    look: queue_admits_feeder,
};

pub(super) static QUEUE_KEY_USABLE: Rule = Rule {
    id: "queue-key-usable",
    severity: Severity::Error,
    title: "Whoever sends to an encrypted queue can use its key",
    why: "SNS and EventBridge drop what they cannot encrypt; the key that AWS manages for SQS lets neither in",
    mend: "Use `SqsManagedSseEnabled`, or a key whose policy gives the service `kms:GenerateDataKey` and `kms:Decrypt`",
    also_known_as: &[],
    look: queue_key_usable,
};

fn queue_admits_feeder(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    let feeds = wiring.feeds();
    for queue in wiring.of("AWS::SQS::Queue") {
        let policy = policies_of(wiring, queue, "AWS::SQS::QueuePolicy", "Queues");
        let own: Vec<&Feed<'_>> = feeds.iter().filter(|feed| feed.queue.id == queue.id).collect();
        for feed in &own {
            let admitted = policy.iter().any(|statement| admits(wiring, statement, feed));
            looks.expect(
                admitted,
                queue,
                "",
                format!("the queue refuses what `{}` sends it", feed.sender.id),
            );
        }
        for statement in policy.iter().filter(|statement| statement.allows()) {
            let is_needed = own.iter().any(|feed| admits(wiring, statement, feed));
            let what = format!(
                "`{}` admits a sender that does not feed the queue",
                statement.path
            );
            looks.expect(is_needed, queue, "", what);
        }
    }
}

/// Whether a statement lets this sender send, and nobody else.
fn admits(wiring: &Wiring<'_>, statement: &Statement<'_>, feed: &Feed<'_>) -> bool {
    let Some(source) = statement.condition("aws:SourceArn") else {
        return false;
    };
    let is_sender = |value: &&Json| {
        !text(value).contains(['*', '?'])
            && wiring
                .target(value)
                .is_some_and(|found| found.id == feed.sender.id)
    };
    statement.allows()
        && !statement.is_for_anyone()
        && statement.has_service(feed.service())
        && statement
            .actions()
            .iter()
            .any(|action| covers(action, "sqs:SendMessage"))
        && matches!(source.operator, "ArnEquals" | "ArnLike" | "StringEquals")
        && source.values.iter().all(is_sender)
}

fn queue_key_usable(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    let path = "KmsMasterKeyId";
    for feed in wiring.feeds() {
        let Some(key) = feed.queue.property(path) else {
            // SQS's own encryption asks nothing of the sender.
            looks.expect(true, feed.queue, path, "");
            continue;
        };
        let sender = feed.sender.id;
        if text(key).ends_with("alias/aws/sqs") {
            let what = format!("`{sender}` cannot use the key that AWS manages for SQS");
            looks.expect(false, feed.queue, path, what);
            continue;
        }
        match key_of(wiring, key).and_then(|key| key.property("KeyPolicy")) {
            Some(policy) => {
                let usable = ["kms:GenerateDataKey", "kms:Decrypt"].iter().all(|call| {
                    statements(policy, "KeyPolicy").iter().any(|statement| {
                        statement.allows()
                            && statement.has_service(feed.service())
                            && statement.actions().iter().any(|action| covers(action, call))
                    })
                });
                looks.expect(
                    usable,
                    feed.queue,
                    path,
                    format!("the key's policy does not let `{sender}` use it"),
                );
            }
            None => looks.unsure(
                feed.queue,
                path,
                format!("whether `{sender}` can use a key that is elsewhere"),
            ),
        }
    }
}

fn key_of<'a>(wiring: &Wiring<'a>, value: &Json) -> Option<Resource<'a>> {
    let found = wiring.target(value)?;
    match found.kind {
        "AWS::KMS::Key" => Some(found),
        "AWS::KMS::Alias" => wiring.target(found.property("TargetKeyId")?),
        _ => None,
    }
}
