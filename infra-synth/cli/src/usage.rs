use std::fmt;

use schedule_stacks::StageError;

/// What was said on the command line cannot be meant: nothing was done, and the process ends with [`EXIT_CODE`].
#[derive(Debug)]
pub(crate) struct WrongUsage(pub(crate) String);

/// What the process ends with when it was called wrongly, as clap has it.
pub(crate) const EXIT_CODE: u8 = 2;

/// Whether another command line would have done.
pub(crate) fn is_wrong(error: &anyhow::Error) -> bool {
    error.is::<WrongUsage>()
        || matches!(
            error.downcast_ref::<StageError>(),
            Some(StageError::NoSuchStage { .. })
        )
}

impl fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}
