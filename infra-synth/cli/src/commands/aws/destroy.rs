use anyhow::{Result, bail};
use infra_synth_deploy::{Standing, retained};

use crate::arguments::{DestroyArguments, StageArguments};
use crate::output;

pub(crate) fn run(stage: &StageArguments, arguments: &DestroyArguments) -> Result<()> {
    super::run(destroy(stage, arguments))
}

async fn destroy(stage: &StageArguments, arguments: &DestroyArguments) -> Result<()> {
    let name = super::stack_name(stage, &arguments.stack)?;
    let stacks = super::connect(&arguments.stack.aws).await?.stacks();
    let Some(stack) = stacks.describe(&name).await? else {
        output::note(&format!("there is no stack `{name}`: nothing to destroy"));
        return Ok(());
    };
    if stack.status.standing() == Standing::Busy {
        let way_out = stack.status.standing().way_out(&name).unwrap_or_default();
        bail!("stack `{name}` is in `{}`: {way_out}", stack.status);
    }
    let template = super::template_of(&stacks, &name).await?;
    let resources = stacks.resources(&name).await?;
    let retained = retained(&template);
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
        output::note("nothing was deleted");
        return Ok(());
    }
    let begin = async { Ok(stacks.delete(&stack, &template).await?) };
    super::operate(&stacks, &name, &stack.id, Some(&template), begin).await?;
    output::note(&format!("stack `{name}` is deleted"));
    Ok(())
}
