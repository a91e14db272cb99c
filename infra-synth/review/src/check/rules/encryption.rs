use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::Wiring;

pub(super) static TABLE_ENCRYPTED: Rule = Rule {
    id: "table-encrypted",
    severity: Severity::Error,
    title: "Tables are encrypted with a key that the account can audit",
    why: "By default DynamoDB encrypts with a key of its own, whose use no trail of the account shows",
    mend: "Set `SSESpecification.SSEEnabled` to true",
    also_known_as: &["CKV_AWS_119", "dynamodb-table-encrypted-kms"],
    look: table_encrypted,
};

pub(super) static QUEUE_ENCRYPTED: Rule = Rule {
    id: "queue-encrypted",
    severity: Severity::Error,
    title: "Queues are encrypted at rest",
    why: "Messages carry health data and lie in the queue for days",
    mend: "Set `SqsManagedSseEnabled` to true, or name a key in `KmsMasterKeyId`",
    also_known_as: &["AwsSolutions-SQS2", "CKV_AWS_27"],
    look: queue_encrypted,
};

pub(super) static TOPIC_ENCRYPTED: Rule = Rule {
    id: "topic-encrypted",
    severity: Severity::Error,
    title: "Topics are encrypted at rest",
    why: "SNS keeps a message until it is delivered, which may take days",
    mend: "Name a key in `KmsMasterKeyId`, for example `alias/aws/sns`",
    also_known_as: &[
        "HIPAA.Security-SNSEncryptedKMS",
        "CKV_AWS_26",
        "sns-encrypted-kms",
    ],
    look: topic_encrypted,
};

fn table_encrypted(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for table in wiring.of("AWS::DynamoDB::Table") {
        let path = "SSESpecification.SSEEnabled";
        looks.expect(
            table.flag(path),
            table,
            path,
            "the table is not encrypted with a KMS key",
        );
    }
}

fn queue_encrypted(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for queue in wiring.of("AWS::SQS::Queue") {
        // SQS encrypts by default today, but a queue from before that keeps what it had unless the template says so.
        let kept = queue.flag("SqsManagedSseEnabled") || queue.property("KmsMasterKeyId").is_some();
        looks.expect(
            kept,
            queue,
            "SqsManagedSseEnabled",
            "the queue does not say that it is encrypted",
        );
    }
}

fn topic_encrypted(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for topic in wiring.of("AWS::SNS::Topic") {
        let path = "KmsMasterKeyId";
        looks.expect(
            topic.property(path).is_some(),
            topic,
            path,
            "the topic is not encrypted",
        );
    }
}
