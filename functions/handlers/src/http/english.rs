//! What a client reads, in English.

use schedule_core::{IdempotencyKey, InsuredId, Status, json_fault::JsonFaultKind};

use super::{
    MAX_BODY_BYTES,
    list_query::{MAX_LIMIT, QueryFaultKind},
    problem::Problem,
};

/// Said with a 201.
pub(super) const CREATED: &str = "The appointment was registered.";

/// The kind of problem, the same for every occurrence.
pub(super) const fn title(problem: &Problem) -> &'static str {
    match problem {
        Problem::UnsupportedMediaType => "Unsupported media type",
        Problem::TooLarge => "Body too large",
        Problem::NotJson(_) => "Unreadable body",
        Problem::Faults(_) => "Invalid appointment data",
        Problem::UnsupportedEncoding => "Unsupported content encoding",
        Problem::QueryFaults(_) => "Invalid query parameters",
        Problem::Unauthenticated => "Authentication required",
        Problem::Forbidden(_) => "Access not allowed",
        Problem::NoSuchPath => "No such path",
        Problem::NoSuchAppointment => "No such appointment",
        Problem::MethodNotAllowed { .. } => "Method not allowed",
        Problem::NotAnInsuredId => "Invalid insured id",
        Problem::NotAnIdempotencyKey => "Invalid idempotency key",
        Problem::NotAcceptable => "No acceptable representation",
        Problem::KeyReused => "Idempotency key already used",
        Problem::Unavailable => "Service temporarily unavailable",
        Problem::OutcomeUnknown => "Outcome unknown",
        Problem::Internal => "Internal error",
    }
}

/// What to do about this occurrence.
pub(super) fn detail(problem: &Problem) -> String {
    match problem {
        Problem::UnsupportedMediaType => {
            "The body must be sent as JSON in UTF-8, with the header Content-Type: application/json."
                .to_owned()
        }
        Problem::TooLarge => {
            format!(
                "The body is larger than the maximum of {} KiB.",
                MAX_BODY_BYTES / 1024
            )
        }
        Problem::NotJson(None) => "The body is not valid JSON in UTF-8.".to_owned(),
        Problem::NotJson(Some(fault)) if (fault.line(), fault.column()) == (1, 0) => {
            "The body is empty: it must be a JSON object with the data of the appointment.".to_owned()
        }
        Problem::NotJson(Some(fault)) if fault.kind() == JsonFaultKind::ByteOrderMark => {
            "The body begins with a byte order mark (BOM), which JSON does not allow; send it without."
                .to_owned()
        }
        Problem::NotJson(Some(fault)) => format!(
            "The body is not valid JSON in UTF-8: see line {}, column {}.",
            fault.line(),
            fault.column()
        ),
        Problem::Faults(faults) => match faults.len() {
            1 => "The appointment was not registered: one value has to be corrected, named in \"errors\"."
                .to_owned(),
            count => format!(
                "The appointment was not registered: {count} values have to be corrected, named in \"errors\"."
            ),
        },
        Problem::UnsupportedEncoding => {
            "The body must be sent neither compressed nor encoded, without the header Content-Encoding."
                .to_owned()
        }
        Problem::QueryFaults(_) => {
            "The query was not served: correct the parameters named in \"errors\".".to_owned()
        }
        Problem::Unauthenticated => "Send a valid token in the header Authorization: Bearer.".to_owned(),
        Problem::Forbidden(_) => {
            "The token does not allow this operation for this insured and country.".to_owned()
        }
        Problem::NoSuchPath => {
            "There is nothing at this path; appointments are at /appointments/{insuredId}.".to_owned()
        }
        Problem::NoSuchAppointment => "The insured has no appointment with this id.".to_owned(),
        Problem::MethodNotAllowed { allowed } => format!("This path allows only the method {allowed}."),
        Problem::NotAnInsuredId => format!(
            "The insured id of the path must have 1 to {} characters, \
             only letters from A to Z without accents, digits or hyphens (-).",
            InsuredId::MAX_CHARACTERS
        ),
        Problem::NotAnIdempotencyKey => format!(
            "The header Idempotency-Key must have 1 to {} visible ASCII characters, \
             in quotes, and be sent only once.",
            IdempotencyKey::MAX_CHARACTERS
        ),
        Problem::NotAcceptable => "Appointments are sent as application/json or as application/fhir+json; \
             the header Accept allows neither."
            .to_owned(),
        Problem::KeyReused => "The key of the header Idempotency-Key was used with another request; \
             send the same request or use a new key."
            .to_owned(),
        Problem::Unavailable => {
            "The request could not be served at this moment; try again in a few seconds.".to_owned()
        }
        Problem::OutcomeUnknown => "The appointment may or may not have been registered; look for it in the list of the \
             insured's appointments before sending it again. With the header Idempotency-Key it can be sent again safely."
            .to_owned(),
        Problem::Internal => {
            "The request could not be served because of an internal error; if it persists, tell support."
                .to_owned()
        }
    }
}

/// What is wrong with a parameter of a query.
pub(super) fn query_fault(kind: QueryFaultKind) -> String {
    match kind {
        QueryFaultKind::Unknown => {
            "Unknown parameter; from, to, status, limit and cursor may be sent.".to_owned()
        }
        QueryFaultKind::Repeated => "The parameter appears more than once; send it once.".to_owned(),
        QueryFaultKind::NotADateTime => {
            "It is not a valid date and time; expected the format RFC 3339 with an \
             offset, for example 2030-05-20T15:30:00-05:00."
                .to_owned()
        }
        QueryFaultKind::EmptyRange => {
            "It must be later than from: an appointment may be at from, not at to.".to_owned()
        }
        QueryFaultKind::UnknownStatus => {
            format!(
                "It is not a status; expected {} or {}.",
                Status::Pending,
                Status::Completed
            )
        }
        QueryFaultKind::NotALimit => format!("Expected a whole number from 1 to {MAX_LIMIT}."),
        QueryFaultKind::Cursor => {
            "The cursor is not of this query or has expired; begin again without a cursor, \
             and follow the links of the header Link."
                .to_owned()
        }
    }
}
