//! `republishPending`: announces again the appointments that have waited too long.

use std::process::ExitCode;

use schedule_aws::{AwsClients, DynamoDbAppointmentTable, SnsAppointmentTopic};
use schedule_core::names::{APPOINTMENTS_TABLE, SNS_TOPIC_ARN};
use schedule_handlers::RepublishPendingHandler;
use schedule_runtime::{Success, SystemClock};

fn main() -> ExitCode {
    schedule_runtime::run(Success::Uncounted, |settings| {
        let clients = AwsClients::from_environment()?;
        let table = DynamoDbAppointmentTable::new(&clients, settings.text(APPOINTMENTS_TABLE)?);
        let topic = SnsAppointmentTopic::new(&clients, settings.text(SNS_TOPIC_ARN)?);
        Ok(RepublishPendingHandler::new(table, topic, SystemClock))
    })
}
