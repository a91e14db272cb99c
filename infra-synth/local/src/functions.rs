//! Which code a function runs, and the environment that it reads.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use schedule_core::domain::Country;
use schedule_core::names;
use schedule_handlers::{
    AuthMode, CreateAppointmentHandler, GetAppointmentHandler, ProcessAppointmentHandler,
    ProcessConfirmationHandler, RepublishPendingHandler,
};
use schedule_mysql::{MySqlCountryDatabase, MySqlOptions};

use crate::access::Caller;
use crate::adapters::{
    LocalAppointmentTable, LocalAppointmentTopic, LocalConfirmationBus, LocalCursorSecret, SystemClock,
    TimeOrderedIds,
};
use crate::cloud::Cloud;
use crate::country_database::LocalCountryDatabase;
use crate::model;
use crate::runtime::{Handler, JsonHandler};

/// The functions' code, which a code parameter names locally by the name of its binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    CreateAppointment,
    GetAppointment,
    ProcessAppointment,
    ProcessConfirmation,
    RepublishPending,
}

impl Code {
    pub(crate) const ALL: [Self; 5] = [
        Self::CreateAppointment,
        Self::GetAppointment,
        Self::ProcessAppointment,
        Self::ProcessConfirmation,
        Self::RepublishPending,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::CreateAppointment => "create-appointment",
            Self::GetAppointment => "get-appointment",
            Self::ProcessAppointment => "process-appointment",
            Self::ProcessConfirmation => "process-confirmation",
            Self::RepublishPending => "republish-pending",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

/// What a function's composition root has at hand.
pub(crate) struct Composition<'a> {
    pub(crate) cloud: &'a Arc<Cloud>,
    pub(crate) function: &'a model::Function,
    pub(crate) caller: Caller,
    /// A real MySQL for the country tables, which exist.
    pub(crate) mysql: Option<&'a MySqlOptions>,
}

impl Composition<'_> {
    /// The handler that the function's code key names, wired as its environment says.
    pub(crate) fn handler(self) -> Result<Arc<dyn Handler>, String> {
        let name = self.function.code.as_str();
        let code = Code::named(name).ok_or_else(|| {
            format!(
                "code `{name}` does not run locally; known are {}",
                Code::ALL.map(Code::name).join(", ")
            )
        })?;
        match code {
            Code::CreateAppointment => {
                let (table, topic) = (self.table()?, self.topic()?);
                let auth = self.auth()?;
                let handler = CreateAppointmentHandler::new(table, topic, SystemClock, TimeOrderedIds, auth);
                Ok(Arc::new(JsonHandler(handler)))
            }
            Code::GetAppointment => {
                let secret = LocalCursorSecret {
                    cloud: Arc::clone(self.cloud),
                    caller: self.caller.clone(),
                    secret_arn: self.variable(names::CURSOR_SECRET_ARN)?,
                };
                let handler = GetAppointmentHandler::new(self.table()?, secret, SystemClock, self.auth()?);
                Ok(Arc::new(JsonHandler(handler)))
            }
            Code::ProcessAppointment => {
                let country: Country = self.parsed(names::COUNTRY)?;
                let bus = LocalConfirmationBus {
                    cloud: Arc::clone(self.cloud),
                    caller: self.caller.clone(),
                    bus: self.variable(names::EVENT_BUS_NAME)?,
                };
                self.variable(names::DB_NAME)?;
                let database = LocalCountryDatabase {
                    cloud: Arc::clone(self.cloud),
                    caller: self.caller.clone(),
                    country,
                    host: self.variable(names::DB_HOST)?,
                    port: self.parsed(names::DB_PORT)?,
                    user: self.variable(names::DB_USER)?,
                    mysql: self
                        .mysql
                        .map(|options| MySqlCountryDatabase::new(options, country)),
                };
                let handler = ProcessAppointmentHandler::new(country, database, bus, SystemClock);
                Ok(Arc::new(JsonHandler(handler)))
            }
            Code::ProcessConfirmation => Ok(Arc::new(JsonHandler(ProcessConfirmationHandler::new(
                self.table()?,
                SystemClock,
            )))),
            Code::RepublishPending => Ok(Arc::new(JsonHandler(RepublishPendingHandler::new(
                self.table()?,
                self.topic()?,
                SystemClock,
            )))),
        }
    }

    fn table(&self) -> Result<LocalAppointmentTable, String> {
        Ok(LocalAppointmentTable {
            cloud: Arc::clone(self.cloud),
            caller: self.caller.clone(),
            table: self.variable(names::APPOINTMENTS_TABLE)?,
        })
    }

    fn topic(&self) -> Result<LocalAppointmentTopic, String> {
        Ok(LocalAppointmentTopic {
            cloud: Arc::clone(self.cloud),
            caller: self.caller.clone(),
            topic_arn: self.variable(names::SNS_TOPIC_ARN)?,
        })
    }

    /// Whom the API lets in.
    fn auth(&self) -> Result<AuthMode, String> {
        AuthMode::from_variables(|name| self.variable(name)).map_err(|error| error.to_string())
    }

    fn parsed<T: FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.variable(name)?;
        text.parse()
            .map_err(|_| format!("environment variable `{name}` cannot be `{text}`"))
    }

    fn variable(&self, name: &str) -> Result<String, String> {
        variable(&self.function.environment, name)
    }
}

fn variable(environment: &BTreeMap<String, String>, name: &str) -> Result<String, String> {
    match environment.get(name) {
        Some(value) if !value.is_empty() => Ok(value.clone()),
        Some(_) => Err(format!("environment variable `{name}` is empty")),
        None => Err(format!("environment variable `{name}` is missing")),
    }
}

#[cfg(test)]
mod tests;
