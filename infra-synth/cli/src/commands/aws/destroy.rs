use anyhow::{Result, bail};
use infra_synth_cfn::Template;
use infra_synth_deploy::{DeployedStack, Operation, StackResource, StackStatus, Standing, retained};

use crate::arguments::{DestroyArguments, StageArguments};
use crate::output;
use crate::usage::WrongUsage;

pub(crate) fn run(stage: &StageArguments, arguments: &DestroyArguments) -> Result<()> {
    super::run(destroy(stage, arguments))
}

async fn destroy(stage: &StageArguments, arguments: &DestroyArguments) -> Result<()> {
    let name = super::stack_name(stage, &arguments.stack)?;
    let account = super::connect(&arguments.stack.aws).await?;
    let stacks = super::stacks(&account, stage, &arguments.stack.aws);
    let Some(stack) = stacks.describe(&name).await? else {
        output::note(&format!("there is no stack `{name}`: nothing to destroy"));
        return Ok(());
    };
    if stack.status.standing() == Standing::Busy {
        let way_out = stacks.way_out(&stack).unwrap_or_default();
        bail!("stack `{name}` is in `{}`: {way_out}", stack.status);
    }
    let template = match stack.status {
        // Nothing was created in it, and it has no template yet.
        StackStatus::ReviewInProgress => Template::from_value(serde_json::json!({})),
        _ => super::template_of(&stacks, &name).await?,
    };
    let resources = stacks.resources(&name).await?;
    let mut retained = retained(&template);
    check_retained(&stack, &resources, &arguments.retain)?;
    stacks.check_deletable(&stack, &template, &arguments.retain)?;
    retained.extend(arguments.retain.iter().cloned());
    let (kept, deleted): (Vec<_>, Vec<_>) = resources
        .iter()
        .filter(|resource| resource.status != "DELETE_COMPLETE")
        .partition(|resource| retained.contains(&resource.logical_id));
    output::note(&format!(
        "stack `{name}` would be deleted, with {} resources in it",
        deleted.len()
    ));
    for resource in kept {
        output::note(&format!(
            "  retained: {} ({}, `{}`)",
            resource.logical_id, resource.resource_type, resource.physical_id
        ));
    }
    if !super::agreed(&format!("delete {name}?"), arguments.yes)? {
        bail!("nothing was deleted");
    }
    let begin = async { Ok(stacks.delete(&stack, &template, &arguments.retain).await?) };
    let deletion = Operation::Deletion;
    super::operate(&stacks, &name, &stack.id, Some(&template), deletion, begin).await?;
    output::note(&format!("stack `{name}` is deleted"));
    Ok(())
}

/// CloudFormation leaves a resource out of a deletion only where an earlier one has failed on it.
fn check_retained(stack: &DeployedStack, resources: &[StackResource], retain: &[String]) -> Result<()> {
    if !retain.is_empty() && stack.status.standing() != Standing::HalfDeleted {
        bail!(WrongUsage(format!(
            "stack `{}` is in `{}`: --retain is for a stack whose deletion has stopped half-way",
            stack.name, stack.status
        )));
    }
    match retain
        .iter()
        .find(|id| !resources.iter().any(|resource| &resource.logical_id == *id))
    {
        None => Ok(()),
        Some(id) => bail!(WrongUsage(format!(
            "stack `{}` has no resource `{id}` to retain",
            stack.name
        ))),
    }
}
