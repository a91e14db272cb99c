//! What the use cases ask of the outside.
//!
//! Every port is also implemented for `Arc<T>`, so that one client serves several use cases. An adapter proves
//! that it keeps a port's promises by running the cases of `port_tests` (feature `doubles`).

mod announcement_outbox;
mod appointment_ids;
mod appointment_listing;
mod appointment_query;
mod appointment_table;
mod appointment_topic;
mod clock;
mod confirmation_bus;
mod country_database;
mod cursor_secret;
mod port_error;

pub use announcement_outbox::{AnnouncementOutbox, DueAnnouncements, Reschedule, WaitingAnnouncements};
pub use appointment_ids::AppointmentIds;
pub use appointment_listing::AppointmentListing;
pub use appointment_query::{AppointmentFilter, AppointmentPage, AppointmentQuery, Position};
pub use appointment_table::{AppointmentTable, CreateError, StatusUpdate};
pub use appointment_topic::AppointmentTopic;
pub(crate) use clock::call_in_time;
pub use clock::{Clock, in_time};
pub use confirmation_bus::ConfirmationBus;
pub use country_database::CountryDatabase;
pub use cursor_secret::{CursorKey, CursorSecret};
pub use port_error::{PortError, PortErrorKind};
