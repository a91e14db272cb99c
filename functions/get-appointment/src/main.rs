//! `getAppointment`: lists the appointments of an insured.

use std::process::ExitCode;

use schedule_aws::{AwsClients, DynamoDbAppointmentTable};
use schedule_core::names::APPOINTMENTS_TABLE;
use schedule_handlers::GetAppointmentHandler;
use schedule_runtime::Success;

fn main() -> ExitCode {
    schedule_runtime::run(Success::Uncounted, |settings| {
        let clients = AwsClients::from_environment()?;
        let table = DynamoDbAppointmentTable::new(&clients, settings.text(APPOINTMENTS_TABLE)?);
        Ok(GetAppointmentHandler::new(table))
    })
}
