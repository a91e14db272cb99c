use std::time::Duration;

use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

/// How long one call to a service may take, and how often it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallLimits {
    /// To a connection that is ready for a request.
    pub connect: Duration,
    /// For one attempt, its connection included.
    pub attempt: Duration,
    /// For the call, all its attempts and the pauses between them included.
    pub call: Duration,
    /// Attempts at most; a pause with jitter, longer each time, stands between them.
    pub attempts: u32,
}

impl Default for CallLimits {
    /// Four seconds a call, so that the two of a first POST fit in its function's ten. A replay makes three, a page of a
    /// list two or more: what then still waits when a second is left is given up by the handler, which answers. A
    /// country function spends fifteen of its thirty on an insert at most, and confirms in up to three calls. The
    /// attempt's limit leaves room for a second one: what takes a second is lost, as the services answer within
    /// milliseconds.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            attempt: Duration::from_millis(1_500),
            call: Duration::from_secs(4),
            attempts: 3,
        }
    }
}

impl CallLimits {
    pub(crate) fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.call)
            .build()
    }

    pub(crate) fn retries(&self) -> RetryConfig {
        RetryConfig::standard()
            .with_max_attempts(self.attempts)
            .with_initial_backoff(Duration::from_millis(50))
    }
}
