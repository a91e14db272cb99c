//! `createAppointment`: accepts an appointment, stores it and tells its country.

use std::process::ExitCode;

use schedule_aws::{AwsClients, DynamoDbAppointmentTable, SnsAppointmentTopic};
use schedule_core::names::{APPOINTMENTS_TABLE, SNS_TOPIC_ARN};
use schedule_handlers::{AuthMode, CreateAppointmentHandler};
use schedule_runtime::{Success, SystemClock, TimeOrderedIds};

fn main() -> ExitCode {
    schedule_runtime::run(Success::Created, |settings| {
        let clients = AwsClients::from_environment()?;
        let table = DynamoDbAppointmentTable::new(&clients, settings.text(APPOINTMENTS_TABLE)?);
        let topic = SnsAppointmentTopic::new(&clients, settings.text(SNS_TOPIC_ARN)?);
        Ok(CreateAppointmentHandler::new(
            table,
            topic,
            SystemClock,
            TimeOrderedIds,
            AuthMode::from_variables(|name| settings.text(name))?,
        ))
    })
}
