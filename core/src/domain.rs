//! The types of the domain, one a file; none can hold a value that a request could not have.

mod announcement;
mod appointment;
mod appointment_id;
mod appointment_item;
mod comments;
mod countries;
mod country;
mod date_schedule;
mod idempotency;
mod insured_id;
mod moment;
mod reference;
mod request_id;
mod status;

pub use announcement::{AnnounceShard, Announcement};
pub use appointment::Appointment;
pub use appointment_id::{AppointmentId, AppointmentIdError};
pub use appointment_item::AppointmentItem;
pub use comments::{Comments, CommentsError};
pub use countries::Countries;
pub use country::{Country, CountryError};
pub use date_schedule::{DateSchedule, DateScheduleError};
pub use idempotency::{IdempotencyKey, IdempotencyKeyError, RequestDigest};
pub use insured_id::{InsuredId, InsuredIdError};
pub use moment::{Moment, MomentError};
pub use reference::{Reference, ReferenceError};
pub use request_id::RequestId;
pub use status::{Status, StatusError};
