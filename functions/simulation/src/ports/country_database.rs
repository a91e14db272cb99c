use schedule_core::{
    Appointment, Country,
    guards::Guard,
    ports::{CountryDatabase, PortError, PortErrorKind},
};

use crate::{
    gate::Gate,
    world::{Dependency, World},
};

const OPERATION: &str = "insert_appointments";

/// The database of a country. Unlike its twin in core it can be made to forget that a key is unique.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedDatabase {
    pub(crate) gate: Gate,
    pub(crate) country: Country,
}

impl CountryDatabase for SimulatedDatabase {
    async fn insert_appointments(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        let effect = async { insert(&mut self.gate.world(), self.country, appointments) };
        self.gate
            .call(Dependency::Database(self.country), OPERATION, effect)
            .await
    }
}

/// All or none, each once.
fn insert(world: &mut World, country: Country, appointments: &[Appointment]) -> Result<(), PortError> {
    let is_unstorable = |appointment: &Appointment| world.unstorable.contains(&appointment.appointment_id);
    if appointments.iter().any(is_unstorable) {
        return Err(PortError::new(
            PortErrorKind::Invalid,
            OPERATION,
            "a value does not fit its column",
        ));
    }
    for appointment in appointments {
        let id = appointment.appointment_id;
        let rows = world.rows(country);
        if Guard::IdempotentInsert.holds() && rows.iter().any(|row| row.appointment_id == id) {
            continue;
        }
        rows.push(appointment.clone());
        world.note(|| format!("  a row for {id} in {country}"));
    }
    world.rows_written(country, appointments);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simulated_database_keeps_the_ports_promise() {
        let mut world = World::calm();
        let appointment = schedule_core::doubles::sample_appointment(1, Country::PE);
        let other = schedule_core::doubles::sample_appointment(2, Country::PE);
        world.unstorable.push(other.appointment_id);
        let first = [appointment.clone(), appointment.clone()];
        insert(&mut world, Country::PE, &first).unwrap();
        let changed = Appointment {
            medic_id: None,
            ..appointment.clone()
        };
        insert(&mut world, Country::PE, &[changed]).unwrap();
        insert(&mut world, Country::PE, &[]).unwrap();
        let error = insert(&mut world, Country::PE, &[appointment.clone(), other]).unwrap_err();
        assert_eq!(error.kind(), PortErrorKind::Invalid);
        assert_eq!(*world.rows(Country::PE), [appointment]);
    }
}
