use anyhow::Result;
use infra_synth_review::check::{self, Facts};
use jiff::Timestamp;

use crate::arguments::{CheckArguments, ReportFormat, StageArguments};
use crate::gate::GateFailed;
use crate::{facts, output, stages, template_file};

pub(crate) fn run(stage: &StageArguments, arguments: &CheckArguments) -> Result<()> {
    let (template, facts) = match &arguments.template {
        // What our stages publish and connect to says nothing about a template of another system.
        Some(file) if !stage.is_given => (
            template_file::read(file)?,
            Facts {
                today: Some(today()),
                ..Facts::default()
            },
        ),
        Some(file) => {
            let settings = stages::load(stage)?;
            (template_file::read(file)?, facts::of_stage(&settings, today()))
        }
        None => {
            let settings = stages::load(stage)?;
            let template = schedule_stacks::appointment_stack(&settings)?;
            (template, facts::of_stage(&settings, today()))
        }
    };
    let report = check::check(&template, &facts);
    let name = match &arguments.template {
        Some(file) => file.display().to_string(),
        None => stage.stage.clone(),
    };
    output::data(&match arguments.format {
        ReportFormat::Text => report.to_text(),
        ReportFormat::Json => report.to_json(),
        ReportFormat::Sarif => report.to_sarif(&name),
    })?;
    let failures = report.failures().count();
    if failures == 0 {
        return Ok(());
    }
    let subject = match &arguments.template {
        Some(file) => file.display().to_string(),
        None => format!("stage {}", stage.stage),
    };
    Err(GateFailed(format!(
        "errors without an exception in `{subject}`: {failures}; mend them, or declare an exception beside the resource"
    ))
    .into())
}

fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}
