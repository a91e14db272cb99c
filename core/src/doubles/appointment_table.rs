use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Mutex,
};

use jiff::Timestamp;

use super::{failures::Failures, locked};
use crate::{
    domain::{Appointment, AppointmentId, InsuredId, Moment, Status},
    ports::{AppointmentTable, CreateError, PortError, StatusUpdate},
};

/// The table of appointments, in memory.
#[derive(Debug, Default)]
pub struct InMemoryAppointmentTable {
    items: Mutex<BTreeMap<AppointmentId, Appointment>>,
    failures: Failures,
}

impl InMemoryAppointmentTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A table that holds these appointments.
    #[must_use]
    pub fn holding(appointments: impl IntoIterator<Item = Appointment>) -> Self {
        let items = appointments
            .into_iter()
            .map(|appointment| (appointment.appointment_id, appointment));
        Self {
            items: Mutex::new(items.collect()),
            failures: Failures::default(),
        }
    }

    /// Makes one more of the coming calls fail like this.
    pub fn fail_next(&self, error: PortError) {
        self.failures.push(error);
    }

    /// What the table holds, by id.
    #[must_use]
    pub fn items(&self) -> Vec<Appointment> {
        locked(&self.items).values().cloned().collect()
    }
}

impl AppointmentTable for InMemoryAppointmentTable {
    async fn create_appointment(&self, appointment: &Appointment) -> Result<(), CreateError> {
        self.failures.check()?;
        match locked(&self.items).entry(appointment.appointment_id) {
            Entry::Occupied(_) => Err(CreateError::AlreadyExists),
            Entry::Vacant(place) => {
                place.insert(appointment.clone());
                Ok(())
            }
        }
    }

    async fn get_appointment_by_id(&self, id: &AppointmentId) -> Result<Option<Appointment>, PortError> {
        self.failures.check()?;
        Ok(locked(&self.items).get(id).cloned())
    }

    async fn get_appointments_by_insured_id(
        &self,
        insured_id: &InsuredId,
    ) -> Result<Vec<Appointment>, PortError> {
        self.failures.check()?;
        let mut found: Vec<_> = locked(&self.items)
            .values()
            .filter(|appointment| appointment.insured_id == *insured_id)
            .cloned()
            .collect();
        found.sort_by_key(|appointment| appointment.date_schedule);
        Ok(found)
    }

    async fn update_appointment_status(
        &self,
        id: &AppointmentId,
        status: Status,
        updated_at: Timestamp,
    ) -> Result<StatusUpdate, PortError> {
        self.failures.check()?;
        match locked(&self.items).get_mut(id) {
            None => Ok(StatusUpdate::NotFound),
            Some(appointment) if appointment.status.may_become(status) => {
                appointment.status = status;
                appointment.updated_at = Some(Moment::new(updated_at));
                Ok(StatusUpdate::Updated)
            }
            Some(_) => Ok(StatusUpdate::Unchanged),
        }
    }
}
