use crate::{
    domain::{AppointmentId, Status},
    ports::{AppointmentTable, Clock, PortError, StatusUpdate},
};

/// Completes an appointment that its country confirmed.
#[derive(Clone, Debug)]
pub struct CompleteAppointment<Table, Clock> {
    table: Table,
    clock: Clock,
}

impl<Table: AppointmentTable, Time: Clock> CompleteAppointment<Table, Time> {
    /// The use case over these ports.
    #[must_use]
    pub const fn new(table: Table, clock: Time) -> Self {
        Self { table, clock }
    }

    /// Completes the appointment; a second confirmation of the same one changes nothing and succeeds.
    ///
    /// # Errors
    ///
    /// [`CompleteAppointmentError`] if there is no such appointment, or the table did not answer.
    pub async fn execute(&self, id: &AppointmentId) -> Result<Completion, CompleteAppointmentError> {
        match self
            .table
            .update_appointment_status(id, Status::Completed, self.clock.now())
            .await?
        {
            StatusUpdate::Updated => Ok(Completion::Completed),
            StatusUpdate::Unchanged => Ok(Completion::AlreadyCompleted),
            StatusUpdate::NotFound => Err(CompleteAppointmentError::UnknownAppointment),
        }
    }
}

/// What a confirmation changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// The appointment is completed since now.
    Completed,
    /// It was completed before.
    AlreadyCompleted,
}

/// Why an appointment was not completed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CompleteAppointmentError {
    /// The table has no appointment with this id.
    #[error("there is no such appointment")]
    UnknownAppointment,
    /// The table did not answer.
    #[error("the appointment could not be completed")]
    Table(#[from] PortError),
}

impl CompleteAppointmentError {
    /// The call that failed, if one did.
    #[must_use]
    pub const fn port_error(&self) -> Option<&PortError> {
        match self {
            Self::Table(error) => Some(error),
            Self::UnknownAppointment => None,
        }
    }
}
