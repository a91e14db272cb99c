use super::failures::Failures;
use crate::ports::{CursorKey, CursorSecret, PortError, PortErrorKind};

/// A secret that everybody knows.
#[derive(Debug, Default)]
pub struct KnownCursorSecret {
    failures: Failures,
}

impl KnownCursorSecret {
    /// The secret.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes one more of the coming calls fail like this.
    pub fn fail_next(&self, error: PortError) {
        self.failures.push(error);
    }

    /// Lets one more of the coming calls have no effect and no end.
    pub fn silence_next(&self) {
        self.failures.push_silence();
    }
}

impl CursorSecret for KnownCursorSecret {
    async fn cursor_key(&self) -> Result<CursorKey, PortError> {
        self.failures.check().await?;
        CursorKey::new(b"a secret that is known to every test")
            .ok_or_else(|| PortError::new(PortErrorKind::Invalid, "cursor_key", "too short"))
    }
}
