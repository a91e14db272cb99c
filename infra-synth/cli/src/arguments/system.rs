#[cfg(feature = "local")]
use std::path::{Path, PathBuf};

use clap::Args;

#[cfg(feature = "aws")]
use super::StackArguments;
#[cfg(feature = "local")]
use super::StageArguments;

/// Where `infra-synth local` keeps its state unless it is told otherwise.
#[cfg(feature = "local")]
pub(crate) const DATA_FOLDER: &str = ".local";

/// What says which deployed stack is meant, and so contradicts a local one.
#[cfg(all(feature = "aws", feature = "local"))]
const OF_A_STACK: [&str; 4] = ["stack_name", "profile", "region", "endpoint_url"];

/// Which running system an operation is for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which system (the stage's deployed stack, unless a local one is named)")]
pub(crate) struct SystemArguments {
    /// The `infra-synth local` that runs with this data folder, instead of the stage's deployed stack
    #[cfg(feature = "local")]
    #[arg(long, value_name = "DIR")]
    #[cfg_attr(feature = "aws", arg(conflicts_with_all = OF_A_STACK))]
    pub(crate) data_dir: Option<PathBuf>,
    /// The `infra-synth local` that runs here: the same as --data-dir .local
    #[cfg(feature = "local")]
    #[arg(long, conflicts_with = "data_dir")]
    #[cfg_attr(feature = "aws", arg(conflicts_with_all = OF_A_STACK))]
    pub(crate) local: bool,
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub(crate) stack: StackArguments,
}

impl SystemArguments {
    /// The data folder of the local system that is meant; without one it is the stage's deployed stack.
    ///
    /// What is deployed is the default, as with every command that reads a stage's stack: it is said at night, and a
    /// stage that was named must not be answered by the machine in front. A program without AWS has only this machine.
    #[cfg(feature = "local")]
    pub(crate) fn data_folder(&self, stage: &StageArguments) -> Option<&Path> {
        let is_only_here = cfg!(not(feature = "aws")) && !stage.is_given;
        match &self.data_dir {
            Some(folder) => Some(folder),
            None => (self.local || is_only_here).then(|| Path::new(DATA_FOLDER)),
        }
    }
}
