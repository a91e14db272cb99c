use std::sync::Arc;

use crate::domain::AppointmentId;

/// Where the ids of new appointments come from.
pub trait AppointmentIds: Send + Sync {
    /// An id that was most likely never used; that it is unused is for the table to say.
    fn next_id(&self) -> AppointmentId;
}

impl<T: AppointmentIds> AppointmentIds for Arc<T> {
    fn next_id(&self) -> AppointmentId {
        T::next_id(self)
    }
}
