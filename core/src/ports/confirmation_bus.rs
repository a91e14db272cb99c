use std::{future::Future, sync::Arc};

use super::PortError;
use crate::messages::AppointmentConfirmation;

/// The bus that tells what became of appointments in their countries.
pub trait ConfirmationBus: Send + Sync {
    /// Sends the confirmations, in as few calls as the service allows.
    ///
    /// MUST return one result for each, in their order: the bus takes or refuses every entry on its own.
    fn send_appointment_confirmation(
        &self,
        confirmations: &[AppointmentConfirmation],
    ) -> impl Future<Output = Vec<Result<(), PortError>>> + Send;
}

impl<T: ConfirmationBus> ConfirmationBus for Arc<T> {
    async fn send_appointment_confirmation(
        &self,
        confirmations: &[AppointmentConfirmation],
    ) -> Vec<Result<(), PortError>> {
        T::send_appointment_confirmation(self, confirmations).await
    }
}
