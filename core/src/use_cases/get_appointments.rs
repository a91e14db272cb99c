use crate::{
    authorization::MayRead,
    domain::{Appointment, AppointmentId},
    ports::{
        AppointmentFilter, AppointmentListing, AppointmentPage, AppointmentQuery, AppointmentTable,
        PortError, Position,
    },
};

/// Finds the appointments of an insured.
#[derive(Clone, Debug)]
pub struct GetAppointments<Table> {
    table: Table,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which appointments.
    pub filter: AppointmentFilter,
    /// Only what comes after this place.
    pub after: Option<Position>,
    /// At most so many; at least one.
    pub limit: usize,
}

impl<Table: AppointmentTable + AppointmentListing> GetAppointments<Table> {
    /// The use case over this table.
    #[must_use]
    pub const fn new(table: Table) -> Self {
        Self { table }
    }

    /// A part of what may be read, earliest first; none is an answer too.
    ///
    /// # Errors
    ///
    /// If the table could not be read to the end of the part; never less than that.
    pub async fn list(&self, permitted: &MayRead, listing: Listing) -> Result<AppointmentPage, PortError> {
        let query = AppointmentQuery {
            insured_id: permitted.insured_id().clone(),
            filter: listing.filter,
            countries: permitted.countries(),
            after: listing.after,
            limit: listing.limit,
        };
        self.table.get_appointments_by_insured_id(&query).await
    }

    /// One appointment, if it is one of those that may be read. It sees every write that has returned.
    ///
    /// # Errors
    ///
    /// If the table could not be read.
    pub async fn find(
        &self,
        permitted: &MayRead,
        id: &AppointmentId,
    ) -> Result<Option<Appointment>, PortError> {
        let found = self.table.get_appointment_by_id(id).await?;
        Ok(found.filter(|appointment| {
            appointment.insured_id == *permitted.insured_id()
                && permitted.countries().contains(appointment.country_iso)
        }))
    }
}
