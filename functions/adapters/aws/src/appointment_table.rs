mod announcements;
mod item;
mod listing;

use std::fmt;

use aws_sdk_dynamodb::{
    Client,
    config::Builder,
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::Timestamp;
use schedule_core::{
    AppointmentId, AppointmentItem, Moment, Status,
    names::{ANNOUNCE_AFTER, ANNOUNCE_SHARD, ANNOUNCEMENTS, APPOINTMENT_ID, STATUS, UPDATED_AT},
    ports::{AppointmentTable, CreateError, PortError, StatusUpdate},
};

use crate::{clients::AwsClients, fault, settings::Service};

const GET_ITEM: &str = "GetItem";
const PUT_ITEM: &str = "PutItem";
const QUERY: &str = "Query";
const UPDATE_ITEM: &str = "UpdateItem";

/// The table of appointments on DynamoDB.
///
/// Made once a process. Reading by id is consistent; the list comes from the index, which follows the table within
/// a moment.
#[derive(Clone)]
pub struct DynamoDbAppointmentTable {
    client: Client,
    table: String,
}

impl DynamoDbAppointmentTable {
    /// The table of this name. Nothing is connected yet.
    #[must_use]
    pub fn new(clients: &AwsClients, table: impl Into<String>) -> Self {
        let (config, endpoint) = clients.service(Service::DynamoDb);
        let mut builder = Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self {
            client: Client::from_conf(builder.build()),
            table: table.into(),
        }
    }

    /// What becomes of an update that no status may lead to: nothing, where there is something.
    async fn unchanged_if_present(&self, id: &AppointmentId) -> Result<StatusUpdate, PortError> {
        Ok(match self.get_appointment_by_id(id).await? {
            Some(_) => StatusUpdate::Unchanged,
            None => StatusUpdate::NotFound,
        })
    }
}

impl fmt::Debug for DynamoDbAppointmentTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DynamoDbAppointmentTable")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl AppointmentTable for DynamoDbAppointmentTable {
    async fn create_appointment(&self, item: &AppointmentItem) -> Result<(), CreateError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::of(item)?))
            .condition_expression("attribute_not_exists(#id)")
            .expression_attribute_names("#id", APPOINTMENT_ID)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = put else { return Ok(()) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refusal)) => {
                let stored = refusal.item().cloned().map(|found| item::read(PUT_ITEM, found));
                // An attempt whose answer got lost has stored it: what is there is then this very item.
                match stored {
                    Some(Ok(stored)) if stored == *item => Ok(()),
                    _ => Err(CreateError::AlreadyExists),
                }
            }
            _ => Err(fault::from_sdk(PUT_ITEM, &error).into()),
        }
    }

    async fn get_item_by_id(&self, id: &AppointmentId) -> Result<Option<AppointmentItem>, PortError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(APPOINTMENT_ID, AttributeValue::S(id.to_string()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::from_sdk(GET_ITEM, &error))?;
        output.item.map(|found| item::read(GET_ITEM, found)).transpose()
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        let Some(before) = status_before(status) else {
            return self.unchanged_if_present(id).await;
        };
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(APPOINTMENT_ID, AttributeValue::S(id.to_string()))
            .update_expression("SET #status = :status, #updated = :updated REMOVE #shard, #after, #count")
            // Where there is no item, there is no status either, so nothing is created.
            .condition_expression("#status = :before")
            .expression_attribute_names("#status", STATUS)
            .expression_attribute_names("#updated", UPDATED_AT)
            .expression_attribute_names("#shard", ANNOUNCE_SHARD)
            .expression_attribute_names("#after", ANNOUNCE_AFTER)
            .expression_attribute_names("#count", ANNOUNCEMENTS)
            .expression_attribute_values(":status", AttributeValue::S(status.to_string()))
            .expression_attribute_values(":before", AttributeValue::S(before.to_string()))
            .expression_attribute_values(":updated", AttributeValue::S(Moment::new(updated_at).to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = update else {
            return Ok(StatusUpdate::Updated);
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refusal)) => {
                let found = refusal.item().is_some_and(|item| !item.is_empty());
                Ok(if found {
                    StatusUpdate::Unchanged
                } else {
                    StatusUpdate::NotFound
                })
            }
            _ => Err(fault::from_sdk(UPDATE_ITEM, &error)),
        }
    }
}

/// The status from which an appointment may become `status`; there is at most one.
fn status_before(status: Status) -> Option<Status> {
    Status::ALL.into_iter().find(|before| before.may_become(status))
}
