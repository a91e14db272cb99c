//! The running system that a stage's stack is, for the commands that find and mend.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use infra_synth_operations_aws::{SqsDeadLetterQueues, StackQueues};

use crate::arguments::{StackArguments, StageArguments};

/// The dead-letter queues of the stage's stack, as it is deployed and not as it is here.
pub(crate) async fn dead_letter_queues(
    stage: &StageArguments,
    arguments: &StackArguments,
) -> Result<SqsDeadLetterQueues> {
    let name = super::stack_name(stage, arguments)?;
    let account = super::connect(&arguments.aws).await.context(
        "the deployed stack cannot be looked at; for the `infra-synth local` that runs here say --local",
    )?;
    let stacks = account.stacks();
    let stack = super::existing(&stacks, &name).await?;
    let template = super::template_of(&stacks, &stack.name).await?;
    let resources = stacks.resources(&stack.name).await?;
    let physical_ids: BTreeMap<String, String> = resources
        .into_iter()
        .map(|resource| (resource.logical_id, resource.physical_id))
        .collect();
    let queues = StackQueues::of(&template, &physical_ids);
    Ok(SqsDeadLetterQueues::new(account.config(), queues))
}
