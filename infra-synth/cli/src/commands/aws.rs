//! The commands that talk to AWS, and what they share.

use std::{cell::Cell, future::Future};

use anyhow::{Context, Result, anyhow, bail};
use infra_synth_cfn::Template;
use infra_synth_deploy::{
    Account, AwsError, AwsSettings, ChangeSet, DeployedStack, Event, Mark, Operation, Stacks,
    SuggestedOptions,
};

use crate::arguments::{AwsArguments, DEFAULT_STAGE, StackArguments, StageArguments};
use crate::prompt::agreed;
use crate::waiting::run;
use crate::{output, stages, template_file};

pub(crate) mod bootstrap;
pub(crate) mod deploy;
pub(crate) mod destroy;
pub(crate) mod doctor;
pub(crate) mod logs;
pub(crate) mod migrate;
pub(crate) mod operations;
pub(crate) mod outputs;
pub(crate) mod package;
mod plan;
pub(crate) mod status;

/// The template that the stage's stack was deployed with.
pub(crate) fn deployed_template(stage: &StageArguments, stack: &StackArguments) -> Result<Template> {
    run(async {
        let account = account(&stack.aws).await?;
        let stacks = stacks(&account, stage, &stack.aws);
        let deployed = existing(&stacks, &stack_name(stage, stack)?).await?;
        template_of(&stacks, &deployed.name).await
    })
}

/// The account's stacks; the commands that their messages suggest mean the stage and the account that this one does.
fn stacks(account: &Account, stage: &StageArguments, aws: &AwsArguments) -> Stacks {
    let name = (stage.stage != DEFAULT_STAGE).then(|| stage.stage.clone());
    let folder = stage.stages.as_ref().map(|folder| folder.display().to_string());
    account.stacks().suggesting(SuggestedOptions {
        stage: said([("--stage", name), ("--stages", folder)]),
        account: account_options(aws),
    })
}

fn account_options(aws: &AwsArguments) -> Vec<(&'static str, String)> {
    said([
        ("--profile", aws.profile.clone()),
        ("--region", aws.region.clone()),
        ("--endpoint-url", aws.endpoint_url.clone()),
    ])
}

fn said<const N: usize>(options: [(&'static str, Option<String>); N]) -> Vec<(&'static str, String)> {
    let said = options
        .into_iter()
        .filter_map(|(option, value)| Some((option, value?)));
    said.collect()
}

fn settings(arguments: &AwsArguments) -> AwsSettings {
    AwsSettings {
        profile: arguments.profile.clone(),
        region: arguments.region.clone(),
        endpoint_url: arguments.endpoint_url.clone(),
    }
}

async fn connect(arguments: &AwsArguments) -> Result<Account> {
    let account = account(arguments).await?;
    output::note(&described(&account));
    Ok(account)
}

async fn account(arguments: &AwsArguments) -> Result<Account> {
    Ok(Account::connect(&settings(arguments)).await?)
}

/// Which account it is, where, and for whom.
fn described(account: &Account) -> String {
    let place = account
        .endpoint_url()
        .map(|url| format!(" at {url}"))
        .unwrap_or_default();
    format!(
        "account {}, region {}{place}, as {}",
        account.id(),
        account.region(),
        account.identity()
    )
}

fn stack_name(stage: &StageArguments, arguments: &StackArguments) -> Result<String> {
    arguments
        .stack_name
        .clone()
        .map_or_else(|| default_stack_name(stage), Ok)
}

fn default_stack_name(stage: &StageArguments) -> Result<String> {
    let settings = stages::load(stage)?;
    Ok(settings.name(&format!("{}-{}", settings.service, settings.stage)))
}

/// Asks; what is not wanted, or cannot be asked for, is gone afterwards.
async fn agreed_or_discarded(
    stacks: &Stacks,
    change_set: &ChangeSet,
    question: &str,
    yes: bool,
) -> Result<()> {
    let agreed = agreed(question, yes);
    if matches!(agreed, Ok(true)) {
        return Ok(());
    }
    stacks.discard(change_set).await?;
    agreed.context("nothing was changed")?;
    bail!("nothing was changed")
}

async fn existing(stacks: &Stacks, name: &str) -> Result<DeployedStack> {
    stacks.describe(name).await?.ok_or_else(|| {
        let deploy = stacks.commands(name).deploy;
        anyhow!("there is no stack `{name}` in this account and region; make it: {deploy}")
    })
}

async fn template_of(stacks: &Stacks, name: &str) -> Result<Template> {
    template_file::from_text(
        &stacks.template(name).await?,
        &format!("the template of stack {name}"),
    )
}

/// Begins an operation of a stack and shows it until it ends. An interruption, also of the call that begins it, leaves
/// running what runs.
async fn operate(
    stacks: &Stacks,
    stack: &str,
    id: &str,
    template: Option<&Template>,
    operation: Operation,
    begin: impl Future<Output = Result<()>>,
) -> Result<DeployedStack> {
    let mark = stacks.mark(id);
    watch(stacks, stack, id, template, Some(operation), mark, begin).await
}

/// What follows an operation; an interruption ends it, and says what is left.
async fn interruptible<T>(work: impl Future<Output = Result<T>>, left: &str) -> Result<T> {
    tokio::select! {
        done = work => done,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            bail!("interrupted: {left}")
        }
    }
}

/// Shows the operation of a stack that runs already, from its beginning until it ends.
async fn follow(
    stacks: &Stacks,
    stack: &str,
    id: &str,
    template: Option<&Template>,
) -> Result<DeployedStack> {
    let begun = async { Ok(()) };
    let mark = stacks.mark_of_running(id);
    watch(stacks, stack, id, template, None, mark, begun).await
}

async fn watch(
    stacks: &Stacks,
    stack: &str,
    id: &str,
    template: Option<&Template>,
    expected: Option<Operation>,
    mark: impl Future<Output = Result<Mark, AwsError>>,
    begin: impl Future<Output = Result<()>>,
) -> Result<DeployedStack> {
    let mut report = |event: Event| output::note(&plan::event(&event));
    let may_run = Cell::new(false);
    let goes_on = format!(
        "only the watching, for the operation goes on in AWS; follow it with infra-synth status {} --follow",
        stacks.commands(stack).selection
    );
    let operation = async {
        let mark = mark.await?;
        may_run.set(true);
        begin.await?;
        let ended = stacks.follow(id, &mark, template, expected, &mut report).await;
        Ok(ended.with_context(|| format!("AWS can no longer be asked: {goes_on}"))??)
    };
    tokio::select! {
        ended = operation => ended,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            if !may_run.get() {
                bail!("interrupted before anything was begun: nothing was changed");
            }
            bail!("interrupted: {goes_on}")
        }
    }
}
