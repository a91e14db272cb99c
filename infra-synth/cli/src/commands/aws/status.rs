use anyhow::Result;
use infra_synth_deploy::{DeployedStack, StackResource};
use serde_json::json;

use crate::arguments::{ListFormat, StageArguments, StatusArguments};
use crate::{commands::synth, output};

pub(crate) fn run(stage: &StageArguments, arguments: &StatusArguments) -> Result<()> {
    super::run(status(stage, arguments))
}

async fn status(stage: &StageArguments, arguments: &StatusArguments) -> Result<()> {
    let name = super::stack_name(stage, &arguments.stack)?;
    let account = super::connect(&arguments.stack.aws).await?;
    let stacks = super::stacks(&account, stage, &arguments.stack.aws);
    let mut stack = super::existing(&stacks, &name).await?;
    if arguments.follow && !stack.status.is_settled() {
        // What it is made of now, for the line that declared what fails; a status needs no template that synthesizes.
        let template = synth::template(stage).ok();
        stack = super::follow(&stacks, &name, &stack.id, template.as_ref()).await?;
    }
    let resources = stacks.resources(&stack.id).await?;
    let way_out = stacks.way_out(&stack);
    output::data(&match arguments.format {
        ListFormat::Text => text(&stack, &resources, way_out.as_deref()),
        ListFormat::Json => json(&stack, &resources, way_out.as_deref()),
    })
}

fn text(stack: &DeployedStack, resources: &[StackResource], way_out: Option<&str>) -> String {
    let mut words = format!("{}  {}", stack.name, stack.status);
    if let Some(changed_at) = &stack.changed_at {
        words.push_str(&format!("  since {changed_at}"));
    }
    if stack.is_protected {
        words.push_str("  protected against deletion");
    }
    words.push('\n');
    if let Some(reason) = &stack.reason {
        words.push_str(&format!("{reason}\n"));
    }
    words.push_str(&format!("{} resources\n", resources.len()));
    for resource in resources
        .iter()
        .filter(|resource| !resource.status.ends_with("_COMPLETE"))
    {
        words.push_str(&format!(
            "  {}  {} ({})\n",
            resource.status, resource.logical_id, resource.resource_type
        ));
        if let Some(reason) = &resource.reason {
            words.push_str(&format!("    AWS says: {reason}\n"));
        }
    }
    if let Some(way_out) = way_out {
        words.push_str(&format!("{way_out}\n"));
    }
    words
}

fn json(stack: &DeployedStack, resources: &[StackResource], way_out: Option<&str>) -> String {
    let resources: Vec<_> = resources
        .iter()
        .map(|resource| {
            json!({
                "logicalId": resource.logical_id,
                "physicalId": resource.physical_id,
                "type": resource.resource_type,
                "status": resource.status,
                "reason": resource.reason,
            })
        })
        .collect();
    let status = json!({
        "stack": stack.name,
        "id": stack.id,
        "status": stack.status.to_string(),
        "settled": stack.status.is_settled(),
        "reason": stack.reason,
        "changedAt": stack.changed_at,
        "protected": stack.is_protected,
        "wayOut": way_out,
        "resources": resources,
    });
    format!("{status:#}\n")
}
