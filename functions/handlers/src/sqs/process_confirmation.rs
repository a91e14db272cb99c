use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use futures_util::future::join_all;
use schedule_core::{
    ports::{AppointmentTable, Clock},
    use_cases::{CompleteAppointment, Completion},
};
use serde::Serialize;

use super::{
    bodies,
    report::{Report, Subject},
};
use crate::{EventHandler, HandlerError, Invocation};

/// The queue of confirmations: completes the appointments.
#[derive(Clone, Debug)]
pub struct ProcessConfirmationHandler<Table, Time> {
    complete_appointment: CompleteAppointment<Table, Time>,
}

impl<Table: AppointmentTable, Time: Clock> ProcessConfirmationHandler<Table, Time> {
    /// The handler over these ports.
    #[must_use]
    pub const fn new(table: Table, clock: Time) -> Self {
        Self {
            complete_appointment: CompleteAppointment::new(table, clock),
        }
    }
}

impl<Table: AppointmentTable, Time: Clock> EventHandler for ProcessConfirmationHandler<Table, Time> {
    type Event = SqsEvent;
    type Response = ProcessConfirmationResponse;

    async fn handle(
        &self,
        event: Self::Event,
        invocation: &Invocation,
    ) -> Result<Self::Response, HandlerError> {
        let mut report = Report::default();
        let mut completed_before = 0;
        let mut messages = Vec::with_capacity(event.records.len());
        for message in &event.records {
            match bodies::confirmed_appointment(message.body.as_deref().unwrap_or_default()) {
                Ok(confirmed) => messages.push((message, confirmed)),
                Err(error) => report.malformed(message, error),
            }
        }

        // All at once: each is a call of its own, and none depends on another.
        let until = invocation.work_until();
        let completions = messages.iter().map(|(_, confirmed)| {
            self.complete_appointment
                .execute(&confirmed.appointment_id, until)
        });
        let outcomes = join_all(completions).await;
        for ((message, confirmed), outcome) in messages.into_iter().zip(outcomes) {
            let subject = Subject {
                appointment_id: Some(confirmed.appointment_id),
                request_id: confirmed.request_id,
            };
            match outcome {
                Ok(Completion::Completed) => Report::succeeded(message, &subject, "completed"),
                Ok(Completion::AlreadyCompleted) => {
                    completed_before += 1;
                    Report::succeeded(message, &subject, "was completed before");
                }
                Err(error) => report.failed(message, &subject, &error, error.port_error()),
            }
        }
        Ok(ProcessConfirmationResponse {
            response: report.into_response()?,
            completed_before,
        })
    }
}

/// What Lambda gets, and what only the system's own figures need.
#[derive(Serialize)]
#[serde(transparent)]
pub struct ProcessConfirmationResponse {
    /// The messages that failed, and all that Lambda is given.
    pub response: SqsBatchResponse,
    /// How many messages confirmed what was completed before.
    #[serde(skip)]
    pub completed_before: usize,
}
