use crate::{
    domain::{Appointment, InsuredId},
    ports::{AppointmentTable, PortError},
};

/// Finds the appointments of an insured.
#[derive(Clone, Debug)]
pub struct GetAppointments<Table> {
    table: Table,
}

impl<Table: AppointmentTable> GetAppointments<Table> {
    /// The use case over this table.
    #[must_use]
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// Every appointment of the insured, earliest first; none is an answer too.
    ///
    /// # Errors
    ///
    /// If the table could not be read to the end; never a part of the list.
    pub async fn execute(&self, insured_id: &InsuredId) -> Result<Vec<Appointment>, PortError> {
        self.table.get_appointments_by_insured_id(insured_id).await
    }
}
