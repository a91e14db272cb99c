//! The running system that a stage's stack is, for the commands that find and mend.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use infra_synth_cfn::Template;
use infra_synth_deploy::Account;
use infra_synth_operations_aws::{DeployedRecords, SqsDeadLetterQueues, StackQueues, StackStores};

use crate::arguments::{StackArguments, StageArguments};

/// The dead-letter queues of the stage's stack, as it is deployed and not as it is here.
pub(crate) async fn dead_letter_queues(
    stage: &StageArguments,
    arguments: &StackArguments,
) -> Result<SqsDeadLetterQueues> {
    let deployed = Deployed::find(stage, arguments).await?;
    let queues = StackQueues::of(&deployed.template, &deployed.physical_ids);
    Ok(SqsDeadLetterQueues::new(deployed.account.config(), queues))
}

/// The table and the country databases of the stage's stack; without a URL, the databases as its functions reach them.
pub(crate) async fn records(
    stage: &StageArguments,
    arguments: &StackArguments,
    database_url: Option<&str>,
) -> Result<DeployedRecords> {
    let deployed = Deployed::find(stage, arguments).await?;
    let stores = StackStores::of(&deployed.template, &deployed.physical_ids)?;
    Ok(DeployedRecords::new(deployed.account.config(), &stores, database_url).await?)
}

/// A stage's stack, and the account that it is in.
struct Deployed {
    account: Account,
    template: Template,
    physical_ids: BTreeMap<String, String>,
}

impl Deployed {
    async fn find(stage: &StageArguments, arguments: &StackArguments) -> Result<Self> {
        let name = super::stack_name(stage, arguments)?;
        let account = super::connect(&arguments.aws).await.context(
            "the deployed stack cannot be looked at; for the `infra-synth local` that runs here say --local",
        )?;
        let stacks = super::stacks(&account, stage, &arguments.aws);
        let stack = super::existing(&stacks, &name).await?;
        let template = super::template_of(&stacks, &stack.name).await?;
        let resources = stacks.resources(&stack.name).await?.into_iter();
        Ok(Self {
            template,
            physical_ids: resources
                .map(|resource| (resource.logical_id, resource.physical_id))
                .collect(),
            account,
        })
    }
}
