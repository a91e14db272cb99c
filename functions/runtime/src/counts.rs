use std::io::{self, Write};

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    sqs::{SqsBatchResponse, SqsEvent},
};
use jiff::Timestamp;
use serde_json::json;

/// The namespace of the metrics.
const NAMESPACE: &str = "MedicalSchedule";

/// What a function's success is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Success {
    /// An appointment was accepted.
    Created,
    /// An appointment is in its country's database, and that is announced.
    Processed,
    /// An appointment is completed.
    Confirmed,
    /// Nothing: reading changes nothing.
    Uncounted,
}

impl Success {
    const fn metric(self) -> Option<&'static str> {
        match self {
            Self::Created => Some("created"),
            Self::Processed => Some("processed"),
            Self::Confirmed => Some("confirmed"),
            Self::Uncounted => None,
        }
    }
}

/// What came of an invocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests or messages that did what they were for.
    pub succeeded: usize,
    /// Requests that were refused for what is in them, and messages that go back to their queue.
    pub rejected: usize,
}

impl Counts {
    /// Writes the counts as one line in CloudWatch's embedded metric format, which makes metrics of log lines: no
    /// call, no permission. Nothing is written where nothing is counted.
    pub(crate) fn write(self, success: Success, function: &str) {
        let Some(line) = self.line(success, function, Timestamp::now()) else {
            return;
        };
        // Standard output is the log: where it is gone, nobody can be told.
        let _ = io::stdout().write_all(line.as_bytes());
    }

    fn line(self, success: Success, function: &str, now: Timestamp) -> Option<String> {
        let succeeded = success.metric().map(|name| (name, self.succeeded));
        let counted: Vec<_> = succeeded
            .into_iter()
            .chain([("rejected", self.rejected)])
            .filter(|(_, count)| *count > 0)
            .collect();
        if counted.is_empty() {
            return None;
        }
        let metrics: Vec<_> = counted
            .iter()
            .map(|(name, _)| json!({"Name": name, "Unit": "Count"}))
            .collect();
        let mut line = json!({
            "_aws": {
                "Timestamp": now.as_millisecond(),
                "CloudWatchMetrics": [
                    {"Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": metrics}
                ],
            },
            "FunctionName": function,
        });
        for (name, count) in counted {
            line[name] = json!(count);
        }
        Some(format!("{line}\n"))
    }
}

/// An event whose outcome can be counted by its response.
pub trait Counted<Response> {
    /// How many requests or messages it holds.
    fn messages(&self) -> usize;

    /// What came of that many, by the response.
    fn counts(messages: usize, response: &Response) -> Counts;
}

impl Counted<ApiGatewayV2httpResponse> for ApiGatewayV2httpRequest {
    fn messages(&self) -> usize {
        1
    }

    /// A failure of ours is neither a success nor a refusal; the alarms on errors see it.
    fn counts(messages: usize, response: &ApiGatewayV2httpResponse) -> Counts {
        match response.status_code {
            200..=299 => Counts {
                succeeded: messages,
                rejected: 0,
            },
            400..=499 => Counts {
                succeeded: 0,
                rejected: messages,
            },
            _ => Counts::default(),
        }
    }
}

impl Counted<SqsBatchResponse> for SqsEvent {
    fn messages(&self) -> usize {
        self.records.len()
    }

    fn counts(messages: usize, response: &SqsBatchResponse) -> Counts {
        let rejected = response.batch_item_failures.len();
        Counts {
            succeeded: messages.saturating_sub(rejected),
            rejected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(success: Success, succeeded: usize, rejected: usize, expected: Option<&str>) {
        let counts = Counts { succeeded, rejected };
        let line = counts.line(success, "createAppointment", Timestamp::UNIX_EPOCH);
        assert_eq!(line.as_deref(), expected);
    }

    #[test]
    fn a_line_names_the_metrics_that_it_holds() {
        let expected = concat!(
            r#"{"_aws":{"Timestamp":0,"CloudWatchMetrics":[{"Namespace":"MedicalSchedule","#,
            r#""Dimensions":[["FunctionName"]],"Metrics":[{"Name":"processed","Unit":"Count"},"#,
            r#"{"Name":"rejected","Unit":"Count"}]}]},"FunctionName":"createAppointment","#,
            r#""processed":7,"rejected":3}"#,
            "\n"
        );
        check(Success::Processed, 7, 3, Some(expected));
    }

    #[test]
    fn nothing_counted_is_no_line() {
        check(Success::Created, 0, 0, None);
        check(Success::Uncounted, 1, 0, None);
    }

    #[test]
    fn a_refusal_is_rejected_and_a_failure_of_ours_is_not() {
        for (status, expected) in [(201, (1, 0)), (400, (0, 1)), (415, (0, 1)), (503, (0, 0))] {
            let mut response = ApiGatewayV2httpResponse::default();
            response.status_code = status;
            let counts = ApiGatewayV2httpRequest::counts(1, &response);
            assert_eq!((counts.succeeded, counts.rejected), expected, "{status}");
        }
    }

    #[test]
    fn a_batch_counts_what_goes_back_as_rejected() {
        let mut response = SqsBatchResponse::default();
        response.add_failure("m1");
        let counts = SqsEvent::counts(10, &response);
        assert_eq!((counts.succeeded, counts.rejected), (9, 1));
    }
}
