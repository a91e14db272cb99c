use std::io::{self, Write};

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    eventbridge::EventBridgeEvent,
    sqs::{SqsBatchResponse, SqsEvent},
};
use jiff::Timestamp;
use schedule_core::names;
use schedule_handlers::{CreateAppointmentResponse, ProcessConfirmationResponse, RepublishSummary};
use serde_json::json;

/// What a function's success is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Success {
    /// An appointment was accepted for the first time.
    Created,
    /// An appointment is in its country's database, and that is announced.
    Processed,
    /// An appointment is completed, and was not before.
    Confirmed,
    /// Nothing: reading changes nothing, and what is measured says more.
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests or messages that did what they were for.
    pub succeeded: usize,
    /// Requests that were refused for what is in them, and messages that go back to their queue.
    pub rejected: usize,
    /// What else was measured; unlike the two above it is written also where it is zero.
    pub measures: Vec<Measure>,
}

/// A figure of its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The metric.
    pub name: &'static str,
    /// What it is measured in.
    pub unit: Unit,
    /// How much.
    pub value: u64,
}

impl Measure {
    /// So many.
    #[must_use]
    pub const fn count(name: &'static str, count: usize) -> Self {
        Self {
            name,
            unit: Unit::Count,
            value: count as u64,
        }
    }
}

/// A unit, as CloudWatch spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Time.
    Seconds,
}

impl Unit {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Seconds => "Seconds",
        }
    }
}

impl Counts {
    /// Writes the counts as one line in CloudWatch's embedded metric format, which makes metrics of log lines: no
    /// call, no permission. Nothing is written where nothing is counted.
    pub(crate) fn write(&self, success: Success, function: &str) {
        let Some(line) = self.line(success, function, Timestamp::now()) else {
            return;
        };
        // Standard output is the log: where it is gone, nobody can be told.
        let _ = io::stdout().write_all(line.as_bytes());
    }

    fn line(&self, success: Success, function: &str, now: Timestamp) -> Option<String> {
        let succeeded = success.metric().map(|name| Measure::count(name, self.succeeded));
        let counted: Vec<Measure> = succeeded
            .into_iter()
            .chain([Measure::count("rejected", self.rejected)])
            .filter(|measure| measure.value > 0)
            .chain(self.measures.iter().copied())
            .collect();
        if counted.is_empty() {
            return None;
        }
        let metrics: Vec<_> = counted
            .iter()
            .map(|measure| json!({"Name": measure.name, "Unit": measure.unit.as_str()}))
            .collect();
        let mut line = json!({
            "_aws": {
                "Timestamp": now.as_millisecond(),
                "CloudWatchMetrics": [
                    {"Namespace": names::METRICS_NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": metrics}
                ],
            },
            "FunctionName": function,
        });
        for measure in counted {
            line[measure.name] = json!(measure.value);
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
                ..Counts::default()
            },
            400..=499 => Counts {
                rejected: messages,
                ..Counts::default()
            },
            _ => Counts::default(),
        }
    }
}

impl Counted<CreateAppointmentResponse> for ApiGatewayV2httpRequest {
    fn messages(&self) -> usize {
        1
    }

    /// A replay is no success: the request before it was counted.
    fn counts(messages: usize, response: &CreateAppointmentResponse) -> Counts {
        let late = response
            .announced_late
            .then_some(Measure::count("AnnouncedLate", messages));
        let counts = Self::counts(messages, &response.response);
        Counts {
            succeeded: if response.replayed { 0 } else { counts.succeeded },
            measures: late.into_iter().collect(),
            ..counts
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
            ..Counts::default()
        }
    }
}

impl Counted<ProcessConfirmationResponse> for SqsEvent {
    fn messages(&self) -> usize {
        self.records.len()
    }

    /// A confirmation that comes again is no success: the one before it was counted.
    fn counts(messages: usize, response: &ProcessConfirmationResponse) -> Counts {
        let counts = Self::counts(messages, &response.response);
        Counts {
            succeeded: counts.succeeded.saturating_sub(response.completed_before),
            ..counts
        }
    }
}

impl Counted<RepublishSummary> for EventBridgeEvent {
    fn messages(&self) -> usize {
        1
    }

    /// Zero too: the alarm on the oldest takes silence for a failure. A table that was seen in part is silence, because
    /// its figures would be too good.
    fn counts(_: usize, summary: &RepublishSummary) -> Counts {
        let mut measures = vec![Measure::count("Republished", summary.republished)];
        if summary.shards_failed == 0 {
            measures.push(Measure::count(
                "PendingAppointments",
                summary.pending_appointments,
            ));
            measures.push(Measure {
                name: names::OLDEST_PENDING_AGE,
                unit: Unit::Seconds,
                value: summary.oldest_pending_age.unsigned_abs(),
            });
        }
        Counts {
            measures,
            ..Counts::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[track_caller]
    fn check(success: Success, succeeded: usize, rejected: usize, expected: Option<&str>) {
        let counts = Counts {
            succeeded,
            rejected,
            ..Counts::default()
        };
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

    /// The line of a run of `republishPending`.
    fn run_line(summary: RepublishSummary) -> Value {
        let counts = EventBridgeEvent::counts(1, &summary);
        let line = counts.line(
            Success::Uncounted,
            "appointment-dev-republishPending",
            Timestamp::UNIX_EPOCH,
        );
        serde_json::from_str(&line.expect("a run is always a line")).expect("a line is JSON")
    }

    #[test]
    fn a_run_that_found_nothing_says_so() {
        let expected = json!({
            "_aws": {"Timestamp": 0, "CloudWatchMetrics": [{
                "Namespace": "MedicalSchedule",
                "Dimensions": [["FunctionName"]],
                "Metrics": [
                    {"Name": "Republished", "Unit": "Count"},
                    {"Name": "PendingAppointments", "Unit": "Count"},
                    {"Name": "OldestPendingAge", "Unit": "Seconds"},
                ],
            }]},
            "FunctionName": "appointment-dev-republishPending",
            "Republished": 0,
            "PendingAppointments": 0,
            "OldestPendingAge": 0,
        });
        assert_eq!(run_line(RepublishSummary::default()), expected);
    }

    #[test]
    fn a_run_that_saw_the_table_in_part_says_nothing_of_what_waits() {
        let summary = RepublishSummary {
            republished: 3,
            shards_failed: 1,
            ..RepublishSummary::default()
        };
        let line = run_line(summary);
        assert_eq!(line["Republished"], 3);
        assert_eq!(line.get("OldestPendingAge"), None);
        assert_eq!(line.get("PendingAppointments"), None);
    }

    #[test]
    fn an_appointment_that_is_announced_late_is_created_and_counted_as_late() {
        for (announced_late, expected) in [(false, vec![]), (true, vec![Measure::count("AnnouncedLate", 1)])]
        {
            let mut response = ApiGatewayV2httpResponse::default();
            response.status_code = 201;
            let response = CreateAppointmentResponse {
                response,
                replayed: false,
                announced_late,
            };
            let counts = ApiGatewayV2httpRequest::counts(1, &response);
            assert_eq!((counts.succeeded, counts.rejected), (1, 0));
            assert_eq!(counts.measures, expected);
        }
    }

    #[test]
    fn a_replay_is_not_created_again_but_counted_if_it_is_announced_late() {
        for (announced_late, expected) in [(false, vec![]), (true, vec![Measure::count("AnnouncedLate", 1)])]
        {
            let mut response = ApiGatewayV2httpResponse::default();
            response.status_code = 201;
            let response = CreateAppointmentResponse {
                response,
                replayed: true,
                announced_late,
            };
            let counts = ApiGatewayV2httpRequest::counts(1, &response);
            assert_eq!((counts.succeeded, counts.rejected), (0, 0));
            assert_eq!(counts.measures, expected);
        }
    }

    #[test]
    fn what_was_completed_before_is_not_confirmed_again() {
        let mut response = SqsBatchResponse::default();
        response.add_failure("m1");
        let response = ProcessConfirmationResponse {
            response,
            completed_before: 3,
        };
        let counts = SqsEvent::counts(10, &response);
        assert_eq!((counts.succeeded, counts.rejected), (6, 1));
    }
}
