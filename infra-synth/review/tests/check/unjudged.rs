use serde_json::json;

use crate::system::{Draft, stage, unjudged};

fn check(edit: fn(&mut Draft), expected: &[&str]) {
    let mut draft = Draft::of("dev");
    edit(&mut draft);
    let report = draft.check(&stage("dev").1);
    assert_eq!(unjudged(&report), expected, "{}", report.to_text());
}

#[test]
fn a_condition_that_is_not_understood_is_not_taken_for_good() {
    check(
        |draft| {
            draft.set(
                "SubscriptionPE/Properties/FilterPolicy",
                json!({"country": [{"cidr": "10.0.0.0/8"}]}),
            );
        },
        &[
            "filter-matches-a-message SubscriptionPE",
            "message-has-one-subscriber AppointmentTopic",
        ],
    );
}

#[test]
fn a_runtime_that_nobody_knows_is_not_taken_for_alive() {
    check(
        |draft| {
            draft.set(
                "GetAppointmentLambdaFunction/Properties/Runtime",
                json!("cobol1.x"),
            );
        },
        &["runtime-alive GetAppointmentLambdaFunction"],
    );
}

#[test]
fn a_key_that_is_elsewhere_is_not_taken_for_usable() {
    check(
        |draft| {
            draft.set(
                "AppointmentQueuePE/Properties/KmsMasterKeyId",
                json!("arn:aws:kms:us-east-1:1:key/x"),
            );
        },
        &["queue-key-usable AppointmentQueuePE"],
    );
}

#[test]
fn a_database_group_that_lets_nobody_in_here_may_do_so_elsewhere() {
    check(
        |draft| {
            draft.remove("DatabaseIngress");
        },
        &[
            "vpc-calls-reach ProcessAppointmentPELambdaFunction",
            "vpc-calls-reach ProcessAppointmentCLLambdaFunction",
        ],
    );
}

#[test]
fn a_managed_policy_that_stands_elsewhere_is_not_taken_for_narrow() {
    check(
        |draft| {
            draft.set(
                "GetAppointmentRole/Properties/ManagedPolicyArns",
                json!([
                    "arn:aws:iam::aws:policy/ReadOnlyAccess",
                    "arn:aws:iam::1:policy/ours"
                ]),
            );
        },
        &["no-full-access-policy GetAppointmentRole"],
    );
}

#[test]
fn an_alarm_in_a_namespace_that_nobody_knows_is_not_taken_for_good() {
    check(
        |draft| {
            draft.add(
                "Alarm",
                json!({"Type": "AWS::CloudWatch::Alarm", "Properties": {
                    "Namespace": "AWS/Kinesis", "MetricName": "PutRecord.Bytes",
                    "AlarmActions": ["arn:aws:sns:us-east-1:1:people"],
                }}),
            );
        },
        &["alarm-watches-something Alarm"],
    );
}
