use std::{collections::VecDeque, sync::Mutex};

use super::locked;
use crate::ports::PortError;

/// The failures that the next calls shall meet.
#[derive(Debug, Default)]
pub(super) struct Failures(Mutex<VecDeque<PortError>>);

impl Failures {
    pub(super) fn push(&self, error: PortError) {
        locked(&self.0).push_back(error);
    }

    /// Fails once for every failure that was pushed.
    pub(super) fn check(&self) -> Result<(), PortError> {
        locked(&self.0).pop_front().map_or(Ok(()), Err)
    }
}
