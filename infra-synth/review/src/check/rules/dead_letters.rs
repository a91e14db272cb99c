use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Wiring, text};

pub(super) static QUEUE_DEAD_LETTERS: Rule = Rule {
    id: "queue-has-dead-letters",
    severity: Severity::Error,
    title: "A message that fails too often ends in a dead-letter queue",
    why: "Without one it is tried until it expires, and is gone",
    mend: "Set `RedrivePolicy` with a queue of its own and a `maxReceiveCount`",
    also_known_as: &["AwsSolutions-SQS3"],
    look: queue_dead_letters,
};

pub(super) static DELIVERY_DEAD_LETTERS: Rule = Rule {
    id: "delivery-has-dead-letters",
    severity: Severity::Error,
    title: "What a subscription or rule cannot deliver ends in a dead-letter queue",
    why: "Otherwise it is dropped, and no queue shows that anything is missing",
    mend: "Set `RedrivePolicy` on the subscription, `DeadLetterConfig` on the rule's target",
    also_known_as: &[],
    look: delivery_dead_letters,
};

pub(super) static DEAD_LETTER_RETENTION: Rule = Rule {
    id: "dead-letter-retention",
    severity: Severity::Error,
    title: "Dead letters are kept for longer than messages",
    why: "SQS counts from when the message was first sent: with equal times a dead letter may expire as it arrives",
    mend: "Set the dead-letter queue's `MessageRetentionPeriod` to 1209600, and the source's lower",
    also_known_as: &[],
    look: dead_letter_retention,
};

pub(super) static DEAD_LETTERS_ADMITTED: Rule = Rule {
    id: "dead-letters-admitted",
    severity: Severity::Error,
    title: "A dead-letter queue takes the dead letters of its source",
    why: "A source that `RedriveAllowPolicy` does not name cannot be given this dead-letter queue: deployment fails",
    mend: "Name the source in `RedriveAllowPolicy.sourceQueueArns`",
    also_known_as: &[],
    look: dead_letters_admitted,
};

pub(super) static VISIBILITY_COVERS_TIMEOUT: Rule = Rule {
    id: "visibility-covers-timeout",
    severity: Severity::Error,
    title: "A message stays hidden for six times its function's timeout, and the batching window",
    why: "A message that shows up again while it is worked on is worked on twice, and counts as received twice",
    mend: "Raise the queue's `VisibilityTimeout`, or lower the function's `Timeout`",
    also_known_as: &[],
    look: visibility_covers_timeout,
};

pub(super) static PARTIAL_FAILURES: Rule = Rule {
    id: "batch-reports-failures",
    severity: Severity::Error,
    title: "A batch reports which of its messages failed",
    why: "Otherwise one bad message takes its neighbours along, again and again, into the dead-letter queue",
    mend: "Add `ReportBatchItemFailures` to the mapping's `FunctionResponseTypes`",
    also_known_as: &[],
    look: partial_failures,
};

/// What SQS takes where the template does not say.
const DEFAULT_RETENTION: f64 = 345_600.0;
const DEFAULT_VISIBILITY: f64 = 30.0;
/// What Lambda takes.
const DEFAULT_TIMEOUT: f64 = 3.0;
const DEFAULT_BATCH: f64 = 10.0;

/// Lambda's own advice (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>).
const VISIBILITY_FACTOR: f64 = 6.0;

fn queue_dead_letters(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for queue in wiring
        .of("AWS::SQS::Queue")
        .filter(|queue| !wiring.is_dead_letter_queue(*queue))
    {
        let kept = queue.property("RedrivePolicy.deadLetterTargetArn").is_some()
            && queue.number("RedrivePolicy.maxReceiveCount").is_some();
        looks.expect(kept, queue, "RedrivePolicy", "the queue has no dead-letter queue");
    }
}

fn delivery_dead_letters(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for subscription in wiring.of("AWS::SNS::Subscription") {
        let path = "RedrivePolicy.deadLetterTargetArn";
        let kept = subscription.property(path).is_some();
        looks.expect(
            kept,
            subscription,
            path,
            "what the subscription cannot deliver is dropped",
        );
    }
    for rule in wiring.of("AWS::Events::Rule") {
        for (position, target) in rule.list("Targets").into_iter().enumerate() {
            let kept = target.pointer("/DeadLetterConfig/Arn").is_some();
            let path = format!("Targets.{position}.DeadLetterConfig");
            looks.expect(kept, rule, &path, "what the rule cannot deliver is dropped");
        }
    }
}

fn dead_letter_retention(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    let path = "MessageRetentionPeriod";
    for (source, dead) in wiring.redrives() {
        let lives = source.number(path).unwrap_or(DEFAULT_RETENTION);
        let kept = dead.number(path).unwrap_or(DEFAULT_RETENTION);
        let what = format!(
            "dead letters of `{}` are kept for {kept} s, its messages for {lives} s",
            source.id
        );
        looks.expect(kept > lives, dead, path, what);
    }
}

fn dead_letters_admitted(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for (source, dead) in wiring.redrives() {
        let path = "RedriveAllowPolicy";
        let admitted = match dead.text("RedriveAllowPolicy.redrivePermission") {
            None | Some("allowAll") => true,
            Some("byQueue") => {
                let sources = dead.list("RedriveAllowPolicy.sourceQueueArns");
                sources
                    .into_iter()
                    .any(|arn| wiring.target(arn).is_some_and(|found| found.id == source.id))
            }
            Some(_) => false,
        };
        looks.expect(
            admitted,
            dead,
            path,
            format!("dead letters of `{}` are refused", source.id),
        );
    }
}

fn visibility_covers_timeout(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for mapping in wiring.mappings() {
        let visibility = mapping
            .queue
            .number("VisibilityTimeout")
            .unwrap_or(DEFAULT_VISIBILITY);
        let timeout = mapping.function.number("Timeout").unwrap_or(DEFAULT_TIMEOUT);
        let window = mapping
            .mapping
            .number("MaximumBatchingWindowInSeconds")
            .unwrap_or(0.0);
        let needed = VISIBILITY_FACTOR * timeout + window;
        let what = format!(
            "messages are hidden for {visibility} s, but `{}` needs {needed} s",
            mapping.function.id
        );
        looks.expect(visibility >= needed, mapping.queue, "VisibilityTimeout", what);
    }
}

fn partial_failures(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for mapping in wiring.mappings() {
        let path = "FunctionResponseTypes";
        let batch = mapping.mapping.number("BatchSize").unwrap_or(DEFAULT_BATCH);
        let reports = |kind: &&Json| text(kind) == "ReportBatchItemFailures";
        let kept = batch <= 1.0 || mapping.mapping.list(path).iter().any(reports);
        looks.expect(kept, mapping.mapping, path, "one failure fails the whole batch");
    }
}
