//! What went wrong, in the words of the port.
//!
//! The SDK's errors are not passed on as sources: a service quotes values in its messages, and those are patients'
//! data. Only a denial keeps its text, which names the caller, the action and the resource.

use std::error::Error;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use schedule_core::ports::{PortError, PortErrorKind};

/// A call that failed, after all its attempts.
pub fn from_sdk<E: ProvideErrorMetadata>(
    operation: &'static str,
    error: &SdkError<E, HttpResponse>,
) -> PortError {
    let (kind, message) = match error {
        SdkError::TimeoutError(_) => (
            PortErrorKind::Unreachable,
            "no answer within the time limit; in a VPC, is there an endpoint for the service?".to_owned(),
        ),
        SdkError::DispatchFailure(failure) => (
            PortErrorKind::Unreachable,
            match failure.as_connector_error() {
                Some(cause) => format!("no connection came about: {}", root_cause(cause)),
                None => "no connection came about".to_owned(),
            },
        ),
        SdkError::ResponseError(_) => (
            PortErrorKind::Unavailable,
            "the answer broke off or does not read".to_owned(),
        ),
        SdkError::ServiceError(refusal) => {
            let answer = refusal.err();
            from_answer(refusal.raw().status().as_u16(), answer.code(), answer.message())
        }
        _ => (
            PortErrorKind::Invalid,
            "the request cannot be built from what it was given".to_owned(),
        ),
    };
    PortError::new(kind, operation, message)
}

/// An entry of a batch that the service refused while it took the call as a whole.
pub fn from_entry(operation: &'static str, code: &str, message: Option<&str>) -> PortError {
    // An entry has no HTTP status: what its code does not tell apart is the entry's own fault.
    let (kind, message) = from_answer(400, Some(code), message);
    PortError::new(kind, operation, message)
}

fn from_answer(status: u16, code: Option<&str>, message: Option<&str>) -> (PortErrorKind, String) {
    let code = code.unwrap_or("no code");
    let answered = format!("the service answered with status {status}, `{code}`");
    let told = message.filter(|_| is_access_denied(code));
    let message = told.map_or_else(|| answered.clone(), |message| format!("{answered}: {message}"));
    (kind(status, code), message)
}

/// The denials whose text names the caller, the action and the resource, and nothing else.
fn is_access_denied(code: &str) -> bool {
    matches!(
        code,
        "AccessDenied" | "AccessDeniedException" | "AuthorizationError" | "AuthorizationErrorException"
    )
}

fn kind(status: u16, code: &str) -> PortErrorKind {
    match code {
        // What asks for fewer calls: of all services, of DynamoDB, of SNS, of EventBridge.
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "Throttled"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "ProvisionedThroughputExceededException"
        | "BandwidthLimitExceeded"
        | "LimitExceededException"
        | "SlowDown"
        | "KMSThrottling"
        | "KMSThrottlingException" => PortErrorKind::Throttled,
        // No permission, no known caller, or a signature that is not or no longer good.
        "AccessDenied"
        | "AccessDeniedException"
        | "AuthorizationError"
        | "AuthorizationErrorException"
        | "NotAuthorizedForSourceException"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignature"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "OptInRequired"
        | "KMSAccessDenied"
        | "KMSAccessDeniedException" => PortErrorKind::Denied,
        "InternalFailure"
        | "InternalException"
        | "InternalError"
        | "InternalServerError"
        | "ServiceUnavailable"
        | "ConcurrentModificationException"
        | "TransactionInProgressException"
        | "ReplicatedWriteConflictException" => PortErrorKind::Unavailable,
        _ => match status {
            401 | 403 => PortErrorKind::Denied,
            429 => PortErrorKind::Throttled,
            400..=499 => PortErrorKind::Invalid,
            _ => PortErrorKind::Unavailable,
        },
    }
}

/// What is at the bottom of an error: of a connection it is the system's or TLS's word, which no request is part of.
fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
