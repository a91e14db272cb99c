use jiff::Timestamp;

use crate::{
    domain::{Appointment, AppointmentId, Moment},
    messages::AppointmentCreated,
    ports::{AppointmentIds, AppointmentTable, AppointmentTopic, Clock, CreateError, PortError},
    request::{BodyError, NewAppointment},
};

/// How many ids are tried: random ones do not collide, so a second collision says that the source of ids is broken.
const ID_ATTEMPTS: usize = 3;

/// Accepts an appointment: stores it, then tells its country.
///
/// The two steps are not one. If the topic does not take the message, the appointment stays stored and pending,
/// and the error names it so that an operator can publish it again; the caller is told that it failed.
#[derive(Clone, Debug)]
pub struct CreateAppointment<Table, Topic, Clock, Ids> {
    table: Table,
    topic: Topic,
    clock: Clock,
    ids: Ids,
}

impl<Table, Topic, Time, Ids> CreateAppointment<Table, Topic, Time, Ids>
where
    Table: AppointmentTable,
    Topic: AppointmentTopic,
    Time: Clock,
    Ids: AppointmentIds,
{
    /// The use case over these ports.
    #[must_use]
    pub const fn new(table: Table, topic: Topic, clock: Time, ids: Ids) -> Self {
        Self {
            table,
            topic,
            clock,
            ids,
        }
    }

    /// Reads the body of a request and accepts the appointment that it asks for.
    ///
    /// # Errors
    ///
    /// [`CreateAppointmentError::Body`] before anything was stored or sent; the others say how far it came.
    pub async fn execute(&self, body: &[u8]) -> Result<Appointment, CreateAppointmentError> {
        let now = self.clock.now();
        let appointment = self.store(NewAppointment::from_json(body, now)?, now).await?;
        let message = AppointmentCreated::new(appointment, Moment::new(now));
        match self.topic.publish_appointment_created(&message).await {
            Ok(()) => Ok(message.data),
            Err(source) => Err(CreateAppointmentError::Topic {
                appointment_id: message.data.appointment_id,
                source,
            }),
        }
    }

    async fn store(
        &self,
        request: NewAppointment,
        now: Timestamp,
    ) -> Result<Appointment, CreateAppointmentError> {
        let mut appointment = request.into_appointment(self.ids.next_id(), Moment::new(now));
        for attempt in 1.. {
            match self.table.create_appointment(&appointment).await {
                Ok(()) => break,
                Err(CreateError::Port(error)) => return Err(CreateAppointmentError::Table(error)),
                Err(CreateError::AlreadyExists) if attempt == ID_ATTEMPTS => {
                    return Err(CreateAppointmentError::NoFreeId);
                }
                Err(CreateError::AlreadyExists) => appointment.appointment_id = self.ids.next_id(),
            }
        }
        Ok(appointment)
    }
}

/// Why an appointment was not accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CreateAppointmentError {
    /// The body does not say what appointment; nothing was stored.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Every id that was tried is taken; nothing was stored.
    #[error("no free appointment id in {ID_ATTEMPTS} attempts: check the source of ids")]
    NoFreeId,
    /// The table did not take it; it may be stored all the same if the answer got lost.
    #[error("the appointment could not be stored")]
    Table(#[source] PortError),
    /// The appointment is stored, but its country was not told.
    #[error("appointment `{appointment_id}` is stored, but could not be published")]
    Topic {
        /// The stored appointment.
        appointment_id: AppointmentId,
        /// What the topic said.
        source: PortError,
    },
}

impl CreateAppointmentError {
    /// The call that failed, if one did.
    #[must_use]
    pub const fn port_error(&self) -> Option<&PortError> {
        match self {
            Self::Table(error) | Self::Topic { source: error, .. } => Some(error),
            Self::Body(_) | Self::NoFreeId => None,
        }
    }
}
