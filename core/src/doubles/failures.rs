use std::{collections::VecDeque, future::pending, sync::Mutex};

use super::locked;
use crate::ports::PortError;

/// The failures that the next calls shall meet.
#[derive(Debug, Default)]
pub(super) struct Failures(Mutex<VecDeque<Failure>>);

#[derive(Debug)]
enum Failure {
    Error(PortError),
    Silence,
}

impl Failures {
    pub(super) fn push(&self, error: PortError) {
        locked(&self.0).push_back(Failure::Error(error));
    }

    pub(super) fn push_silence(&self) {
        locked(&self.0).push_back(Failure::Silence);
    }

    /// Fails once for every failure that was pushed.
    pub(super) async fn check(&self) -> Result<(), PortError> {
        let next = locked(&self.0).pop_front();
        match next {
            None => Ok(()),
            Some(Failure::Error(error)) => Err(error),
            Some(Failure::Silence) => pending().await,
        }
    }
}
