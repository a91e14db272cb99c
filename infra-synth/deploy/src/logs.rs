use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;

use crate::AwsError;

/// What the functions have written.
#[derive(Debug, Clone)]
pub struct Logs {
    client: Client,
    pace: Duration,
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LogLine {
    /// CloudWatch's identifier of it. An emulator may give none.
    pub id: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The log group that it is in.
    pub group: String,
    /// What was written.
    pub message: String,
}

impl Logs {
    pub(crate) fn new(client: Client, pace: Duration) -> Self {
        Self { client, pace }
    }

    /// How long to wait between two looks.
    pub fn pace(&self) -> Duration {
        self.pace
    }

    /// The lines of some log groups from a moment on (milliseconds since 1970), in the order of their time.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn since(&self, groups: &[String], from: i64) -> Result<Vec<LogLine>, AwsError> {
        let mut lines = Vec::new();
        for group in groups {
            let call = self
                .client
                .filter_log_events()
                .log_group_name(group)
                .start_time(from);
            let mut pages = call.into_paginator().send();
            while let Some(page) = pages.next().await {
                let page = page.map_err(AwsError::of("FilterLogEvents"))?;
                lines.extend(page.events().iter().map(|event| LogLine {
                    id: event.event_id().unwrap_or_default().to_owned(),
                    at: event.timestamp().unwrap_or_default(),
                    group: group.clone(),
                    message: event.message().unwrap_or_default().trim_end().to_owned(),
                }));
            }
        }
        lines.sort_by(|one, other| (one.at, &one.group).cmp(&(other.at, &other.group)));
        Ok(lines)
    }
}
