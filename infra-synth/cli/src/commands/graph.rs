use anyhow::Result;
use infra_synth_review::graph;

use super::synth;
use crate::arguments::{GraphArguments, GraphFormat, StageArguments};
use crate::output;

pub(crate) fn run(stage: &StageArguments, arguments: &GraphArguments) -> Result<()> {
    let template = synth::template(stage)?;
    output::data(&match arguments.format {
        GraphFormat::Mermaid => graph::mermaid(&template),
        GraphFormat::Dot => graph::dot(&template),
    })
}
