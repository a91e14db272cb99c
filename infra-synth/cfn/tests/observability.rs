//! Schedules, alarms, charts and the topic of alarms, as CloudFormation will read them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use infra_synth_cfn::{
    Handle, Seconds, Stack, Template, Value,
    resources::{
        Alarm, Chart, Dashboard, Metric, MissingData, Permission, Queue, Rule, Schedule, Statistic, Target,
    },
};
use serde_json::{Value as Json, json};

fn resource<'a>(template: &'a Template, id: &str) -> &'a Json {
    &template.as_value()["Resources"][id]["Properties"]
}

#[track_caller]
fn check_schedule(minutes: u32, expected: &str) {
    assert_eq!(json!(Schedule::every_minutes(minutes)), expected);
}

#[test]
fn one_minute_is_singular_and_more_are_plural() {
    check_schedule(1, "rate(1 minute)");
    check_schedule(5, "rate(5 minutes)");
}

#[test]
fn a_scheduled_rule_has_no_bus_and_no_pattern_and_its_function_admits_it_alone() {
    let mut stack = Stack::new("");
    let function = Value::literal("arn:aws:lambda:us-east-1:123456789012:function:tick");
    let rule = stack.add(
        "Tick",
        Rule::on_schedule(Schedule::every_minutes(1), Target::function("tick", &function)),
    );
    stack.add("TickPermission", Permission::for_rule(function, &rule.arn()));
    let template = stack.synth().unwrap();
    assert_eq!(
        resource(&template, "Tick"),
        &json!({
            "ScheduleExpression": "rate(1 minute)",
            "Targets": [{ "Id": "tick", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:tick" }],
        })
    );
    let permission = resource(&template, "TickPermission");
    assert_eq!(permission["Principal"], "events.amazonaws.com");
    assert_eq!(permission["SourceArn"], json!({ "Fn::GetAtt": ["Tick", "Arn"] }));
}

fn with_an_alarm(metric: impl Fn(&Handle<Queue>) -> Metric) -> Template {
    let mut stack = Stack::new("");
    let queue = stack.add("Orders", Queue::default());
    let topic = stack.add_alarm_topic("Alarms", "alarms".to_owned(), "What alarms say");
    let alarm = Alarm {
        alarm_name: Some("orders-late".into()),
        alarm_description: "Orders wait".to_owned(),
        metric: metric(&queue),
        period: Seconds(60),
        evaluation_periods: 2,
        threshold: 300,
        missing_data: MissingData::NotBreaching,
        notify: topic.arn(),
    };
    stack.add("OrdersLate", alarm);
    stack.synth().unwrap()
}

#[test]
fn an_alarm_tells_its_topic_when_it_goes_off_and_when_it_is_over() {
    let template = with_an_alarm(Handle::oldest_message_age);
    let topic = json!([{ "Ref": "Alarms" }]);
    assert_eq!(
        resource(&template, "OrdersLate"),
        &json!({
            "AlarmName": "orders-late",
            "AlarmDescription": "Orders wait",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateAgeOfOldestMessage",
            "Dimensions": [{ "Name": "QueueName", "Value": { "Fn::GetAtt": ["Orders", "QueueName"] } }],
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 2,
            "Threshold": 300,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": topic,
            "OKActions": topic,
        })
    );
}

#[test]
fn a_percentile_is_no_plain_statistic() {
    let template = with_an_alarm(|queue| Metric {
        statistic: Statistic::P99,
        ..queue.visible_messages()
    });
    let alarm = resource(&template, "OrdersLate");
    assert_eq!(
        (&alarm["ExtendedStatistic"], &alarm["Statistic"]),
        (&"p99".into(), &Json::Null)
    );
}

#[test]
fn cloudwatch_may_publish_and_use_the_key_for_alarms_of_this_account_alone() {
    let template = with_an_alarm(Handle::visible_messages);
    assert_eq!(
        resource(&template, "Alarms")["KmsMasterKeyId"],
        json!({ "Ref": "AlarmsKey" })
    );
    for (policy, actions) in [
        (
            &resource(&template, "AlarmsPolicy")["PolicyDocument"],
            json!(["sns:Publish"]),
        ),
        (
            &resource(&template, "AlarmsKey")["KeyPolicy"],
            json!(["kms:Decrypt", "kms:GenerateDataKey"]),
        ),
    ] {
        let statements = policy["Statement"].as_array().unwrap();
        let service = json!({ "Service": "cloudwatch.amazonaws.com" });
        let admitting: Vec<&Json> = statements
            .iter()
            .filter(|statement| statement["Principal"] == service)
            .collect();
        let [statement] = admitting[..] else {
            panic!("{admitting:?}")
        };
        assert_eq!(statement["Action"], actions);
        let condition = &statement["Condition"];
        assert_eq!(
            condition["StringEquals"]["aws:SourceAccount"],
            json!({ "Ref": "AWS::AccountId" })
        );
        let source = condition["ArnLike"]["aws:SourceArn"]["Fn::Sub"].as_str().unwrap();
        assert!(source.ends_with(":alarm:*"), "{source}");
    }
    let statements = resource(&template, "AlarmsPolicy")["PolicyDocument"]["Statement"]
        .as_array()
        .unwrap();
    assert!(
        statements.iter().any(|statement| statement["Effect"] == "Deny"
            && statement["Condition"] == json!({ "Bool": { "aws:SecureTransport": "false" } })),
        "{statements:?}"
    );
}

#[test]
fn a_dashboard_is_json_in_a_text_whose_references_are_substituted_and_checked() {
    let dashboard = |metric: Metric| Dashboard {
        dashboard_name: "shop".into(),
        charts: vec![Chart {
            title: "Waiting",
            metrics: vec![metric],
            period: Seconds(60),
        }],
    };
    let mut stack = Stack::new("");
    let queue = stack.add("Orders", Queue::default());
    stack.add("Board", dashboard(queue.visible_messages()));
    let template = stack.synth().unwrap();
    let body = resource(&template, "Board")["DashboardBody"]["Fn::Sub"]
        .as_str()
        .unwrap();
    let body: Json = serde_json::from_str(body).unwrap();
    assert_eq!(
        body["widgets"][0]["properties"]["metrics"],
        json!([["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "${Orders.QueueName}", { "stat": "Maximum" }]])
    );

    let elsewhere = Metric {
        dimensions: vec![("QueueName", Value::sub("${Nowhere.QueueName}"))],
        ..queue.visible_messages()
    };
    let mut stack = Stack::new("");
    stack.add("Board", dashboard(elsewhere));
    assert!(stack.synth().unwrap_err().to_string().contains("Nowhere"));
}
