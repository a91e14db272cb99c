use std::{error::Error, fmt, sync::Arc};

/// A call to the outside that did not succeed.
///
/// Its message, and whatever it takes as its source, must not hold health data: the message goes to the log. The
/// source stays out of `Debug` because it is foreign, and a database's error may quote the row.
#[derive(Clone)]
pub struct PortError {
    kind: PortErrorKind,
    operation: &'static str,
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl PortError {
    /// A failure of `operation`, the port's method or the service's call; `message` says what happened.
    #[must_use]
    pub fn new(kind: PortErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            operation,
            message: message.into(),
            source: None,
        }
    }

    /// The same failure with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
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

impl fmt::Debug for PortError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PortError")
            .field("kind", &self.kind)
            .field("operation", &self.operation)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` failed ({}): {}",
            self.operation, self.kind, self.message
        )
    }
}

impl Error for PortError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
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
