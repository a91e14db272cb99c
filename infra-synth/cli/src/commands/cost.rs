use anyhow::Result;
use infra_synth_review::cost::{Usage, estimate};
use jiff::Timestamp;

use super::synth;
use crate::arguments::{CostArguments, CostFormat, StageArguments};
use crate::{output, template_file};

pub(crate) fn run(stage: &StageArguments, arguments: &CostArguments) -> Result<()> {
    let template = match &arguments.template {
        Some(file) => template_file::read(file)?,
        None => synth::template(stage)?,
    };
    let usage = Usage {
        appointments: arguments.requests,
        ..Usage::default()
    };
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    let estimate = estimate(&template, &usage);
    output::data(&match arguments.format {
        CostFormat::Text => estimate.to_text(&today),
        CostFormat::Json => estimate.to_json(&today),
    })
}
