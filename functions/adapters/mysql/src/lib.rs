//! The country tables on MySQL or MariaDB.
//!
//! [`MySqlCountryDatabase`] keeps the promises of [`CountryDatabase`](schedule_core::ports::CountryDatabase): a
//! batch is one statement, an appointment that arrives again changes nothing, and a failure says whether it is
//! worth another try. Neither a password nor a patient's data is in any error or `Debug` output of this crate.
#![warn(missing_docs)]

mod certificates;
mod database;
mod fault;
#[cfg(feature = "iam")]
mod iam;
mod insert;
mod keys;
mod options;
mod pools;
mod schema;
#[cfg(feature = "test-mariadb")]
pub mod test_mariadb;

pub use certificates::{CertificatesError, RootCertificates};
pub use database::MySqlCountryDatabase;
#[cfg(feature = "iam")]
pub use iam::IamSignIn;
pub use options::{DatabaseUrlError, Limits, MySqlOptions};
