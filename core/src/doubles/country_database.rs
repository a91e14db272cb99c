use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use super::{failures::Failures, locked};
use crate::{
    domain::{Appointment, AppointmentId},
    guards::Guard,
    ports::{CountryDatabase, PortError, PortErrorKind},
};

/// A country's database, in memory.
#[derive(Debug, Default)]
pub struct InMemoryCountryDatabase {
    // More than one of an id only where a test took the guard away.
    rows: Mutex<BTreeMap<AppointmentId, Vec<Appointment>>>,
    unstorable: Mutex<BTreeSet<AppointmentId>>,
    inserts: Mutex<Vec<usize>>,
    failures: Failures,
}

impl InMemoryCountryDatabase {
    /// A database without rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes one more of the coming calls fail like this.
    pub fn fail_next(&self, error: PortError) {
        self.failures.push(error);
    }

    /// Makes every insert that contains this appointment fail for its data.
    pub fn refuse(&self, id: AppointmentId) {
        locked(&self.unstorable).insert(id);
    }

    /// The rows, by id.
    #[must_use]
    pub fn rows(&self) -> Vec<Appointment> {
        locked(&self.rows).values().flatten().cloned().collect()
    }

    /// How many appointments each insert had, in the order of the calls, failed ones included.
    #[must_use]
    pub fn inserts(&self) -> Vec<usize> {
        locked(&self.inserts).clone()
    }
}

impl CountryDatabase for InMemoryCountryDatabase {
    async fn insert_appointments(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        locked(&self.inserts).push(appointments.len());
        self.failures.check().await?;
        let unstorable = locked(&self.unstorable);
        if appointments
            .iter()
            .any(|appointment| unstorable.contains(&appointment.appointment_id))
        {
            return Err(PortError::new(
                PortErrorKind::Invalid,
                "insert_appointments",
                "a value does not fit",
            ));
        }
        let mut rows = locked(&self.rows);
        for appointment in appointments {
            let stored = rows.entry(appointment.appointment_id).or_default();
            if stored.is_empty() || !Guard::IdempotentInsert.holds() {
                stored.push(appointment.clone());
            }
        }
        Ok(())
    }
}
