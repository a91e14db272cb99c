use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::{Value as Json, json};

use crate::{
    Resource, Seconds, Value,
    kind::{Text, TopicArn},
    stack::to_json,
};

/// A series of numbers that CloudWatch keeps, and what is made of those of one period.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Who writes it, for example `AWS/SQS`.
    pub namespace: &'static str,
    /// Its name in there.
    pub name: &'static str,
    /// Name and value of each part of its identity: with another set of names it is another metric.
    pub dimensions: Vec<(&'static str, Value<Text>)>,
    /// What is made of a period's numbers.
    pub statistic: Statistic,
}

/// What is made of the numbers of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// All together: for what is counted.
    Sum,
    /// The largest: for a level that is reported now and then.
    Maximum,
    /// What 99 of 100 stay under.
    P99,
}

impl Statistic {
    const fn name(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Maximum => "Maximum",
            Self::P99 => "p99",
        }
    }
}

/// `AWS::CloudWatch::Alarm` on one metric that is too high.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// The physical name; CloudFormation chooses one when there is none.
    pub alarm_name: Option<Value<Text>>,
    /// What the person who is told should read first.
    pub alarm_description: String,
    /// What it watches.
    pub metric: Metric,
    /// How long one period is: 10, 30 or a multiple of 60 seconds.
    pub period: Seconds,
    /// How many periods it looks back.
    pub evaluation_periods: u32,
    /// The most that is well; more is an alarm.
    pub threshold: u32,
    /// What a period without any number is taken for.
    pub missing_data: MissingData,
    /// Whom it tells, when it goes off and when it is over.
    pub notify: Value<TopicArn>,
}

/// What a period without any number is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingData {
    /// All is well: for what is only written when something happens.
    NotBreaching,
    /// An alarm: for what is written all the time by somebody who may have stopped.
    Breaching,
}

impl Serialize for Alarm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let metric = &self.metric;
        let dimensions: Vec<Json> = metric
            .dimensions
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        // CloudFormation takes a percentile under another name than the other statistics.
        let statistic = match metric.statistic {
            Statistic::P99 => "ExtendedStatistic",
            Statistic::Sum | Statistic::Maximum => "Statistic",
        };
        let missing = match self.missing_data {
            MissingData::NotBreaching => "notBreaching",
            MissingData::Breaching => "breaching",
        };
        let mut alarm = serializer.serialize_struct("Alarm", 13)?;
        alarm.serialize_field("AlarmName", &self.alarm_name)?;
        alarm.serialize_field("AlarmDescription", &self.alarm_description)?;
        alarm.serialize_field("Namespace", metric.namespace)?;
        alarm.serialize_field("MetricName", metric.name)?;
        alarm.serialize_field("Dimensions", &dimensions)?;
        alarm.serialize_field(statistic, metric.statistic.name())?;
        alarm.serialize_field("Period", &self.period)?;
        alarm.serialize_field("EvaluationPeriods", &self.evaluation_periods)?;
        alarm.serialize_field("Threshold", &self.threshold)?;
        alarm.serialize_field("ComparisonOperator", "GreaterThanThreshold")?;
        alarm.serialize_field("TreatMissingData", missing)?;
        alarm.serialize_field("AlarmActions", &[&self.notify])?;
        alarm.serialize_field("OKActions", &[&self.notify])?;
        alarm.end()
    }
}

impl Resource for Alarm {
    fn resource_type(&self) -> &'static str {
        "AWS::CloudWatch::Alarm"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

/// `AWS::CloudWatch::Dashboard`: charts, two in a row.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The physical name.
    pub dashboard_name: Value<Text>,
    /// The charts, in reading order.
    pub charts: Vec<Chart>,
}

/// Lines over time in one frame.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What it shows.
    pub title: &'static str,
    /// The lines.
    pub metrics: Vec<Metric>,
    /// The length of time that is one point.
    pub period: Seconds,
}

/// A dashboard's grid is 24 wide.
const CHART_WIDTH: usize = 12;
const CHART_HEIGHT: usize = 6;

impl Resource for Dashboard {
    fn resource_type(&self) -> &'static str {
        "AWS::CloudWatch::Dashboard"
    }

    /// The body is JSON inside a text, so every reference in it is written as `Fn::Sub` writes it.
    fn properties(&self) -> Json {
        let widgets: Vec<Json> = self
            .charts
            .iter()
            .enumerate()
            .map(|(position, chart)| chart.widget(position))
            .collect();
        let body = json!({ "widgets": widgets }).to_string();
        json!({
            "DashboardName": self.dashboard_name,
            "DashboardBody": Value::<Text>::sub(body),
        })
    }
}

impl Chart {
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>
    fn widget(&self, position: usize) -> Json {
        let metrics: Vec<Json> = self.metrics.iter().map(line).collect();
        json!({
            "type": "metric",
            "x": position % 2 * CHART_WIDTH,
            "y": position / 2 * CHART_HEIGHT,
            "width": CHART_WIDTH,
            "height": CHART_HEIGHT,
            "properties": {
                "title": self.title,
                "view": "timeSeries",
                "region": "${AWS::Region}",
                "period": self.period,
                "metrics": metrics,
            },
        })
    }
}

fn line(metric: &Metric) -> Json {
    let mut line = vec![json!(metric.namespace), json!(metric.name)];
    for (name, value) in &metric.dimensions {
        line.push(json!(name));
        line.push(json!(value.in_sub()));
    }
    line.push(json!({ "stat": metric.statistic.name() }));
    Json::Array(line)
}
