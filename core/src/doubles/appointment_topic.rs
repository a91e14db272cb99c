use std::sync::Mutex;

use super::{failures::Failures, locked};
use crate::{
    messages::AppointmentCreated,
    ports::{AppointmentTopic, PortError},
};

/// The topic, in memory: it keeps what was published.
#[derive(Debug, Default)]
pub struct InMemoryAppointmentTopic {
    published: Mutex<Vec<AppointmentCreated>>,
    failures: Failures,
}

impl InMemoryAppointmentTopic {
    /// A topic to which nothing was published.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes one more of the coming calls fail like this.
    pub fn fail_next(&self, error: PortError) {
        self.failures.push(error);
    }

    /// Lets one more of the coming calls have no effect and no end.
    pub fn silence_next(&self) {
        self.failures.push_silence();
    }

    /// What was published, in order.
    #[must_use]
    pub fn published(&self) -> Vec<AppointmentCreated> {
        locked(&self.published).clone()
    }
}

impl AppointmentTopic for InMemoryAppointmentTopic {
    async fn publish_appointment_created(&self, message: &AppointmentCreated) -> Result<(), PortError> {
        self.failures.check().await?;
        locked(&self.published).push(message.clone());
        Ok(())
    }
}
