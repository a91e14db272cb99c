//! Whether an alarm still tells whom it told of what it told.

use super::{Change, weigh};
use crate::diff::model::Resource;
use crate::diff::review::{Finding, Verdict};
use crate::diff::value::Value;

pub(super) fn alarm(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        // An alarm acts unless it says otherwise.
        "ActionsEnabled" if change.new.is_none() || weigh::is_on(change.new) => change.harmless(),
        "ActionsEnabled" => change.found(Verdict::Destructive, "the alarm tells nobody"),
        "AlarmActions" => Some(actions(change)),
        "Threshold" if goes_off_no_later(change) => change.harmless(),
        "EvaluationPeriods" | "DatapointsToAlarm" if needs_no_more(change) => change.harmless(),
        "TreatMissingData" => {
            let literal = |value: Option<&Value>| value.and_then(Value::as_literal).map(str::to_owned);
            match (literal(change.old).as_deref(), literal(change.new).as_deref()) {
                // Nothing else makes of a period without a measurement more than these did.
                (_, Some("breaching")) | (Some("ignore" | "notBreaching"), Some(_)) => change.harmless(),
                _ => change.found(
                    Verdict::Unjudged,
                    "it may no longer go off where nothing is measured",
                ),
            }
        }
        "ActionsSuppressor" if change.new.is_none() => change.harmless(),
        "ActionsSuppressor" => change.found(
            Verdict::Unjudged,
            "while another alarm is on, it tells nobody; how long that is, is not in the template",
        ),
        "Threshold" | "EvaluationPeriods" | "DatapointsToAlarm" => change.found(
            Verdict::Unjudged,
            "it goes off later, or never; whether that is soon enough is not in the template",
        ),
        _ => change.found(
            Verdict::Unjudged,
            "what it goes off at, or when, is another; whether it still tells what it told is not in the template",
        ),
    }
}

fn actions(change: &Change<'_>) -> Vec<Finding> {
    let actions = |value: Option<&Value>| value.map(Value::elements).unwrap_or_default().to_vec();
    let (old, new) = (actions(change.old), actions(change.new));
    let mut findings = Vec::new();
    for gone in old.iter().filter(|action| !new.contains(action)) {
        findings.push(Finding::new(
            Verdict::Destructive,
            format!("the alarm no longer tells {gone}"),
        ));
    }
    for come in new.iter().filter(|action| !old.contains(action)) {
        if !come.as_text().is_some_and(|text| change.is_ours(text)) {
            findings.push(Finding::new(
                Verdict::Unjudged,
                format!("the alarm starts {come}, outside this stack"),
            ));
        }
    }
    findings
}

/// Whether whatever was past the old threshold is past the new one.
fn goes_off_no_later(change: &Change<'_>) -> bool {
    let operator = |resource: &Resource| resource.property("ComparisonOperator").cloned();
    let (before, after) = (operator(change.old_resource), operator(change.new_resource));
    let number = |value: Option<&Value>| value.and_then(Value::as_number);
    let (Some(old), Some(new)) = (number(change.old), number(change.new)) else {
        return false;
    };
    before == after
        && match after.as_ref().and_then(Value::as_literal) {
            Some("GreaterThanThreshold" | "GreaterThanOrEqualToThreshold") => new <= old,
            Some("LessThanThreshold" | "LessThanOrEqualToThreshold") => new >= old,
            _ => false,
        }
}

/// Whether as many points past the threshold as were needed, in as many periods, are still enough.
fn needs_no_more(change: &Change<'_>) -> bool {
    let number = |resource: &Resource, name: &str| resource.property(name).map(Value::as_number);
    let periods = |resource: &Resource| number(resource, "EvaluationPeriods").flatten();
    // All of the periods, if nothing is said.
    let points =
        |resource: &Resource| number(resource, "DatapointsToAlarm").unwrap_or_else(|| periods(resource));
    let (before, after) = (change.old_resource, change.new_resource);
    match (periods(before), periods(after), points(before), points(after)) {
        (Some(old_periods), Some(new_periods), Some(old_points), Some(new_points)) => {
            // A period that is no longer looked at can have held one of the points.
            old_points - new_points >= (old_periods - new_periods).max(0.0)
        }
        _ => false,
    }
}
