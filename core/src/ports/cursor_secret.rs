use std::{fmt, future::Future, sync::Arc};

use super::PortError;

/// The secret that the cursors of lists are signed with, shared by all copies of the function.
pub trait CursorSecret: Send + Sync {
    /// The secret. It is asked for at each use: MUST be kept after the first time.
    ///
    /// # Errors
    ///
    /// If it could not be had, or is too short to be a secret; such an outcome MUST NOT be kept.
    fn cursor_key(&self) -> impl Future<Output = Result<CursorKey, PortError>> + Send;
}

impl<T: CursorSecret> CursorSecret for Arc<T> {
    async fn cursor_key(&self) -> Result<CursorKey, PortError> {
        T::cursor_key(self).await
    }
}

/// A key to sign cursors with. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct CursorKey(Arc<[u8]>);

impl CursorKey {
    /// The fewest bytes that it may have: as many as the signature.
    pub const MIN_BYTES: usize = 32;

    /// Takes the bytes if they are enough.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (bytes.len() >= Self::MIN_BYTES).then(|| Self(bytes.into()))
    }

    /// The key, to sign with; never to log it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for CursorKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CursorKey(hidden)")
    }
}
