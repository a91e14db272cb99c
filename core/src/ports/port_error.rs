use std::fmt;

/// A call to the outside that did not succeed.
///
/// Its message must not hold health data, since it goes to the log: what a database or a service says is for the adapter to
/// put into other words.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{operation}` failed ({kind}): {message}")]
pub struct PortError {
    kind: PortErrorKind,
    operation: &'static str,
    message: String,
}

impl PortError {
    /// A failure of `operation`, the port's method or the service's call; `message` says what happened.
    #[must_use]
    pub fn new(kind: PortErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            operation,
            message: message.into(),
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn kind(&self) -> PortErrorKind {
        self.kind
    }

    /// What was attempted.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// What happened, without health data.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.kind.is_retryable()
    }
}

/// The kinds of failure that a use case tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortErrorKind {
    /// The caller has no permission.
    Denied,
    /// No way leads to the service: no route, no endpoint, no answer in time.
    Unreachable,
    /// The service asks for fewer calls.
    Throttled,
    /// The service was reached and cannot answer now.
    Unavailable,
    /// The service cannot take what was sent, or what it holds does not read.
    Invalid,
}

impl PortErrorKind {
    /// Whether the same call may succeed later without anyone changing anything.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::Unreachable | Self::Throttled | Self::Unavailable => true,
            Self::Denied | Self::Invalid => false,
        }
    }
}

impl fmt::Display for PortErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Denied => "denied",
            Self::Unreachable => "unreachable",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Invalid => "invalid",
        })
    }
}
