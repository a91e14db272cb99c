//! Packages the functions, and deploys the stack: the only code that talks to AWS's control plane.
//!
//! A stack changes through change sets alone: [`Stacks::prepare`] asks CloudFormation what it would do,
//! [`assess()`] says what that loses and opens, and [`Stacks::execute`] and [`Stacks::follow`] run it. Everything that
//! takes time tells a [`Report`] what happens; nothing here prints or asks.
#![warn(missing_docs)]

mod account;
mod assess;
mod assets;
mod aws_error;
mod bootstrap;
mod commands;
mod drift;
mod logs;
pub mod migrate;
pub mod package;
mod parameters;
mod report;
mod stacks;
mod status;

pub use account::{Account, AccountError, AwsSettings};
pub use assess::{Assessment, assess};
pub use assets::Assets;
pub use aws_error::AwsError;
pub use bootstrap::{ASSET_BUCKET_OUTPUT, ASSET_STACK, bootstrap_stack};
pub use commands::{StackCommands, SuggestedOptions};
pub use drift::not_compared;
pub use logs::{LogLine, Logs};
pub use parameters::{ParameterError, resolve};
use report::STACK_TYPE;
pub use report::{Event, Report, ResourceEvent};
pub use stacks::{
    Action, Cause, Change, ChangeSet, ChangeSetError, ChangeSetKind, ChangeSetRequest, DeletionError,
    DeployedStack, Failure, Mark, Output, PATIENCE, Replacement, StackResource, Stacks, TemplateSource,
    retained,
};
pub use status::{Operation, StackStatus, Standing};
