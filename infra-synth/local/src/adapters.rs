//! The functions' ports, answered by the local services under the function's own role and network.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use schedule_core::domain::{Appointment, AppointmentId, InsuredId, Moment, Status};
use schedule_core::messages::{AppointmentConfirmation, AppointmentCreated, DETAIL_TYPE, SOURCE};
use schedule_core::names::{INSURED_ID_INDEX, STATUS, UPDATED_AT};
use schedule_core::ports::{
    AppointmentIds, AppointmentTable, AppointmentTopic, Clock, ConfirmationBus, CreateError, PortError,
    PortErrorKind, StatusUpdate,
};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{AccessError, Caller};
use crate::cloud::{CallError, Cloud};
use crate::table::{Item, Update};
use infra_synth_matching::MessageAttribute;

pub(crate) struct LocalAppointmentTable {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) table: String,
}

pub(crate) struct LocalAppointmentTopic {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) topic_arn: String,
}

pub(crate) struct LocalConfirmationBus {
    pub(crate) cloud: Arc<Cloud>,
    pub(crate) caller: Caller,
    pub(crate) bus: String,
}

pub(crate) struct SystemClock;

/// Ids that grow with time, so that a table in key order is a table in time order.
pub(crate) struct TimeOrderedIds;

impl AppointmentTable for LocalAppointmentTable {
    async fn create_appointment(&self, appointment: &Appointment) -> Result<(), CreateError> {
        let item = to_item(appointment)?;
        match self.cloud.put_item(&self.caller, &self.table, &item) {
            Ok(true) => Ok(()),
            Ok(false) => Err(CreateError::AlreadyExists),
            Err(error) => Err(port_error("PutItem", &error).into()),
        }
    }

    async fn get_appointment_by_id(&self, id: &AppointmentId) -> Result<Option<Appointment>, PortError> {
        let item = self.cloud.get_item(&self.caller, &self.table, &id.to_string());
        item.map_err(|error| port_error("GetItem", &error))?
            .map(|item| from_item("GetItem", item))
            .transpose()
    }

    async fn get_appointments_by_insured_id(
        &self,
        insured_id: &InsuredId,
    ) -> Result<Vec<Appointment>, PortError> {
        let items = self
            .cloud
            .query(&self.caller, &self.table, INSURED_ID_INDEX, insured_id.as_str());
        items
            .map_err(|error| port_error("Query", &error))?
            .into_iter()
            .map(|item| from_item("Query", item))
            .collect()
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        let update = self
            .cloud
            .update_item(&self.caller, &self.table, &id.to_string(), |item| {
                let current: Option<Status> = item
                    .get(STATUS)
                    .and_then(|status| serde_json::from_value(status.clone()).ok());
                if !current.is_some_and(|current| current.may_become(status)) {
                    return false;
                }
                item.insert(STATUS.to_owned(), Value::from(status.as_str()));
                item.insert(
                    UPDATED_AT.to_owned(),
                    Value::from(Moment::new(updated_at).to_string()),
                );
                true
            });
        match update.map_err(|error| port_error("UpdateItem", &error))? {
            Update::Written => Ok(StatusUpdate::Updated),
            Update::Refused => Ok(StatusUpdate::Unchanged),
            Update::NoSuchItem => Ok(StatusUpdate::NotFound),
        }
    }
}

impl AppointmentTopic for LocalAppointmentTopic {
    async fn publish_appointment_created(&self, message: &AppointmentCreated) -> Result<(), PortError> {
        let attributes: BTreeMap<String, MessageAttribute> = message
            .attributes()
            .into_iter()
            .map(|(name, value)| {
                (
                    name.to_owned(),
                    MessageAttribute {
                        data_type: "String".to_owned(),
                        value: value.to_owned(),
                    },
                )
            })
            .collect();
        let body = serde_json::to_string(message).map_err(|_| unserializable("Publish"))?;
        self.cloud
            .publish(&self.caller, &self.topic_arn, &body, &attributes)
            .map_err(|error| port_error("Publish", &error))
    }
}

impl ConfirmationBus for LocalConfirmationBus {
    async fn send_appointment_confirmation(
        &self,
        confirmations: &[AppointmentConfirmation],
    ) -> Vec<Result<(), PortError>> {
        confirmations
            .iter()
            .map(|confirmation| {
                let detail = serde_json::to_value(confirmation).map_err(|_| unserializable("PutEvents"))?;
                self.cloud
                    .put_event(&self.caller, &self.bus, SOURCE, DETAIL_TYPE, &detail)
                    .map_err(|error| port_error("PutEvents", &error))
            })
            .collect()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl AppointmentIds for TimeOrderedIds {
    fn next_id(&self) -> AppointmentId {
        AppointmentId::new(Uuid::now_v7())
    }
}

/// What a function's client would report; its message holds names and statements, no data.
pub(crate) fn port_error(operation: &'static str, error: &CallError) -> PortError {
    let kind = match error {
        CallError::Access(AccessError::Unreachable { .. }) => PortErrorKind::Unreachable,
        CallError::Access(_) => PortErrorKind::Denied,
        CallError::NotFound { .. } => PortErrorKind::Invalid,
        CallError::Store(_) => PortErrorKind::Unavailable,
    };
    PortError::new(kind, operation, error.to_string())
}

fn to_item(appointment: &Appointment) -> Result<Item, PortError> {
    match serde_json::to_value(appointment) {
        Ok(Value::Object(item)) => Ok(item),
        _ => Err(unserializable("PutItem")),
    }
}

fn from_item(operation: &'static str, item: Item) -> Result<Appointment, PortError> {
    serde_json::from_value(Value::Object(item)).map_err(|_| {
        PortError::new(
            PortErrorKind::Invalid,
            operation,
            "the stored item does not read as an appointment",
        )
    })
}

fn unserializable(operation: &'static str) -> PortError {
    PortError::new(
        PortErrorKind::Invalid,
        operation,
        "the data does not serialize as JSON",
    )
}
