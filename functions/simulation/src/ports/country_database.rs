use std::sync::Arc;

use schedule_core::{
    Appointment, Country,
    doubles::InMemoryCountryDatabase,
    ports::{CountryDatabase, PortError},
};

use crate::{gate::Gate, world::Dependency};

/// The database of a country: core's twin of it, behind the gate.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedDatabase {
    gate: Gate,
    country: Country,
    database: Arc<InMemoryCountryDatabase>,
}

impl SimulatedDatabase {
    pub(crate) fn new(gate: Gate, country: Country) -> Self {
        let database = Arc::clone(gate.world().database(country));
        Self {
            gate,
            country,
            database,
        }
    }
}

impl CountryDatabase for SimulatedDatabase {
    async fn insert_appointments(&self, appointments: &[Appointment]) -> Result<(), PortError> {
        let effect = async {
            let result = self.database.insert_appointments(appointments).await;
            self.gate.world().rows_written(self.country);
            result
        };
        self.gate
            .call(Dependency::Database(self.country), "insert_appointments", effect)
            .await
    }
}
