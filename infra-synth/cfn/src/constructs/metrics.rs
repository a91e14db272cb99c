//! `resource.…()`: the metrics that AWS's services write of a resource, by the names and dimensions that each
//! service's own page gives.

use crate::{
    Handle, Value,
    constructs::LambdaFunction,
    kind::Text,
    resources::{EventBus, HttpApi, Metric, Queue, Statistic},
};

/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>
impl Handle<Queue> {
    /// How many messages can be received.
    pub fn visible_messages(&self) -> Metric {
        self.metric("ApproximateNumberOfMessagesVisible")
    }

    /// How long the oldest message has waited, in seconds; one that was received more than three times and still
    /// fails is not counted.
    pub fn oldest_message_age(&self) -> Metric {
        self.metric("ApproximateAgeOfOldestMessage")
    }

    fn metric(&self, name: &'static str) -> Metric {
        Metric {
            namespace: "AWS/SQS",
            name,
            dimensions: vec![("QueueName", self.name())],
            statistic: Statistic::Maximum,
        }
    }
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html>
impl LambdaFunction {
    /// Invocations that ended in an error or a timeout.
    pub fn errors(&self) -> Metric {
        self.metric("Errors")
    }

    /// Invocations that were refused because too many ran.
    pub fn throttles(&self) -> Metric {
        self.metric("Throttles")
    }

    /// The longest that an invocation took, in milliseconds.
    pub fn duration(&self) -> Metric {
        Metric {
            statistic: Statistic::Maximum,
            ..self.metric("Duration")
        }
    }

    fn metric(&self, name: &'static str) -> Metric {
        Metric {
            namespace: "AWS/Lambda",
            name,
            dimensions: vec![("FunctionName", self.name())],
            statistic: Statistic::Sum,
        }
    }
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html>
impl Handle<HttpApi> {
    /// Answers that were our fault.
    pub fn server_errors(&self) -> Metric {
        self.metric("5xx", Statistic::Sum)
    }

    /// Requests.
    pub fn requests(&self) -> Metric {
        self.metric("Count", Statistic::Sum)
    }

    /// What 99 of 100 requests are answered within, in milliseconds.
    pub fn latency(&self) -> Metric {
        self.metric("Latency", Statistic::P99)
    }

    fn metric(&self, name: &'static str, statistic: Statistic) -> Metric {
        Metric {
            namespace: "AWS/ApiGateway",
            name,
            dimensions: vec![("ApiId", self.id().text())],
            statistic,
        }
    }
}

/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html>
impl Metric {
    /// Events that a rule took and could not deliver for good.
    ///
    /// By the rule's name, since `Ref` of a rule on a bus of ours gives bus and name in one text. A rule on the
    /// account's default bus is counted without the bus.
    pub fn failed_invocations(bus: Option<&Handle<EventBus>>, rule_name: &str) -> Self {
        let bus = bus.map(|bus| ("EventBusName", bus.name().text()));
        let rule: (&str, Value<Text>) = ("RuleName", rule_name.into());
        Self {
            namespace: "AWS/Events",
            name: "FailedInvocations",
            dimensions: bus.into_iter().chain([rule]).collect(),
            statistic: Statistic::Sum,
        }
    }
}
