use std::{collections::BTreeMap, sync::Mutex};

use super::locked;
use crate::{
    domain::AppointmentId,
    messages::AppointmentConfirmation,
    ports::{ConfirmationBus, PortError},
};

/// The bus, in memory: it keeps what was sent.
#[derive(Debug, Default)]
pub struct InMemoryConfirmationBus {
    sent: Mutex<Vec<AppointmentConfirmation>>,
    refused: Mutex<BTreeMap<AppointmentId, PortError>>,
}

impl InMemoryConfirmationBus {
    /// A bus on which nothing was sent.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the next confirmation of this appointment fail like this; those around it are taken.
    pub fn refuse_next(&self, id: AppointmentId, error: PortError) {
        locked(&self.refused).insert(id, error);
    }

    /// What was sent and taken, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<AppointmentConfirmation> {
        locked(&self.sent).clone()
    }
}

impl ConfirmationBus for InMemoryConfirmationBus {
    async fn send_appointment_confirmation(
        &self,
        confirmations: &[AppointmentConfirmation],
    ) -> Vec<Result<(), PortError>> {
        let mut refused = locked(&self.refused);
        let mut sent = locked(&self.sent);
        confirmations
            .iter()
            .map(
                |confirmation| match refused.remove(&confirmation.appointment_id) {
                    Some(error) => Err(error),
                    None => {
                        sent.push(confirmation.clone());
                        Ok(())
                    }
                },
            )
            .collect()
    }
}
