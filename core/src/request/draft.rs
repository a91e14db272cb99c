use jiff::Timestamp;

use super::{BodyError, NewAppointment};
use crate::domain::{Country, InsuredId};

/// An appointment that a body asks for, at the moment when it was read; its date may have passed by then.
///
/// A request that comes again with its key may be late and still have its answer, so a passed date alone is not yet
/// the reason to refuse it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppointmentDraft {
    request: NewAppointment,
    read_at: Timestamp,
    past: Option<BodyError>,
}

impl AppointmentDraft {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// As for [`NewAppointment::from_json`], but not for a date that has passed where nothing else is wrong.
    pub fn from_json(body: &[u8], now: Timestamp) -> Result<Self, BodyError> {
        let (request, past) = match NewAppointment::from_json(body, now) {
            Ok(request) => (request, None),
            Err(error) if error.is_only_past() => {
                (NewAppointment::from_json(body, Timestamp::MIN)?, Some(error))
            }
            Err(error) => return Err(error),
        };
        Ok(Self {
            request,
            read_at: now,
            past,
        })
    }

    /// The person it is for.
    #[must_use]
    pub const fn insured_id(&self) -> &InsuredId {
        &self.request.insured_id
    }

    /// The country that will process it.
    #[must_use]
    pub const fn country_iso(&self) -> Country {
        self.request.country_iso
    }

    /// When it was read.
    #[must_use]
    pub const fn read_at(&self) -> Timestamp {
        self.read_at
    }

    /// What is asked for, and why it cannot be had any more if its date has passed.
    #[must_use]
    pub fn into_parts(self) -> (NewAppointment, Option<BodyError>) {
        (self.request, self.past)
    }
}
