//! Whoever is woken finds a section, and whatever can go wrong with a queue wakes somebody.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::{collections::BTreeSet, fs, path::Path};

use infra_synth_cfn::Template;
use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::{Map, Value as Json, json};

fn template(stage: &str) -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("stages");
    appointment_stack(&StageSettings::load(&stages, stage).unwrap()).unwrap()
}

fn resources(template: &Template) -> &Map<String, Json> {
    template.as_value()["Resources"].as_object().unwrap()
}

fn of_type<'a>(template: &'a Template, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Json)> {
    resources(template)
        .iter()
        .filter(move |(_, resource)| resource["Type"] == kind)
        .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
}

fn alarms(template: &Template) -> impl Iterator<Item = (&str, &Json)> {
    of_type(template, "AWS::CloudWatch::Alarm")
}

/// The runbook's sections of alarms, each with those that its heading names.
fn sections() -> Vec<(Vec<String>, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/runbook.md");
    let text = fs::read_to_string(file).unwrap();
    let sections = text.split("\n## ").filter(|section| section.starts_with('`'));
    let sections = sections.map(|section| {
        let (heading, body) = section.split_once('\n').unwrap();
        let names = heading.split('`').skip(1).step_by(2).map(str::to_owned);
        (names.collect(), body.to_owned())
    });
    sections.collect()
}

/// The alarms on one metric of one resource, by its dimension.
fn watching(template: &Template, metric: &str, dimension: &str, value: &Json) -> Vec<String> {
    alarms(template)
        .filter(|(_, alarm)| {
            alarm["MetricName"] == metric
                && alarm["Dimensions"] == json!([{ "Name": dimension, "Value": value }])
        })
        .map(|(id, _)| id.to_owned())
        .collect()
}

#[test]
fn every_alarm_has_one_section_and_every_section_its_alarms() {
    let dev = template("dev");
    let alarms: Vec<&str> = alarms(&dev).map(|(id, _)| id).collect();
    let sections = sections();
    let mut named: Vec<&str> = sections
        .iter()
        .flat_map(|(names, _)| names)
        .map(String::as_str)
        .collect();
    named.sort_unstable();
    let mut expected = alarms;
    expected.sort_unstable();
    assert_eq!(named, expected);
}

#[test]
fn every_section_says_what_it_means_where_to_look_and_what_mends_it() {
    for (names, body) in sections() {
        for part in ["\n**Means.** ", "\n**Look.** ", "\n**Mend.** "] {
            assert_eq!(
                body.matches(part).count(),
                1,
                "`{part}` in the section of {names:?}"
            );
        }
    }
}

#[test]
fn every_queue_has_its_alarm() {
    let dev = template("dev");
    let work: BTreeSet<&str> = of_type(&dev, "AWS::Lambda::EventSourceMapping")
        .map(|(_, mapping)| mapping["EventSourceArn"]["Fn::GetAtt"][0].as_str().unwrap())
        .collect();
    for (queue, _) in of_type(&dev, "AWS::SQS::Queue") {
        let (metric, alarm) = if work.contains(queue) {
            ("ApproximateAgeOfOldestMessage", format!("{queue}AgeAlarm"))
        } else {
            ("ApproximateNumberOfMessagesVisible", format!("{queue}Alarm"))
        };
        let name = json!({ "Fn::GetAtt": [queue, "QueueName"] });
        assert_eq!(watching(&dev, metric, "QueueName", &name), [alarm], "{queue}");
    }
}

#[test]
fn one_dead_letter_is_an_alarm_at_once() {
    let dev = template("dev");
    let mut seen = 0;
    for (id, alarm) in alarms(&dev).filter(|(id, _)| id.ends_with("DeadLetterQueueAlarm")) {
        let when = (
            &alarm["Threshold"],
            &alarm["ComparisonOperator"],
            &alarm["EvaluationPeriods"],
        );
        assert_eq!(
            when,
            (&json!(0), &json!("GreaterThanThreshold"), &json!(1)),
            "{id}"
        );
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn every_function_has_alarms_on_errors_and_throttles() {
    let dev = template("dev");
    for (function, _) in of_type(&dev, "AWS::Lambda::Function") {
        for metric in ["Errors", "Throttles"] {
            let alarms = watching(&dev, metric, "FunctionName", &json!({ "Ref": function }));
            assert_eq!(alarms.len(), 1, "{metric} of {function}");
        }
    }
}

#[test]
fn every_rule_has_an_alarm_by_its_name_and_bus() {
    let dev = template("dev");
    for (rule, properties) in of_type(&dev, "AWS::Events::Rule") {
        let name = json!({ "Name": "RuleName", "Value": properties["Name"] });
        let bus = properties
            .get("EventBusName")
            .map(|bus| json!({ "Name": "EventBusName", "Value": bus }));
        let dimensions: Vec<Json> = bus.into_iter().chain([name]).collect();
        let found: Vec<&str> = alarms(&dev)
            .filter(|(_, alarm)| {
                alarm["MetricName"] == "FailedInvocations" && alarm["Dimensions"] == json!(dimensions)
            })
            .map(|(id, _)| id)
            .collect();
        assert_eq!(found.len(), 1, "{rule}: {found:?}");
    }
}

#[test]
fn the_silence_of_what_announces_again_is_an_alarm() {
    for stage in ["dev", "prod"] {
        let template = template(stage);
        let function = json!({ "Ref": "RepublishPendingLambdaFunction" });
        let names = watching(&template, "OldestPendingAge", "FunctionName", &function);
        assert_eq!(names, ["PendingAgeAlarm"]);
        let alarm = &resources(&template)["PendingAgeAlarm"]["Properties"];
        assert_eq!(alarm["TreatMissingData"], "breaching");
    }
}

#[test]
fn every_alarm_tells_the_topic_and_names_its_section() {
    for stage in ["dev", "prod"] {
        let template = template(stage);
        for (id, alarm) in alarms(&template) {
            let topic = json!([{ "Ref": "AlarmTopic" }]);
            assert_eq!(
                (&alarm["AlarmActions"], &alarm["OKActions"]),
                (&topic, &topic),
                "{id}"
            );
            let description = alarm["AlarmDescription"].as_str().unwrap();
            assert!(
                description.ends_with(&format!("see {id} in docs/runbook.md")),
                "{description}"
            );
        }
    }
}

#[test]
fn the_dashboard_charts_every_metric_that_an_alarm_watches() {
    let dev = template("dev");
    let body = resources(&dev)["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        .as_str()
        .unwrap();
    let body: Json = serde_json::from_str(body).unwrap();
    let charted: BTreeSet<(String, String)> = body["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|widget| widget["properties"]["metrics"].as_array().unwrap())
        .map(|line| {
            (
                line[1].to_string(),
                line[line.as_array().unwrap().len() - 2].to_string(),
            )
        })
        .collect();
    for (id, alarm) in alarms(&dev) {
        let of = alarm["Dimensions"].as_array().unwrap().last().unwrap();
        let value = match &of["Value"] {
            Json::String(text) => text.clone(),
            value => match value["Ref"].as_str() {
                Some(id) => format!("${{{id}}}"),
                None => format!("${{{}.QueueName}}", value["Fn::GetAtt"][0].as_str().unwrap()),
            },
        };
        let line = (alarm["MetricName"].to_string(), json!(value).to_string());
        assert!(charted.contains(&line), "{id}: {line:?}");
    }
}
