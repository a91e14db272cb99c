//! Names that the functions, the stack and the local runner must agree on, written once.

pub use crate::messages::{COUNTRY_ATTRIBUTE, DETAIL_TYPE, EVENT_TYPE, EVENT_TYPE_ATTRIBUTE, SOURCE};

/// Environment variable: the name of the table.
pub const APPOINTMENTS_TABLE: &str = "APPOINTMENTS_TABLE";
/// Environment variable: the ARN of the topic.
pub const SNS_TOPIC_ARN: &str = "SNS_TOPIC_ARN";
/// Environment variable: the name of the bus.
pub const EVENT_BUS_NAME: &str = "EVENT_BUS_NAME";
/// Environment variable: the host of the country database.
pub const DB_HOST: &str = "DB_HOST";
/// Environment variable: the port of the country database.
pub const DB_PORT: &str = "DB_PORT";
/// Environment variable: the schema of the country database.
pub const DB_NAME: &str = "DB_NAME";
/// Environment variable: the user that signs in to the country database.
pub const DB_USER: &str = "DB_USER";
/// Environment variable: the country that a function serves, `PE` or `CL`.
pub const COUNTRY: &str = "COUNTRY";
/// Environment variable: whether the API's authorizer has checked a token, [`AUTH_JWT`], or anyone may call,
/// [`AUTH_NONE`].
pub const AUTH: &str = "AUTH";
/// [`AUTH`]: each request brings the claims of a token that was checked.
pub const AUTH_JWT: &str = "jwt";
/// [`AUTH`]: anyone may book and read.
pub const AUTH_NONE: &str = "none";
/// Environment variable: the claim that holds the bearer's own insured id.
pub const AUTH_INSURED_CLAIM: &str = "AUTH_INSURED_CLAIM";
/// Environment variable: the claim that holds the countries that the bearer may act for.
pub const AUTH_COUNTRIES_CLAIM: &str = "AUTH_COUNTRIES_CLAIM";
/// Environment variable: the ARN of the secret that cursors are signed with.
pub const CURSOR_SECRET_ARN: &str = "CURSOR_SECRET_ARN";

/// The index over the appointments of an insured, by date.
pub const INSURED_ID_INDEX: &str = "InsuredIdIndex";
/// The table's key, and the second path parameter of [`GET_ONE_ROUTE`].
pub const APPOINTMENT_ID: &str = "appointmentId";
/// The index's hash key, and the path parameter of a GET.
pub const INSURED_ID: &str = "insuredId";
/// The index's range key.
pub const DATE_SCHEDULE: &str = "dateSchedule";
/// The index over the appointments that have to be announced, by when that is due.
pub const PENDING_INDEX: &str = "PendingIndex";
/// That index's hash key.
pub const ANNOUNCE_SHARD: &str = "announceShard";
/// That index's range key.
pub const ANNOUNCE_AFTER: &str = "announceAfter";
/// The attribute that counts how often an appointment was announced again.
pub const ANNOUNCEMENTS: &str = "announcements";
/// The attribute that names the country.
pub const COUNTRY_ISO: &str = "countryISO";
/// The attribute, of items and of messages, that names the request which asked for the appointment.
pub const REQUEST_ID: &str = "requestId";
/// The attribute that says when the appointment was accepted.
pub const DATE_CREATED: &str = "dateCreated";
/// The attribute that holds the status.
pub const STATUS: &str = "status";
/// The attribute that says when the status last changed.
pub const UPDATED_AT: &str = "updatedAt";

/// The namespace of the functions' own metrics.
pub const METRICS_NAMESPACE: &str = "MedicalSchedule";
/// The metric of how long the appointment has waited that waits longest, in seconds.
pub const OLDEST_PENDING_AGE: &str = "OldestPendingAge";

/// What a row of a country table says in its `status` column.
pub const COUNTRY_ROW_STATUS: &str = "CREATED";

/// The route of `createAppointment`.
pub const CREATE_ROUTE: &str = "POST /appointments";
/// The route of `getAppointment` that lists an insured's appointments.
pub const GET_ROUTE: &str = "GET /appointments/{insuredId}";
/// The route of `getAppointment` for one appointment.
pub const GET_ONE_ROUTE: &str = "GET /appointments/{insuredId}/{appointmentId}";
/// The route of what no other route takes: `getAppointment` says that there is nothing there.
pub const DEFAULT_ROUTE: &str = "$default";
/// The route of a browser that asks what a page may send, before it has any token to show. Without it
/// [`DEFAULT_ROUTE`] would take the question, and its authorizer refuse it; API Gateway adds the headers to the
/// function's empty answer
/// (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>).
pub const PREFLIGHT_ROUTE: &str = "OPTIONS /{proxy+}";

/// The scope that booking asks for.
pub const WRITE_SCOPE: &str = "appointments:write";
/// The scope that reading asks for.
pub const READ_SCOPE: &str = "appointments:read";
/// The scope that lifts "only one's own", within the countries of the token.
pub const ANY_SCOPE: &str = "appointments:any";
