//! The appointment table, topic, bus and cursor secret on AWS: DynamoDB, SNS, EventBridge and Secrets Manager behind the ports of [`schedule_core`].
//!
//! [`AwsClients`] is made once a process and gives every adapter the same HTTP client, credentials and limits. Errors
//! are told in the words of [`PortError`](schedule_core::ports::PortError): their kind says whether another try may
//! help, and they repeat nothing of what was sent or stored, because that is a patient's data.
#![warn(missing_docs)]

mod clients;
pub mod fault;
mod limits;
mod settings;

#[cfg(feature = "dynamodb")]
mod appointment_table;
#[cfg(feature = "sns")]
mod appointment_topic;
#[cfg(feature = "eventbridge")]
mod confirmation_bus;
#[cfg(feature = "secretsmanager")]
mod cursor_secret;

#[cfg(feature = "dynamodb")]
pub use appointment_table::DynamoDbAppointmentTable;
#[cfg(feature = "sns")]
pub use appointment_topic::SnsAppointmentTopic;
pub use clients::{AwsClients, AwsClientsError};
#[cfg(feature = "eventbridge")]
pub use confirmation_bus::EventBridgeConfirmationBus;
#[cfg(feature = "secretsmanager")]
pub use cursor_secret::SecretsManagerCursorSecret;
pub use limits::CallLimits;
pub use settings::{AwsSettings, AwsSettingsError, Credentials, Service};
