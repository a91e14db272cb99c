use anyhow::Result;
use infra_synth_deploy::DeployedStack;
use serde_json::{Map, Value};

use crate::arguments::{ListFormat, OutputsArguments, StageArguments};
use crate::output;

pub(crate) fn run(stage: &StageArguments, arguments: &OutputsArguments) -> Result<()> {
    super::run(async {
        let name = super::stack_name(stage, &arguments.stack)?;
        let account = super::connect(&arguments.stack.aws).await?;
        let stacks = super::stacks(&account, stage, &arguments.stack.aws);
        show(&super::existing(&stacks, &name).await?, arguments.format)
    })
}

/// The outputs of a stack, to standard output.
pub(super) fn show(stack: &DeployedStack, format: ListFormat) -> Result<()> {
    output::data(&match format {
        ListFormat::Text => {
            let width = stack
                .outputs
                .iter()
                .map(|output| output.name.len())
                .max()
                .unwrap_or(0);
            stack
                .outputs
                .iter()
                .map(|output| format!("{:<width$}  {}\n", output.name, output.value))
                .collect()
        }
        ListFormat::Json => {
            let outputs: Map<String, Value> = stack
                .outputs
                .iter()
                .map(|output| (output.name.clone(), Value::from(output.value.as_str())))
                .collect();
            format!("{:#}\n", Value::Object(outputs))
        }
    })
}
