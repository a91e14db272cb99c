//! `processConfirmation`: completes the appointments that their countries confirmed.

use std::process::ExitCode;

use schedule_aws::{AwsClients, DynamoDbAppointmentTable};
use schedule_core::names::APPOINTMENTS_TABLE;
use schedule_handlers::ProcessConfirmationHandler;
use schedule_runtime::{Success, SystemClock};

fn main() -> ExitCode {
    schedule_runtime::run(Success::Confirmed, |settings| {
        let clients = AwsClients::from_environment()?;
        let table = DynamoDbAppointmentTable::new(&clients, settings.text(APPOINTMENTS_TABLE)?);
        Ok(ProcessConfirmationHandler::new(table, SystemClock))
    })
}
