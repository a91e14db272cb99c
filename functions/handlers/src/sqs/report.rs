use std::fmt::Display;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use schedule_core::{AppointmentId, ports::PortError};

use crate::HandlerError;

/// What became of the messages of a batch: one line in the log each, and an answer that names those that failed.
#[derive(Default)]
pub(super) struct Report {
    response: SqsBatchResponse,
    unnamed_failed: bool,
}

/// Why a message failed, as far as it may be said in a log.
pub(super) struct Failure<'a> {
    pub(super) appointment_id: Option<AppointmentId>,
    pub(super) reason: &'a dyn Display,
    pub(super) cause: Option<&'a PortError>,
}

impl Report {
    /// Notes that a message was dealt with, so that its queue may forget it.
    pub(super) fn succeeded(message: &SqsMessage, appointment_id: AppointmentId, outcome: &'static str) {
        tracing::info!(
            message_id = message.message_id,
            receive_count = receive_count(message),
            appointment_id = %appointment_id,
            outcome,
            "message processed"
        );
    }

    /// Notes that a message failed, so that its queue delivers it again, or lays it aside.
    pub(super) fn failed(&mut self, message: &SqsMessage, failure: &Failure<'_>) {
        let cause = failure.cause;
        tracing::error!(
            message_id = message.message_id,
            receive_count = receive_count(message),
            appointment_id = failure.appointment_id.map(tracing::field::display),
            kind = cause.map(|cause| tracing::field::display(cause.kind())),
            operation = cause.map(PortError::operation),
            cause = cause.map(PortError::message),
            reason = %failure.reason,
            "message failed"
        );
        match message.message_id.as_deref() {
            Some(id) if !id.is_empty() => self.response.add_failure(id),
            _ => self.unnamed_failed = true,
        }
    }

    /// The answer to Lambda.
    pub(super) fn into_response(self) -> Result<SqsBatchResponse, HandlerError> {
        if self.unnamed_failed {
            Err(HandlerError::UnnamedMessage)
        } else {
            Ok(self.response)
        }
    }
}

fn receive_count(message: &SqsMessage) -> Option<&str> {
    message
        .attributes
        .get("ApproximateReceiveCount")
        .map(String::as_str)
}
