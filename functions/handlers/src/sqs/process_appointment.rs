use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use schedule_core::{
    Country,
    ports::{Clock, ConfirmationBus, CountryDatabase},
    use_cases::ProcessAppointments,
};

use super::{
    bodies,
    report::{Report, Subject},
};
use crate::{EventHandler, HandlerError, Invocation};

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

    async fn handle(
        &self,
        event: Self::Event,
        invocation: &Invocation,
    ) -> Result<Self::Response, HandlerError> {
        let mut report = Report::default();
        let mut messages: Vec<(&SqsMessage, Subject)> = Vec::with_capacity(event.records.len());
        let mut bodies = Vec::with_capacity(event.records.len());
        for message in &event.records {
            match bodies::appointment_created(message.body.as_deref().unwrap_or_default()) {
                Ok(created) => {
                    let subject = Subject {
                        appointment_id: Some(created.data.appointment_id),
                        request_id: created.request_id.clone(),
                    };
                    messages.push((message, subject));
                    bodies.push(created);
                }
                Err(error) => report.malformed(message, error),
            }
        }

        let outcomes = self
            .process_appointments
            .execute(bodies, invocation.work_until())
            .await;
        for ((message, subject), outcome) in messages.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => Report::succeeded(message, &subject, "inserted and confirmed"),
                Err(error) => report.failed(message, &subject, &error, error.port_error()),
            }
        }
        report.into_response()
    }
}
