use std::{convert::Infallible, fmt, str::FromStr};

use crate::StackCommands;

/// What a stack is doing or has done, in CloudFormation's own words.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StackStatus {
    /// A change set for a new stack waits; no resource exists.
    ReviewInProgress,
    /// An operation runs.
    Running(Operation),
    /// The last operation did what it was asked for.
    Done(Operation),
    /// The first creation failed and was undone; such a stack can only be deleted.
    CreationUndone,
    /// An update failed and was undone: the stack is as it was before.
    UpdateUndone,
    /// The undoing of an update failed: the stack is between two versions, until the undoing is continued.
    UndoingFailed,
    /// An operation failed and left what it had done.
    Failed(Operation),
    /// A word that CloudFormation did not have when this was written.
    Other(String),
}

/// What is done to a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The first deployment.
    Creation,
    /// The undoing of a first deployment.
    CreationUndoing,
    /// A later deployment.
    Update,
    /// What is left of an update that has succeeded: the removal of what it replaced.
    UpdateCleanup,
    /// The undoing of an update.
    UpdateUndoing,
    /// What is left of an undoing that has succeeded.
    UpdateUndoingCleanup,
    /// The deletion.
    Deletion,
    /// Taking resources in that exist already.
    Import,
    /// The undoing of that.
    ImportUndoing,
}

impl StackStatus {
    /// Whether nothing runs any more, so that waiting is over.
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Running(_) => false,
            Self::Other(word) => !word.ends_with("_IN_PROGRESS"),
            _ => true,
        }
    }

    /// Whether the last operation did what it was asked for.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// What can be done with a stack in this status.
    pub fn standing(&self) -> Standing {
        match self {
            Self::ReviewInProgress | Self::Done(Operation::Deletion) => Standing::New,
            Self::Done(_) | Self::UpdateUndone => Standing::Deployed,
            Self::CreationUndone | Self::Failed(Operation::Creation | Operation::CreationUndoing) => {
                Standing::OnlyDeletable
            }
            Self::Failed(Operation::Deletion) => Standing::HalfDeleted,
            Self::UndoingFailed => Standing::Stuck,
            Self::Failed(Operation::Update) => Standing::NotUndone,
            Self::Failed(_) => Standing::Foreign,
            Self::Running(_) | Self::Other(_) => Standing::Busy,
        }
    }
}

/// What can be done with a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds nothing yet: it can be created.
    New,
    /// It can be updated.
    Deployed,
    /// It must be deleted before it can be created anew.
    OnlyDeletable,
    /// Its deletion stopped, and can only be gone on with.
    HalfDeleted,
    /// Its last undoing must be continued first.
    Stuck,
    /// Its last update failed, and whoever began it wanted nothing undone.
    NotUndone,
    /// Something failed that this tool never begins, such as an import.
    Foreign,
    /// Something else is changing it.
    Busy,
}

impl Standing {
    /// What to do before the stack can be deployed; `None` if it can be.
    pub fn way_out(self, commands: &StackCommands) -> Option<String> {
        let StackCommands {
            deploy,
            selection,
            aws_selection,
        } = commands;
        match self {
            Self::New | Self::Deployed => None,
            Self::OnlyDeletable => Some(format!(
                "its creation failed, and such a stack can only be deleted: infra-synth destroy {selection}, \
                 and then, a minute later (a queue's name is free again after one), {deploy}; \
                 --import-existing takes in again the table and log groups that it retained (`destroy` names them), and queues \
                 that it retained must be deleted first"
            )),
            Self::HalfDeleted => Some(format!(
                "its deletion stopped half-way: see why (infra-synth status {selection}), mend that, and say \
                 infra-synth destroy {selection} again; add --retain LOGICAL_ID for a resource that is to stay \
                 in the account"
            )),
            Self::Stuck => Some(format!(
                "the undoing of its last update stopped half-way: mend what its events name \
                 (infra-synth status {selection}), and then go on with \
                 infra-synth deploy {selection} --continue-rollback; add --skip LOGICAL_ID for a resource that \
                 cannot be mended"
            )),
            Self::NotUndone => Some(format!(
                "its last update failed and was not undone, as whoever began it wanted: see why \
                 (infra-synth status {selection}), have it undone with \
                 aws cloudformation rollback-stack {aws_selection}, and then {deploy}"
            )),
            Self::Foreign => Some(format!(
                "an operation failed that infra-synth does not begin: see why (infra-synth status {selection}), mend it \
                 in the console of CloudFormation, and then {deploy}"
            )),
            Self::Busy => Some(format!(
                "someone else is changing it: wait for the end with infra-synth status {selection} --follow, and \
                 then {deploy}"
            )),
        }
    }
}

const WORDS: [(&str, StackStatus); 23] = [
    ("REVIEW_IN_PROGRESS", StackStatus::ReviewInProgress),
    ("CREATE_IN_PROGRESS", StackStatus::Running(Operation::Creation)),
    ("CREATE_COMPLETE", StackStatus::Done(Operation::Creation)),
    ("CREATE_FAILED", StackStatus::Failed(Operation::Creation)),
    (
        "ROLLBACK_IN_PROGRESS",
        StackStatus::Running(Operation::CreationUndoing),
    ),
    ("ROLLBACK_COMPLETE", StackStatus::CreationUndone),
    ("ROLLBACK_FAILED", StackStatus::Failed(Operation::CreationUndoing)),
    ("UPDATE_IN_PROGRESS", StackStatus::Running(Operation::Update)),
    (
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        StackStatus::Running(Operation::UpdateCleanup),
    ),
    ("UPDATE_COMPLETE", StackStatus::Done(Operation::Update)),
    ("UPDATE_FAILED", StackStatus::Failed(Operation::Update)),
    (
        "UPDATE_ROLLBACK_IN_PROGRESS",
        StackStatus::Running(Operation::UpdateUndoing),
    ),
    (
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        StackStatus::Running(Operation::UpdateUndoingCleanup),
    ),
    ("UPDATE_ROLLBACK_COMPLETE", StackStatus::UpdateUndone),
    ("UPDATE_ROLLBACK_FAILED", StackStatus::UndoingFailed),
    ("DELETE_IN_PROGRESS", StackStatus::Running(Operation::Deletion)),
    ("DELETE_COMPLETE", StackStatus::Done(Operation::Deletion)),
    ("DELETE_FAILED", StackStatus::Failed(Operation::Deletion)),
    ("IMPORT_IN_PROGRESS", StackStatus::Running(Operation::Import)),
    ("IMPORT_COMPLETE", StackStatus::Done(Operation::Import)),
    (
        "IMPORT_ROLLBACK_IN_PROGRESS",
        StackStatus::Running(Operation::ImportUndoing),
    ),
    // The stack is as it was before the import.
    (
        "IMPORT_ROLLBACK_COMPLETE",
        StackStatus::Done(Operation::ImportUndoing),
    ),
    (
        "IMPORT_ROLLBACK_FAILED",
        StackStatus::Failed(Operation::ImportUndoing),
    ),
];

impl FromStr for StackStatus {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Infallible> {
        let known = WORDS.iter().find(|(known, _)| *known == word);
        Ok(known.map_or_else(|| Self::Other(word.to_owned()), |(_, status)| status.clone()))
    }
}

impl fmt::Display for StackStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Other(word) => word,
            // The rest are not among CloudFormation's words, such as the failure of an update's cleanup.
            known => WORDS
                .iter()
                .find(|(_, status)| status == known)
                .map_or("UNKNOWN", |(word, _)| word),
        };
        f.write_str(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SuggestedOptions;

    fn status(word: &str) -> StackStatus {
        word.parse().unwrap()
    }

    #[test]
    fn a_stack_is_settled_when_no_operation_runs() {
        for (word, _) in WORDS {
            let runs = word.ends_with("_IN_PROGRESS") && word != "REVIEW_IN_PROGRESS";
            assert_eq!(status(word).is_settled(), !runs, "{word}");
        }
        assert!(!status("REFACTOR_IN_PROGRESS").is_settled());
    }

    #[test]
    fn a_status_is_written_as_cloudformation_writes_it() {
        for (word, _) in WORDS {
            assert_eq!(status(word).to_string(), word);
        }
        assert_eq!(status("REFACTOR_COMPLETE").to_string(), "REFACTOR_COMPLETE");
    }

    #[test]
    fn a_stack_that_cannot_be_deployed_has_a_way_out() {
        #[track_caller]
        fn check(word: &str, expected: Standing, command: Option<&str>) {
            let standing = status(word).standing();
            assert_eq!(standing, expected, "{word}");
            let way_out = standing.way_out(&SuggestedOptions::default().commands("s"));
            assert_eq!(way_out.is_some(), command.is_some(), "{word}");
            if let (Some(way_out), Some(command)) = (way_out, command) {
                assert!(way_out.contains(command), "{way_out}");
            }
        }
        check("REVIEW_IN_PROGRESS", Standing::New, None);
        check("UPDATE_ROLLBACK_COMPLETE", Standing::Deployed, None);
        check("IMPORT_COMPLETE", Standing::Deployed, None);
        check(
            "ROLLBACK_COMPLETE",
            Standing::OnlyDeletable,
            Some("infra-synth destroy --stack-name s"),
        );
        check(
            "DELETE_FAILED",
            Standing::HalfDeleted,
            Some("infra-synth destroy --stack-name s again; add --retain"),
        );
        check(
            "UPDATE_ROLLBACK_FAILED",
            Standing::Stuck,
            Some("--continue-rollback"),
        );
        check(
            "UPDATE_FAILED",
            Standing::NotUndone,
            Some("aws cloudformation rollback-stack --stack-name s,"),
        );
        check(
            "IMPORT_ROLLBACK_FAILED",
            Standing::Foreign,
            Some("infra-synth status --stack-name s"),
        );
        check(
            "UPDATE_IN_PROGRESS",
            Standing::Busy,
            Some("infra-synth status --stack-name s --follow"),
        );
        check("DELETE_IN_PROGRESS", Standing::Busy, Some("--follow"));
    }
}
