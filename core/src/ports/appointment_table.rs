use std::{future::Future, sync::Arc};

use jiff::Timestamp;

use super::PortError;
use crate::domain::{Appointment, AppointmentId, AppointmentItem, Status};

/// The table of all appointments, whatever their country.
pub trait AppointmentTable: Send + Sync {
    /// Stores a new appointment with all that its item holds, in one step; once it returns, the item is durable.
    ///
    /// # Errors
    ///
    /// MUST be [`CreateError::AlreadyExists`] if the id is taken, and MUST leave what is stored there as it is.
    fn create_appointment(
        &self,
        item: &AppointmentItem,
    ) -> impl Future<Output = Result<(), CreateError>> + Send;

    /// The item of the appointment with this id, if there is one. MUST see every write that has returned.
    ///
    /// # Errors
    ///
    /// MUST be of kind [`Invalid`](super::PortErrorKind::Invalid) if what is stored does not read as an appointment.
    fn get_item_by_id(
        &self,
        id: &AppointmentId,
    ) -> impl Future<Output = Result<Option<AppointmentItem>, PortError>> + Send;

    /// The appointment with this id, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`get_item_by_id`](Self::get_item_by_id).
    fn get_appointment_by_id(
        &self,
        id: &AppointmentId,
    ) -> impl Future<Output = Result<Option<Appointment>, PortError>> + Send {
        async move { Ok(self.get_item_by_id(id).await?.map(|item| item.appointment)) }
    }

    /// Moves an appointment on, if its status [may become](Status::may_become) `status`, and notes when.
    ///
    /// MUST check and write in one step, MUST drop the [`Announcement`](crate::Announcement) in it, and MUST create nothing
    /// where there is nothing.
    ///
    /// # Errors
    ///
    /// Only if the call failed: that nothing had to change, or nothing was found, is in the [`StatusUpdate`].
    fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> impl Future<Output = Result<StatusUpdate, PortError>> + Send;
}

impl<T: AppointmentTable> AppointmentTable for Arc<T> {
    async fn create_appointment(&self, item: &AppointmentItem) -> Result<(), CreateError> {
        T::create_appointment(self, item).await
    }

    async fn get_item_by_id(&self, id: &AppointmentId) -> Result<Option<AppointmentItem>, PortError> {
        T::get_item_by_id(self, id).await
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        T::update_appointment_status(self, id, status, updated_at).await
    }
}

/// Why an appointment was not stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CreateError {
    /// Another appointment has its id.
    #[error("an appointment with this id exists already")]
    AlreadyExists,
    /// The call failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What became of a change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusUpdate {
    /// The status is the one that was asked for, since now.
    Updated,
    /// The appointment was there already, or past it; nothing was written.
    Unchanged,
    /// There is no such appointment; nothing was written.
    NotFound,
}
