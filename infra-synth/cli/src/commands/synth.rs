use std::fs;

use anyhow::{Context, Result};
use infra_synth_cfn::Template;

use crate::arguments::{StageArguments, SynthArguments, TemplateFormat};
use crate::{output, stages};

pub(crate) fn run(stage: &StageArguments, options: &SynthArguments) -> Result<()> {
    let template = template(stage)?;
    let (text, extension) = match options.format {
        TemplateFormat::Yaml => (template.to_yaml(), "yaml"),
        TemplateFormat::Json => (template.to_json(), "json"),
    };
    let Some(folder) = &options.out else {
        return output::data(&text);
    };
    let file = folder.join(format!("{}.template.{extension}", stage.stage));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, text))
        .with_context(|| {
            format!(
                "cannot write `{}`; choose another folder with --out",
                file.display()
            )
        })?;
    output::note(&format!("wrote {}", file.display()));
    Ok(())
}

/// The template of the chosen stage.
pub(crate) fn template(arguments: &StageArguments) -> Result<Template> {
    let settings = stages::load(arguments)?;
    Ok(schedule_stacks::appointment_stack(&settings)?)
}
