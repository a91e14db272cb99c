use anyhow::Result;
use infra_synth_review::check;
use jiff::Timestamp;
use schedule_stacks::StageSettings;

use crate::arguments::{CheckArguments, ReportFormat, StageArguments};
use crate::gate::GateFailed;
use crate::{facts, output, stages};

pub(crate) fn run(stage: &StageArguments, arguments: &CheckArguments) -> Result<()> {
    let settings: StageSettings = stages::load(stage)?;
    let template = schedule_stacks::appointment_stack(&settings)?;
    let report = check::check(&template, &facts::of_stage(&settings, today()));
    output::data(&match arguments.format {
        ReportFormat::Text => report.to_text(),
        ReportFormat::Json => report.to_json(),
        ReportFormat::Sarif => report.to_sarif(),
    })?;
    match report.failures().count() {
        0 => Ok(()),
        failures => Err(GateFailed(format!(
            "{failures} rules are not kept in stage `{}`; mend them, or declare an exception beside the resource",
            stage.stage
        ))
        .into()),
    }
}

fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}
