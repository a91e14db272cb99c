use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use futures_util::future::join_all;
use schedule_core::{
    ports::{AppointmentTable, Clock},
    use_cases::{CompleteAppointment, Completion},
};

use super::{
    bodies,
    report::{Failure, Report},
};
use crate::{EventHandler, HandlerError};

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
    type Response = SqsBatchResponse;

    async fn handle(&self, event: Self::Event) -> Result<Self::Response, HandlerError> {
        let mut report = Report::default();
        let mut messages = Vec::with_capacity(event.records.len());
        for message in &event.records {
            match bodies::confirmed_appointment(message.body.as_deref().unwrap_or_default()) {
                Ok(confirmed) => messages.push((message, confirmed.appointment_id)),
                Err(error) => {
                    report.failed(
                        message,
                        &Failure {
                            appointment_id: None,
                            reason: &error,
                            cause: None,
                        },
                    );
                }
            }
        }

        // All at once: each is a call of its own, and none depends on another.
        let completions = messages
            .iter()
            .map(|(_, id)| self.complete_appointment.execute(id));
        let outcomes = join_all(completions).await;
        for ((message, appointment_id), outcome) in messages.into_iter().zip(outcomes) {
            match outcome {
                Ok(Completion::Completed) => Report::succeeded(message, appointment_id, "completed"),
                Ok(Completion::AlreadyCompleted) => {
                    Report::succeeded(message, appointment_id, "was completed before");
                }
                Err(error) => report.failed(
                    message,
                    &Failure {
                        appointment_id: Some(appointment_id),
                        reason: &error,
                        cause: error.port_error(),
                    },
                ),
            }
        }
        report.into_response()
    }
}
