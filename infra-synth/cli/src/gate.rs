use std::fmt;

/// A gate that was asked for did not hold: the command did its work, and the process ends with [`EXIT_CODE`].
#[derive(Debug)]
pub(crate) struct GateFailed(pub(crate) String);

/// What the process ends with when a gate did not hold.
pub(crate) const EXIT_CODE: u8 = 3;

impl fmt::Display for GateFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GateFailed {}
