use jiff::Timestamp;

use crate::{
    domain::{AppointmentId, Status},
    guards::Guard,
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

    /// Completes the appointment, if it is not yet `until`; a second confirmation of the same one, or a late one, changes
    /// nothing and succeeds.
    ///
    /// # Errors
    ///
    /// [`CompleteAppointmentError`] if there is no such appointment, the table did not answer, or there was no
    /// time to ask it.
    pub async fn execute(
        &self,
        id: &AppointmentId,
        until: Timestamp,
    ) -> Result<Completion, CompleteAppointmentError> {
        let now = self.clock.now();
        if now >= until {
            return if Guard::UnlookedAtFails.holds() {
                Err(CompleteAppointmentError::TimeIsUp)
            } else {
                Ok(Completion::AlreadyCompleted)
            };
        }
        match self
            .table
            .update_appointment_status(id, Status::Completed, now)
            .await?
        {
            StatusUpdate::Updated => Ok(Completion::Completed),
            StatusUpdate::NotFound if Guard::UnknownConfirmationFails.holds() => {
                Err(CompleteAppointmentError::UnknownAppointment)
            }
            StatusUpdate::Unchanged | StatusUpdate::NotFound => Ok(Completion::AlreadyCompleted),
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
    /// Nothing was asked of the table, because the time is up.
    #[error("there was no time left to complete the appointment")]
    TimeIsUp,
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
            Self::UnknownAppointment | Self::TimeIsUp => None,
        }
    }
}
