//! `getAppointment`: lists the appointments of an insured, shows one, and answers what no route takes.

use std::process::ExitCode;

use schedule_aws::{AwsClients, DynamoDbAppointmentTable, SecretsManagerCursorSecret};
use schedule_core::names::{APPOINTMENTS_TABLE, CURSOR_SECRET_ARN};
use schedule_handlers::{AuthMode, GetAppointmentHandler};
use schedule_runtime::{Success, SystemClock};

fn main() -> ExitCode {
    schedule_runtime::run(Success::Uncounted, |settings| {
        let clients = AwsClients::from_environment()?;
        let table = DynamoDbAppointmentTable::new(&clients, settings.text(APPOINTMENTS_TABLE)?);
        let secret = SecretsManagerCursorSecret::new(&clients, settings.text(CURSOR_SECRET_ARN)?);
        let auth = AuthMode::from_variables(|name| settings.text(name))?;
        Ok(GetAppointmentHandler::new(table, secret, SystemClock, auth))
    })
}
