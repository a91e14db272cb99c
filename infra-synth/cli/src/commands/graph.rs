use anyhow::Result;
use infra_synth_review::graph;

use super::synth;
use crate::arguments::{GraphArguments, GraphFormat, StageArguments};
use crate::{output, template_file};

pub(crate) fn run(stage: &StageArguments, arguments: &GraphArguments) -> Result<()> {
    let template = match &arguments.template {
        Some(file) => template_file::read(file)?,
        None => synth::template(stage)?,
    };
    output::data(&match arguments.format {
        GraphFormat::Mermaid => graph::mermaid(&template),
        GraphFormat::Dot => graph::dot(&template),
    })
}
