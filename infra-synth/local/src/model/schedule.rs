//! Rules that go off by themselves, and the functions that they call.

use std::time::Duration;

use super::properties::Properties;

const MINUTE: u64 = 60;

#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) period: Duration,
    pub(crate) targets: Vec<ScheduleTarget>,
}

#[derive(Debug, Clone)]
pub(crate) struct ScheduleTarget {
    pub(crate) function_arn: String,
    pub(crate) dead_letter_arn: Option<String>,
}

pub(super) fn schedule(properties: &mut Properties<'_, '_>, arn: String) -> Option<Schedule> {
    properties.only("State", "ENABLED");
    // Only the default bus has schedules.
    properties.only("EventBusName", "default");
    properties.ignore(&["Description", "Tags"]);
    if properties.take("EventPattern").is_some() {
        properties.refuse("a rule with a schedule and a pattern does not run locally; make two rules of it");
    }
    let expression = properties.required("ScheduleExpression")?;
    let period = match period(&expression) {
        Ok(period) => Some(period),
        Err(reason) => {
            properties.refuse(format!(
                "property `ScheduleExpression` is `{expression}`: {reason}"
            ));
            None
        }
    };
    let targets = properties.each("Targets", |target| {
        // The function is here and is called at once; what a retry could mend does not happen on one machine.
        target.ignore(&["Id", "RetryPolicy"]);
        let dead_letter_arn = target.object("DeadLetterConfig").and_then(|mut config| {
            let arn = config.required("Arn");
            config.finish();
            arn
        });
        Some(ScheduleTarget {
            function_arn: target.required("Arn")?,
            dead_letter_arn,
        })
    });
    Some(Schedule {
        logical_id: properties.logical_id.clone(),
        name: properties.required("Name")?,
        arn,
        period: period?,
        targets,
    })
}

/// `rate(5 minutes)`, with the grammar that EventBridge holds one to: one of a unit is singular,
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>.
fn period(expression: &str) -> Result<Duration, &'static str> {
    const SHAPE: &str = "AWS takes `rate(1 minute)`, `rate(5 minutes)`, and the same with hours and days";
    if expression.starts_with("cron(") {
        return Err("`cron` expressions do not run locally; use `rate`");
    }
    let inner = expression
        .strip_prefix("rate(")
        .and_then(|rest| rest.strip_suffix(')'));
    let (value, unit) = inner.and_then(|inner| inner.split_once(' ')).ok_or(SHAPE)?;
    let value: u64 = value.parse().map_err(|_| SHAPE)?;
    let unit = match (value, unit) {
        (1, "minute") | (2.., "minutes") => MINUTE,
        (1, "hour") | (2.., "hours") => 60 * MINUTE,
        (1, "day") | (2.., "days") => 24 * 60 * MINUTE,
        _ => return Err(SHAPE),
    };
    value
        .checked_mul(unit)
        .filter(|seconds| *seconds <= LONGEST)
        .map(Duration::from_secs)
        .ok_or("that is longer than a year, which a running system here does not wait for")
}

/// A year: far from the end of any clock.
const LONGEST: u64 = 365 * 24 * 60 * MINUTE;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expression: &str, expected: Option<u64>) {
        assert_eq!(
            period(expression).ok(),
            expected.map(Duration::from_secs),
            "{expression}"
        );
    }

    #[test]
    fn a_rate_is_a_period() {
        check("rate(1 minute)", Some(60));
        check("rate(5 minutes)", Some(300));
        check("rate(2 hours)", Some(7200));
        check("rate(1 day)", Some(86_400));
    }

    #[test]
    fn what_eventbridge_refuses_is_no_rate() {
        for wrong in [
            "rate(1 minutes)",
            "rate(2 minute)",
            "rate(0 minutes)",
            "rate(5)",
            "rate(5 seconds)",
            "rate(-1 minutes)",
            "rate(1 minute",
            "rate(99999999999999999999 days)",
            "rate(18446744073709551615 days)",
            "at(2030-01-01T00:00:00)",
            "",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_cron_expression_is_refused_by_name() {
        assert!(period("cron(0 12 * * ? *)").unwrap_err().contains("`cron`"));
    }
}
