use std::fmt::Display;

use anyhow::{Result, bail};
use infra_synth_deploy::{Account, Stacks};
use serde_json::json;

use super::{deploy, package};
use crate::arguments::{DoctorArguments, ListFormat, StageArguments};
use crate::commands::synth;
use crate::{output, stages};

pub(crate) fn run(stage: &StageArguments, arguments: &DoctorArguments) -> Result<()> {
    super::run(async {
        let findings = examine(stage, arguments).await;
        output::data(&match arguments.format {
            ListFormat::Text => findings.iter().map(Finding::text).collect(),
            ListFormat::Json => {
                let findings: Vec<_> = findings.iter().map(Finding::json).collect();
                format!("{:#}\n", json!(findings))
            }
        })?;
        match findings.iter().filter(|finding| finding.state.is_err()).count() {
            0 => Ok(()),
            missing => bail!("{missing} of {} would stop a deployment", findings.len()),
        }
    })
}

/// One thing that a deployment needs: how it is, or what is wrong and how to mend it.
struct Finding {
    what: &'static str,
    state: Result<String, String>,
}

impl Finding {
    fn of(what: &'static str, state: Result<impl Display>) -> Self {
        let state = state.map(|found| found.to_string());
        Self {
            what,
            // With its causes, in one line.
            state: state.map_err(|error| format!("{error:#}")),
        }
    }

    fn text(&self) -> String {
        let (mark, words) = match &self.state {
            Ok(words) => ("ok", words),
            Err(words) => ("missing", words),
        };
        format!("{mark:<8} {:<10} {words}\n", self.what)
    }

    fn json(&self) -> serde_json::Value {
        let (Ok(words) | Err(words)) = &self.state;
        json!({"what": self.what, "ok": self.state.is_ok(), "detail": words})
    }
}

/// In the order in which a deployment meets them. What needs an account is looked at only if there is one.
async fn examine(stage: &StageArguments, arguments: &DoctorArguments) -> Vec<Finding> {
    let template = synth::template(stage).map(|_| format!("`{}` synthesizes", stage.stage));
    let mut findings = vec![Finding::of("stage", template)];
    if let Ok(settings) = stages::load(stage) {
        findings.push(Finding::of("rust", package::target(&settings)));
        findings.push(Finding::of("linker", package::linker(&settings)));
    }
    match super::account(&arguments.stack.aws).await {
        Err(error) => findings.push(Finding::of("account", Err::<&str, _>(error))),
        Ok(account) => {
            let stacks = super::stacks(&account, stage, &arguments.stack.aws);
            findings.push(Finding::of("account", Ok(super::described(&account))));
            findings.push(Finding::of("bucket", bucket(&account, &stacks).await));
            findings.push(Finding::of("stack", standing(stage, arguments, &stacks).await));
        }
    }
    findings
}

async fn bucket(account: &Account, stacks: &Stacks) -> Result<String> {
    let assets = deploy::assets(account, stacks).await?;
    Ok(format!("`{}` is there for the functions' code", assets.bucket()))
}

async fn standing(stage: &StageArguments, arguments: &DoctorArguments, stacks: &Stacks) -> Result<String> {
    let name = super::stack_name(stage, &arguments.stack)?;
    let Some(stack) = stacks.describe(&name).await? else {
        return Ok(format!(
            "`{name}` is not there yet; {} makes it",
            stacks.commands(&name).deploy
        ));
    };
    match stacks.way_out(&stack) {
        None => Ok(format!("`{name}` is in `{}`", stack.status)),
        Some(way_out) => bail!("`{name}` is in `{}`: {way_out}", stack.status),
    }
}
