use anyhow::Result;
use infra_synth_review::check;
use jiff::Timestamp;
use schedule_stacks::StageSettings;

use crate::arguments::{CheckArguments, ReportFormat, StageArguments};
use crate::gate::GateFailed;
use crate::{facts, output, stages, template_file};

pub(crate) fn run(stage: &StageArguments, arguments: &CheckArguments) -> Result<()> {
    let settings: StageSettings = stages::load(stage)?;
    let template = match &arguments.template {
        Some(file) => template_file::read(file)?,
        None => schedule_stacks::appointment_stack(&settings)?,
    };
    let report = check::check(&template, &facts::of_stage(&settings, today()));
    output::data(&match arguments.format {
        ReportFormat::Text => report.to_text(),
        ReportFormat::Json => report.to_json(),
        ReportFormat::Sarif => report.to_sarif(),
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
