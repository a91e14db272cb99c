use std::{future::Future, sync::Arc};

use super::{AppointmentPage, AppointmentQuery, PortError};

/// The appointments of an insured, in the order of their dates.
pub trait AppointmentListing: Send + Sync {
    /// The appointments that a query asks for, earliest `dateSchedule` first.
    ///
    /// MUST follow the service's pages until the limit is reached or nothing is left, so that a page is short only if
    /// it is the last. Pages that are asked for one after the other, each from the place where the one before ended,
    /// MUST have every appointment once that was there from the first to the last, whatever is created meanwhile.
    ///
    /// # Errors
    ///
    /// MUST be of kind [`Invalid`](super::PortErrorKind::Invalid) if one that is stored does not read as an appointment; never a
    /// part of the page.
    fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> impl Future<Output = Result<AppointmentPage, PortError>> + Send;
}

impl<T: AppointmentListing> AppointmentListing for Arc<T> {
    async fn get_appointments_by_insured_id(
        &self,
        query: &AppointmentQuery,
    ) -> Result<AppointmentPage, PortError> {
        T::get_appointments_by_insured_id(self, query).await
    }
}
