use std::fmt::Display;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use schedule_core::{AppointmentId, RequestId, ports::PortError};

use super::bodies::MalformedMessage;
use crate::HandlerError;

/// What became of the messages of a batch: one line in the log each, and an answer that names those that failed.
#[derive(Default)]
pub(super) struct Report {
    response: SqsBatchResponse,
    unnamed_failed: bool,
}

/// What a message is about, as far as it reads.
#[derive(Default)]
pub(super) struct Subject {
    pub(super) appointment_id: Option<AppointmentId>,
    pub(super) request_id: Option<RequestId>,
}

impl Report {
    /// Notes that a message was dealt with, so that its queue may forget it.
    pub(super) fn succeeded(message: &SqsMessage, subject: &Subject, outcome: &'static str) {
        tracing::info!(
            message_id = message.message_id,
            receive_count = receive_count(message),
            appointment_id = subject.appointment_id.map(tracing::field::display),
            request_id = subject.request_id.as_ref().map(RequestId::as_str),
            outcome,
            "message processed"
        );
    }

    /// Notes that a message does not read, and so never will succeed.
    pub(super) fn malformed(&mut self, message: &SqsMessage, error: MalformedMessage) {
        self.failed(message, &Subject::default(), &error, None);
    }

    /// Notes that a message failed, so that its queue delivers it again, or lays it aside: for what reason, as far as
    /// that may be said in a log, and because of which call.
    pub(super) fn failed(
        &mut self,
        message: &SqsMessage,
        subject: &Subject,
        reason: &dyn Display,
        cause: Option<&PortError>,
    ) {
        tracing::error!(
            message_id = message.message_id,
            receive_count = receive_count(message),
            appointment_id = subject.appointment_id.map(tracing::field::display),
            request_id = subject.request_id.as_ref().map(RequestId::as_str),
            kind = cause.map(|cause| tracing::field::display(cause.kind())),
            operation = cause.map(PortError::operation),
            cause = cause.map(PortError::message),
            reason = %reason,
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
