use infra_synth_review::diff::Verdict::{Destructive, Harmless, Unjudged};
use serde_json::json;

use super::{all, check};
use crate::edit::{Edit, Remove, Set, review_of_one};

/// A property of the alarm on a dead-letter queue.
macro_rules! alarm {
    ($property:literal) => {
        concat!("AppointmentQueuePEDeadLetterQueueAlarm/Properties/", $property)
    };
}

#[test]
fn an_alarm_tells_whom_it_told() {
    all(&[
        (
            Set(alarm!("ActionsEnabled"), json!(false)),
            &[Destructive],
            "tells nobody",
        ),
        (Set(alarm!("ActionsEnabled"), json!(true)), &[Harmless], "+ true"),
        (Remove(alarm!("AlarmActions")), &[Destructive], "no longer tells"),
        (Remove(alarm!("OKActions")), &[Harmless], "OKActions"),
        (
            Set(alarm!("AlarmDescription"), json!("other")),
            &[Harmless],
            "AlarmDescription",
        ),
    ]);
}

#[test]
fn an_alarm_goes_off_no_later_than_it_did() {
    all(&[
        (
            Set(alarm!("Threshold"), json!(1_000_000)),
            &[Unjudged],
            "goes off later, or never",
        ),
        (Set(alarm!("Threshold"), json!(-1)), &[Harmless], "0 → -1"),
        (
            Set(alarm!("Threshold"), json!({"Ref": "VpcId"})),
            &[Unjudged],
            "goes off later, or never",
        ),
        (
            Set(alarm!("ComparisonOperator"), json!("LessThanThreshold")),
            &[Unjudged],
            "what it goes off at, or when, is another",
        ),
        (
            Set(alarm!("MetricName"), json!("NumberOfMessagesDeleted")),
            &[Unjudged],
            "what it goes off at, or when, is another",
        ),
        (
            Remove(alarm!("Dimensions")),
            &[Unjudged],
            "what it goes off at, or when, is another",
        ),
        (
            Set(alarm!("Period"), json!(3_600)),
            &[Unjudged],
            "what it goes off at, or when, is another",
        ),
        (
            Set(alarm!("EvaluationPeriods"), json!(10)),
            &[Unjudged],
            "goes off later, or never",
        ),
        (
            Set(alarm!("TreatMissingData"), json!("breaching")),
            &[Harmless],
            "notBreaching → breaching",
        ),
        (
            Remove(alarm!("TreatMissingData")),
            &[Unjudged],
            "no longer go off where nothing is measured",
        ),
    ]);
    let both = [
        Set(alarm!("Threshold"), json!(-1)),
        Set(alarm!("ComparisonOperator"), json!("LessThanThreshold")),
    ];
    check(&both, &[Unjudged], "goes off later, or never");
}

#[test]
fn an_alarm_needs_no_more_points_than_it_did() {
    let periods = |periods: u32, points: u32| -> [Edit; 2] {
        [
            Set(alarm!("EvaluationPeriods"), json!(periods)),
            Set(alarm!("DatapointsToAlarm"), json!(points)),
        ]
    };
    check(&periods(3, 1), &[Harmless], "EvaluationPeriods: 1 → 3");
    check(&periods(3, 2), &[Unjudged], "goes off later, or never");
}

#[test]
fn an_alarm_goes_off_where_nothing_is_measured_if_it_did() {
    let alarm = |treatment: &str| json!({"Type": "AWS::CloudWatch::Alarm", "Properties": {"TreatMissingData": treatment}});
    for (old, new, verdict) in [
        ("breaching", "notBreaching", Unjudged),
        ("missing", "notBreaching", Unjudged),
        ("missing", "breaching", Harmless),
        ("ignore", "missing", Harmless),
    ] {
        let review = review_of_one(&alarm(old), &alarm(new));
        assert!(review.verdicts().contains(&verdict), "{old} to {new}");
    }
}
