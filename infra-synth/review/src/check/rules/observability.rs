use serde_json::Value as Json;

use super::metrics::is_written;
use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Resource, Wiring, items, text};

pub(super) static LOG_RETENTION: Rule = Rule {
    id: "log-retention",
    severity: Severity::Error,
    title: "Every function has a log group that ends",
    why: "Logs are kept, and paid for, for ever by default; and a group that Lambda makes itself has no settings at all",
    mend: "Set `RetentionInDays` on the log group, and name the group in the function's `LoggingConfig.LogGroup`",
    also_known_as: &[
        "HIPAA.Security-CloudWatchLogGroupRetentionPeriod",
        "CKV_AWS_66",
        "cw-loggroup-retention-period-check",
    ],
    look: log_retention,
};

pub(super) static TRACING: Rule = Rule {
    id: "tracing",
    severity: Severity::Warning,
    title: "Functions are traced by X-Ray",
    why: "Without a trace nobody sees which call of which function made a request slow",
    mend: "Set `TracingConfig.Mode` to Active, and allow `xray:PutTraceSegments` and `xray:PutTelemetryRecords`",
    also_known_as: &["CKV_AWS_50"],
    look: tracing,
};

pub(super) static ALARM_WATCHES: Rule = Rule {
    id: "alarm-watches-something",
    severity: Severity::Error,
    title: "Every alarm watches something that exists, and tells somebody",
    why: "An alarm on a name that nothing has never goes off, and looks as green as one that works",
    mend: "Refer to the resource in the alarm's dimension, name a metric that its service writes, and an action that exists",
    also_known_as: &[
        "HIPAA.Security-CloudWatchAlarmAction",
        "CKV_AWS_319",
        "cloudwatch-alarm-action-check",
    ],
    look: alarm_watches,
};

fn log_retention(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for group in wiring.of("AWS::Logs::LogGroup") {
        let path = "RetentionInDays";
        looks.expect(
            group.property(path).is_some(),
            group,
            path,
            "the log group is kept for ever",
        );
    }
    for function in wiring.functions() {
        let named = function
            .property("LoggingConfig.LogGroup")
            .and_then(|group| wiring.target(group));
        let by_default = || {
            let name = format!("/aws/lambda/{}", function.text("FunctionName")?);
            wiring
                .of("AWS::Logs::LogGroup")
                .find(|group| group.physical_name() == Some(&name))
        };
        let kept = named.or_else(by_default).is_some();
        looks.expect(
            kept,
            function,
            "LoggingConfig.LogGroup",
            "the function logs to a group that is not in the template",
        );
    }
}

fn tracing(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for function in wiring.functions() {
        let path = "TracingConfig.Mode";
        looks.expect(
            function.text(path) == Some("Active"),
            function,
            path,
            "the function is not traced",
        );
    }
}

fn alarm_watches(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for alarm in wiring.of("AWS::CloudWatch::Alarm") {
        for (path, dimension) in dimensions(alarm) {
            let Some(value) = dimension.get("Value") else {
                continue;
            };
            looks.expect(
                watched(wiring, dimension, value),
                alarm,
                &path,
                format!("nothing in the template is called `{}`", text(value)),
            );
        }
        for (prefix, metric) in metrics(alarm) {
            metric_exists(alarm, &prefix, metric, looks);
        }
        let acts = alarm.list("AlarmActions");
        looks.expect(!acts.is_empty(), alarm, "AlarmActions", "the alarm tells nobody");
    }
}

/// The metric's namespace and name. What a function of ours writes is in no list.
fn metric_exists(alarm: Resource<'_>, prefix: &str, metric: &Json, looks: &mut Looks) {
    let part = |name: &str| metric.get(name).and_then(Json::as_str);
    let path = format!("{prefix}MetricName");
    match (part("Namespace"), part("MetricName")) {
        (Some(namespace), Some(name)) => match is_written(namespace, name) {
            Some(written) => looks.expect(
                written,
                alarm,
                &path,
                format!("`{namespace}` has no metric `{name}`"),
            ),
            None if namespace.starts_with("AWS/") => looks.unsure(
                alarm,
                &path,
                format!("which metrics `{namespace}` has is not known here"),
            ),
            None => {}
        },
        _ if metric.get("Namespace").is_none() || metric.get("MetricName").is_none() => {
            looks.expect(false, alarm, &path, "the alarm names no metric");
        }
        _ => looks.unsure(alarm, &path, "which metric it watches is not in the template"),
    }
}

/// Every metric of an alarm, with the path to it: itself, unless it lists several.
fn metrics<'a>(alarm: Resource<'a>) -> Vec<(String, &'a Json)> {
    let listed = alarm.list("Metrics");
    if listed.is_empty() {
        return alarm
            .body
            .get("Properties")
            .map(|own| (String::new(), own))
            .into_iter()
            .collect();
    }
    let in_list = |(at, one): (usize, &'a Json)| {
        let metric = one.pointer("/MetricStat/Metric")?;
        Some((format!("Metrics.{at}.MetricStat.Metric."), metric))
    };
    listed.into_iter().enumerate().filter_map(in_list).collect()
}

/// Every dimension of an alarm, on one metric or on several, with its path.
fn dimensions<'a>(alarm: Resource<'a>) -> Vec<(String, &'a Json)> {
    let of_metric = |(prefix, metric): (String, &'a Json)| {
        let list = metric.get("Dimensions").map(items).unwrap_or_default();
        list.into_iter()
            .enumerate()
            .map(move |(at, one)| (format!("{prefix}Dimensions.{at}"), one))
    };
    metrics(alarm).into_iter().flat_map(of_metric).collect()
}

/// Whether a dimension's value names a resource of the kind that the dimension is about. What refers to a parameter
/// is outside the template on purpose.
fn watched(wiring: &Wiring<'_>, dimension: &Json, value: &Json) -> bool {
    let kind = match dimension.get("Name").and_then(Json::as_str).unwrap_or_default() {
        "QueueName" => "AWS::SQS::Queue",
        "FunctionName" => "AWS::Lambda::Function",
        "TableName" => "AWS::DynamoDB::Table",
        "TopicName" => "AWS::SNS::Topic",
        "RuleName" => "AWS::Events::Rule",
        "EventBusName" => "AWS::Events::EventBus",
        "ApiId" => "AWS::ApiGatewayV2::Api",
        // What else a metric is kept apart by (`Resource`, `Operation`, `Stage`) is no resource of its own.
        _ => return true,
    };
    let is_parameter = value
        .get("Ref")
        .and_then(Json::as_str)
        .is_some_and(|id| wiring.parameters().any(|(name, _)| name == id));
    is_parameter || wiring.target(value).is_some_and(|found| found.kind == kind)
}
