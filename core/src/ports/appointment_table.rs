use std::{future::Future, sync::Arc};

use jiff::Timestamp;

use super::PortError;
use crate::domain::{Appointment, AppointmentId, InsuredId, Status};

/// The table of all appointments, whatever their country.
pub trait AppointmentTable: Send + Sync {
    /// Stores a new appointment; once it returns, the appointment is durable.
    ///
    /// # Errors
    ///
    /// MUST be [`CreateError::AlreadyExists`] if the id is taken, and MUST leave what is stored there as it is.
    fn create_appointment(
        &self,
        appointment: &Appointment,
    ) -> impl Future<Output = Result<(), CreateError>> + Send;

    /// The appointment with this id, if there is one.
    ///
    /// # Errors
    ///
    /// MUST be of kind [`Invalid`](super::PortErrorKind::Invalid) if what is stored does not read as an appointment.
    fn get_appointment_by_id(
        &self,
        id: &AppointmentId,
    ) -> impl Future<Output = Result<Option<Appointment>, PortError>> + Send;

    /// Every appointment of an insured, earliest `dateSchedule` first. MUST follow the service's pages to the end.
    ///
    /// # Errors
    ///
    /// As for [`get_appointment_by_id`](Self::get_appointment_by_id); never a part of the answer.
    fn get_appointments_by_insured_id(
        &self,
        insured_id: &InsuredId,
    ) -> impl Future<Output = Result<Vec<Appointment>, PortError>> + Send;

    /// Moves an appointment on, if its status [may become](Status::may_become) `status`, and notes when.
    ///
    /// MUST check and write in one step, and MUST create nothing where there is nothing.
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
    async fn create_appointment(&self, appointment: &Appointment) -> Result<(), CreateError> {
        T::create_appointment(self, appointment).await
    }

    async fn get_appointment_by_id(&self, id: &AppointmentId) -> Result<Option<Appointment>, PortError> {
        T::get_appointment_by_id(self, id).await
    }

    async fn get_appointments_by_insured_id(
        &self,
        insured_id: &InsuredId,
    ) -> Result<Vec<Appointment>, PortError> {
        T::get_appointments_by_insured_id(self, insured_id).await
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
