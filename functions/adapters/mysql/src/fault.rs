//! What went wrong, in the words of the port.
//!
//! The driver's errors are not passed on as sources: a server quotes values in its messages, and those are
//! patients' data. Only the codes listed here, whose messages name users, schemas and tables, keep their text.

use std::io::{self, ErrorKind};

use mysql_async::{DriverError, Error, IoError, ServerError};
use schedule_core::ports::{PortError, PortErrorKind};

/// A call on the database at `place` that failed in the driver or on the server.
pub(crate) fn from_driver(operation: &'static str, place: &str, error: &Error) -> PortError {
    let (kind, message) = match error {
        Error::Server(error) => from_server(place, error),
        Error::Io(IoError::Io(error)) => from_io(place, error),
        Error::Io(IoError::Tls(_)) => (
            PortErrorKind::Unreachable,
            format!("no trusted TLS connection to `{place}` came about"),
        ),
        Error::Driver(error) => from_protocol(place, error),
        Error::Url(_) | Error::Other(_) => (
            PortErrorKind::Unavailable,
            format!("the driver failed on `{place}`"),
        ),
    };
    PortError::new(kind, operation, message)
}

/// A connection that did not come about in time.
pub(crate) fn connect_timeout(operation: &'static str, place: &str) -> PortError {
    let message = format!("no connection to `{place}` within the time limit");
    PortError::new(PortErrorKind::Unreachable, operation, message)
}

/// A sign-in that could not even be signed.
pub(crate) fn no_token(operation: &'static str, place: &str) -> PortError {
    let message = format!("no token for `{place}` can be signed; is its host a host name?");
    PortError::new(PortErrorKind::Denied, operation, message)
}

/// A statement that was not answered in time; whether it took effect is not known.
pub(crate) fn statement_timeout(operation: &'static str, place: &str) -> PortError {
    let message = format!("no answer from `{place}` within the time limit");
    PortError::new(PortErrorKind::Unavailable, operation, message)
}

fn from_server(place: &str, error: &ServerError) -> (PortErrorKind, String) {
    let ServerError { code, state, message } = error;
    let quoted = format!("`{place}` answered with error {code}: {message}");
    let unquoted = format!("`{place}` answered with error {code} (SQLSTATE {state})");
    match code {
        // Access to a schema, by password, to a table, to a column, by privilege; a password to be changed; a
        // locked account, in MySQL's number and in MariaDB's; access without a password.
        1044 | 1045 | 1142 | 1143 | 1227 | 1820 | 1862 | 3118 | 4151 | 1698 => {
            (PortErrorKind::Denied, quoted)
        }
        // Too many connections: of all, of the user, within the hour.
        1040 | 1203 | 1226 => (PortErrorKind::Throttled, quoted),
        // No such schema, no such table.
        1049 | 1146 => (PortErrorKind::Unavailable, quoted),
        // A packet that is too large, which half of the batch may not be.
        1153 => (PortErrorKind::Invalid, unquoted),
        // Classes 22 and 23 are data that does not fit its column and data that breaks a constraint.
        _ if state.starts_with("22") || state.starts_with("23") => (PortErrorKind::Invalid, unquoted),
        // A value that is no date, and one that is not of the column's character set, come without a class.
        1292 | 1366 => (PortErrorKind::Invalid, unquoted),
        _ => (PortErrorKind::Unavailable, unquoted),
    }
}

fn from_io(place: &str, error: &io::Error) -> (PortErrorKind, String) {
    match error.kind() {
        ErrorKind::ConnectionRefused => (
            PortErrorKind::Unavailable,
            format!("nothing listens at `{place}`; is the database running?"),
        ),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof
        | ErrorKind::NotConnected => (
            PortErrorKind::Unavailable,
            format!("the connection to `{place}` was lost"),
        ),
        kind => (
            PortErrorKind::Unreachable,
            format!("`{place}` cannot be reached: {kind}"),
        ),
    }
}

fn from_protocol(place: &str, error: &DriverError) -> (PortErrorKind, String) {
    match error {
        DriverError::ConnectionClosed | DriverError::PoolDisconnected => (
            PortErrorKind::Unavailable,
            format!("the connection to `{place}` was lost"),
        ),
        DriverError::UnknownAuthPlugin { name } => (
            PortErrorKind::Denied,
            format!("`{place}` asks for the sign-in `{name}`, which is not supported"),
        ),
        DriverError::CleartextPluginDisabled => (
            PortErrorKind::Denied,
            format!("`{place}` asks for the password in clear text"),
        ),
        DriverError::NoClientSslFlagFromServer => (
            PortErrorKind::Unreachable,
            format!("`{place}` offers no TLS, which the options ask for"),
        ),
        DriverError::PacketTooLarge => (
            PortErrorKind::Invalid,
            format!("the batch is larger than `{place}` takes"),
        ),
        _ => (
            PortErrorKind::Unavailable,
            format!("`{place}` answered in a way that the driver does not know"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(code: u16, state: &str) -> PortError {
        let message = "about 'Ana'".to_owned();
        let error = Error::Server(ServerError {
            code,
            state: state.to_owned(),
            message,
        });
        from_driver("insert_appointments", "host:3306/db", &error)
    }

    #[test]
    fn each_code_has_the_kind_that_decides_about_another_try() {
        for (code, state, kind) in [
            (1045, "28000", PortErrorKind::Denied),
            (1142, "42000", PortErrorKind::Denied),
            (1040, "08004", PortErrorKind::Throttled),
            (1146, "42S02", PortErrorKind::Unavailable),
            (1205, "HY000", PortErrorKind::Unavailable),
            (1213, "40001", PortErrorKind::Unavailable),
            (1290, "HY000", PortErrorKind::Unavailable),
            (1406, "22001", PortErrorKind::Invalid),
            (1048, "23000", PortErrorKind::Invalid),
            (1366, "HY000", PortErrorKind::Invalid),
        ] {
            assert_eq!(server(code, state).kind(), kind, "{code}");
        }
    }

    #[test]
    fn a_message_about_values_is_not_repeated() {
        let refused = server(1406, "22001");
        assert_eq!(
            refused.message(),
            "`host:3306/db` answered with error 1406 (SQLSTATE 22001)"
        );
        assert!(std::error::Error::source(&refused).is_none());
    }
}
