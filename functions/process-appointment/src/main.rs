//! `processAppointmentPE` and `processAppointmentCL`: enter a country's appointments in its database and confirm
//! them. Which country is a setting.

mod database;

use std::process::ExitCode;

use schedule_aws::{AwsClients, EventBridgeConfirmationBus};
use schedule_core::{
    Country,
    names::{COUNTRY, EVENT_BUS_NAME},
};
use schedule_handlers::ProcessAppointmentHandler;
use schedule_mysql::MySqlCountryDatabase;
use schedule_runtime::{Success, SystemClock};

fn main() -> ExitCode {
    schedule_runtime::run(Success::Processed, |settings| {
        let clients = AwsClients::from_environment()?;
        let country: Country = settings.parsed(COUNTRY)?;
        let bus = EventBridgeConfirmationBus::new(&clients, settings.text(EVENT_BUS_NAME)?);
        let options = database::options(settings, clients.settings())?;
        let database = MySqlCountryDatabase::new(&options, country);
        Ok(ProcessAppointmentHandler::new(
            country,
            database,
            bus,
            SystemClock,
        ))
    })
}
