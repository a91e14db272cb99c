use infra_synth_review::diff::Verdict::{Broadening, Narrowing, Unjudged};
use serde_json::json;

use super::{all, check};
use crate::edit::{Push, Remove, Set};

#[test]
fn a_queues_policy_is_compared_by_statement() {
    all(&[
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/ArnEquals"),
            &[Broadening],
            "no longer only where aws:sourcearn like ${AppointmentTopic}\n",
        ),
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition"),
            &[Broadening],
            "no longer only where",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Principal",
                json!("*"),
            ),
            &[Broadening],
            "sqs:SendMessage by anyone",
        ),
        (
            Push(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Action",
                json!("sqs:ReceiveMessage"),
            ),
            &[Broadening],
            "an action is added",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Action",
                json!("sqs:*"),
            ),
            &[Broadening],
            "sqs:* by sns.amazonaws.com",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Resource",
                json!("*"),
            ),
            &[Broadening],
            "another resource than ${AppointmentQueuePE.Arn}",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/StringEquals/aws:SourceAccount",
                json!(["111111111111", "222222222222"]),
            ),
            &[Narrowing, Broadening],
            "aws:sourceaccount = 111111111111 or 222222222222",
        ),
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/1"),
            &[Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/1/Action",
                json!("sqs:SendMessage"),
            ),
            &[Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/1/Condition/Bool/aws:SecureTransport",
                json!("true"),
            ),
            &[Narrowing, Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0"),
            &[Narrowing],
            "ends",
        ),
        (
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition/Bool",
                json!({"aws:SecureTransport": "true"}),
            ),
            &[Narrowing],
            "ends",
        ),
        (
            Remove("QueuePolicyPE"),
            &[Narrowing, Broadening],
            "requests without TLS are no longer refused",
        ),
        (
            Push(
                "QueuePolicyPE/Properties/Queues",
                json!({"Ref": "AppointmentQueueCL"}),
            ),
            &[Narrowing, Broadening, Unjudged],
            "another resource than ${AppointmentQueueCL.Arn}",
        ),
    ]);
    check(
        &[
            Remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Action"),
            Set(
                "QueuePolicyPE/Properties/PolicyDocument/Statement/0/NotAction",
                json!(["sqs:ReceiveMessage"]),
            ),
        ],
        &[Broadening],
        "everything but sqs:ReceiveMessage",
    );
}
