use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use schedule_core::{
    AppointmentId, Country,
    ports::{Clock, ConfirmationBus, CountryDatabase},
    use_cases::ProcessAppointments,
};

use super::{
    bodies,
    report::{Failure, Report},
};
use crate::{EventHandler, HandlerError};

/// The queue of a country: enters its appointments in the country's database and confirms them.
#[derive(Clone, Debug)]
pub struct ProcessAppointmentHandler<Database, Bus, Time> {
    process_appointments: ProcessAppointments<Database, Bus, Time>,
}

impl<Database, Bus, Time> ProcessAppointmentHandler<Database, Bus, Time>
where
    Database: CountryDatabase,
    Bus: ConfirmationBus,
    Time: Clock,
{
    /// The handler for this country over these ports; `database` must be the country's.
    #[must_use]
    pub const fn new(country: Country, database: Database, bus: Bus, clock: Time) -> Self {
        Self {
            process_appointments: ProcessAppointments::new(country, database, bus, clock),
        }
    }
}

impl<Database, Bus, Time> EventHandler for ProcessAppointmentHandler<Database, Bus, Time>
where
    Database: CountryDatabase,
    Bus: ConfirmationBus,
    Time: Clock,
{
    type Event = SqsEvent;
    type Response = SqsBatchResponse;

    async fn handle(&self, event: Self::Event) -> Result<Self::Response, HandlerError> {
        let mut report = Report::default();
        let mut messages: Vec<(&SqsMessage, AppointmentId)> = Vec::with_capacity(event.records.len());
        let mut appointments = Vec::with_capacity(event.records.len());
        for message in &event.records {
            match bodies::appointment_created(message.body.as_deref().unwrap_or_default()) {
                Ok(created) => {
                    messages.push((message, created.data.appointment_id));
                    appointments.push(created.data);
                }
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

        let outcomes = self.process_appointments.execute(appointments).await;
        for ((message, appointment_id), outcome) in messages.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => Report::succeeded(message, appointment_id, "inserted and confirmed"),
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
