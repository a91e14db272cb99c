use std::{future::Future, sync::Arc};

use super::PortError;
use crate::domain::Appointment;

/// The database of one country; an adapter is made for one country and writes to its table only.
pub trait CountryDatabase: Send + Sync {
    /// Inserts the appointments, all or none.
    ///
    /// MUST be idempotent by `appointment_id`: an appointment that is there already, or twice in the slice, is one
    /// row, and the row that came first stays as it is. MUST accept an empty slice.
    ///
    /// # Errors
    ///
    /// MUST be of kind [`Invalid`](super::PortErrorKind::Invalid) if and only if the data cannot be stored, because
    /// the caller then looks for the appointment at fault.
    fn insert_appointments(
        &self,
        appointments: &[Appointment],
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

impl<T: CountryDatabase> CountryDatabase for Arc<T> {
    async fn insert_appointments(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        T::insert_appointments(self, appointments).await
    }
}
