use std::{future::Future, sync::Arc};

use super::PortError;
use crate::messages::AppointmentCreated;

/// The topic that tells the countries about new appointments.
pub trait AppointmentTopic: Send + Sync {
    /// Publishes the message with its [attributes](AppointmentCreated::attributes); once it returns, the topic has it.
    ///
    /// # Errors
    ///
    /// If the topic did not take it. It may have arrived all the same: an answer can get lost.
    fn publish_appointment_created(
        &self,
        message: &AppointmentCreated,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

impl<T: AppointmentTopic> AppointmentTopic for Arc<T> {
    async fn publish_appointment_created(&self, message: &AppointmentCreated) -> Result<(), PortError> {
        T::publish_appointment_created(self, message).await
    }
}
