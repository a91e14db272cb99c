use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use infra_synth_cfn::Template;
use infra_synth_deploy::{
    ASSET_BUCKET_OUTPUT, ASSET_STACK, Account, Assets, ChangeSet, ChangeSetRequest, DeployedStack, Event,
    Operation, StackCommands, StackStatus, Stacks, Standing, TemplateSource, assess, not_compared,
    package::hash, resolve,
};
use schedule_stacks::{ASSET_BUCKET, CODE_PARAMETERS, StageSettings};

use super::{outputs, package, plan};
use crate::arguments::{DeployArguments, ListFormat, StageArguments};
use crate::commands::synth;
use crate::gate::GateFailed;
use crate::usage::WrongUsage;
use crate::{output, stages};

pub(crate) fn run(stage: &StageArguments, arguments: &DeployArguments) -> Result<()> {
    super::run(deploy(stage, arguments))
}

async fn deploy(stage: &StageArguments, arguments: &DeployArguments) -> Result<()> {
    let settings = stages::load(stage)?;
    refuse_own_parameters(&arguments.parameters)?;
    let template = synth::template(stage)?;
    let name = super::stack_name(stage, &arguments.stack)?;
    let account = super::connect(&arguments.stack.aws).await?;
    let stacks = super::stacks(&account, stage, &arguments.stack.aws);
    let deployed = stacks.describe(&name).await?;
    if arguments.continue_rollback {
        return continue_rollback(&stacks, &name, deployed, &arguments.skip).await;
    }
    if name == ASSET_STACK {
        let deploy = stacks.commands(&name).deploy;
        bail!("stack `{name}` holds the functions' code; make or change it with {deploy}");
    }
    check_standing(&stacks, &name, deployed.as_ref())?;

    // Everything that can be wrong is asked before anything is built.
    let assets = assets(&account, &stacks).await?;
    let mut given: BTreeMap<String, String> = arguments.parameters.iter().cloned().collect();
    given.insert(ASSET_BUCKET.to_owned(), assets.bucket().to_owned());
    for (parameter, _) in CODE_PARAMETERS {
        given.entry(parameter.to_owned()).or_default();
    }
    resolve(&template, &given, deployed.as_ref())?;

    let is_emulator = account.endpoint_url().is_some();
    upload_code(&settings, arguments, &assets, is_emulator, &mut given).await?;
    let source = template_source(&account, &assets, &template).await?;
    // Building takes minutes, in which somebody else may have begun.
    let deployed = stacks.describe(&name).await?;
    let change_set = stacks
        .prepare(ChangeSetRequest {
            stack: &name,
            deployed: deployed.as_ref(),
            template: source,
            parameters: resolve(&template, &given, deployed.as_ref())?,
            revert_drift: arguments.revert_drift,
            import_existing: arguments.import_existing,
        })
        .await?;
    let Some(change_set) = change_set else {
        output::note(&format!("no changes: stack `{name}` is as it should be"));
        if arguments.revert_drift {
            note_not_compared(&template);
        }
        let stack = super::existing(&stacks, &name).await?;
        protect(&stacks, &stack, &settings, arguments.no_execute).await?;
        return outputs::show(&stack, ListFormat::Text);
    };
    if !is_wanted(&stacks, &name, &template, &change_set, arguments).await? {
        return Ok(());
    }
    let begin = execute(&stacks, &name, &change_set);
    let operation = change_set.operation();
    let stack = super::operate(
        &stacks,
        &name,
        &change_set.stack_id,
        Some(&template),
        operation,
        begin,
    )
    .await?;
    let left = format!(
        "stack `{name}` is deployed, and perhaps not protected against deletion yet; {} sees to that",
        stacks.commands(&name).deploy
    );
    super::interruptible(protect(&stacks, &stack, &settings, false), &left).await?;
    output::note(&format!("stack `{name}` is deployed"));
    outputs::show(&stack, ListFormat::Text)
}

/// What CloudFormation would not see if it were changed by hand.
fn note_not_compared(template: &Template) {
    let types = not_compared(template);
    if !types.is_empty() {
        output::note(&format!(
            "but CloudFormation does not compare resources of {} with what was made of them by hand: `What was changed by \
             hand` in docs/runbook.md says how to set them back",
            types.join(", ")
        ));
    }
}

/// Deploying sets these itself: one that is given would be lost without a word.
fn refuse_own_parameters(given: &[(String, String)]) -> Result<()> {
    let own = |name: &str| name == ASSET_BUCKET || CODE_PARAMETERS.iter().any(|(code, _)| *code == name);
    match given.iter().find(|(name, _)| own(name)) {
        None => Ok(()),
        Some((name, _)) => bail!(WrongUsage(format!(
            "parameter `{name}` is set by the deployment itself, to the code that it uploads; leave it away, and deploy \
             from an older commit to bring older code back"
        ))),
    }
}

/// Runs a change set. One that AWS refuses, since somebody else was quicker, does not stay behind.
async fn execute(stacks: &Stacks, name: &str, change_set: &ChangeSet) -> Result<()> {
    let Err(refused) = stacks.execute(change_set).await else {
        return Ok(());
    };
    if refused.code().is_none() {
        let selection = stacks.commands(name).selection;
        return Err(anyhow::Error::new(refused).context(format!(
            "whether the deployment of stack `{name}` was begun is not known; look with infra-synth status {selection} --follow"
        )));
    }
    let standing = stacks.describe(name).await.ok().flatten();
    let way_out = standing.and_then(|stack| stacks.way_out(&stack));
    // What matters is why it was not run; a change set that cannot be deleted harms nobody.
    let _ = stacks.discard(change_set).await;
    let refused = anyhow::Error::new(refused);
    Err(match way_out {
        Some(way_out) => refused.context(format!("nothing was changed in stack `{name}`: {way_out}")),
        None => {
            let deploy = stacks.commands(name).deploy;
            refused.context(format!("nothing was changed in stack `{name}`; again: {deploy}"))
        }
    })
}

fn check_standing(stacks: &Stacks, name: &str, deployed: Option<&DeployedStack>) -> Result<()> {
    let Some(stack) = deployed else { return Ok(()) };
    match stacks.way_out(stack) {
        Some(way_out) => bail!("stack `{name}` is in `{}`: {way_out}", stack.status),
        None if stack.status.standing() == Standing::New => {
            output::note(&format!(
                "stack `{name}` is in `{}`: it was shown once and never created; going on with a new change set",
                stack.status
            ));
            Ok(())
        }
        None => Ok(()),
    }
}

pub(super) async fn assets(account: &Account, stacks: &Stacks) -> Result<Assets> {
    let stack = stacks.describe(ASSET_STACK).await?;
    let bucket = stack.as_ref().and_then(|stack| stack.output(ASSET_BUCKET_OUTPUT));
    let bucket = bucket.ok_or_else(|| {
        anyhow!(
            "account {} has no bucket for the functions' code in region {} yet; make it once: {}",
            account.id(),
            account.region(),
            stacks.commands(ASSET_STACK).deploy
        )
    })?;
    Ok(account.assets(bucket))
}

async fn upload_code(
    settings: &StageSettings,
    arguments: &DeployArguments,
    assets: &Assets,
    is_emulator: bool,
    given: &mut BTreeMap<String, String>,
) -> Result<()> {
    let packages = match &arguments.executables {
        None => package::built(settings)?,
        // An emulator runs what the machine runs.
        Some(folder) if is_emulator => package::given(folder, None)?,
        Some(folder) => package::given(folder, Some(settings))?,
    };
    for ((parameter, _), package) in CODE_PARAMETERS.iter().zip(packages) {
        let key = package.key();
        let content = std::fs::read(&package.file)
            .with_context(|| format!("cannot read `{}`", package.file.display()))?;
        put(assets, &key, content).await?;
        given.insert((*parameter).to_owned(), key);
    }
    Ok(())
}

/// Where CloudFormation can read the template: in the request, or in the bucket if it is too long for that.
async fn template_source(account: &Account, assets: &Assets, template: &Template) -> Result<TemplateSource> {
    let body = template.as_value().to_string();
    if body.len() <= TemplateSource::LONGEST_BODY {
        return Ok(TemplateSource::Body(body));
    }
    let key = format!("templates/{}.json", hash(body.as_bytes()));
    put(assets, &key, body.into_bytes()).await?;
    Ok(TemplateSource::Url(match account.endpoint_url() {
        Some(url) => format!("{}/{}/{key}", url.trim_end_matches('/'), assets.bucket()),
        None => format!(
            "https://{}.s3.{}.amazonaws.com/{key}",
            assets.bucket(),
            account.region()
        ),
    }))
}

async fn put(assets: &Assets, key: &str, content: Vec<u8>) -> Result<()> {
    let mut report = |event: Event| output::note(&plan::event(&event));
    Ok(assets.put(key, content, &mut report).await?)
}

/// Shows the change and asks; what is not wanted is gone afterwards.
async fn is_wanted(
    stacks: &Stacks,
    name: &str,
    template: &Template,
    change_set: &ChangeSet,
    arguments: &DeployArguments,
) -> Result<bool> {
    let old = match change_set.is_creation() {
        true => None,
        false => Some(super::template_of(stacks, name).await?),
    };
    let assessment = assess(old.as_ref(), template, &change_set.changes);
    output::note(&plan::plan(&assessment, &change_set.changes));
    if arguments.no_execute {
        let StackCommands {
            deploy, selection, ..
        } = stacks.commands(name);
        let removal = match change_set.is_creation() {
            true => format!("; infra-synth destroy {selection} takes the empty stack away that it stands in"),
            false => String::new(),
        };
        output::note(&format!(
            "nothing was changed; the change set is `{}`, and {deploy} makes a new one{removal}",
            change_set.name
        ));
        return Ok(false);
    }
    if !assessment.destructive.is_empty() && !arguments.allow_destructive {
        stacks.discard(change_set).await?;
        return Err(GateFailed(format!(
            "nothing was changed, because this destroys data:\n  {}\nsay --allow-destructive if that is meant",
            assessment.destructive.join("\n  ")
        ))
        .into());
    }
    let question = format!("make these changes to {name}?");
    super::agreed_or_discarded(stacks, change_set, &question, arguments.yes).await?;
    Ok(true)
}

/// Deletion protection that the stage asks for and the stack lacks, also if an earlier deployment was left before its
/// end. What somebody else protected stays so: to open a stack to deletion is no part of a deployment.
async fn protect(
    stacks: &Stacks,
    stack: &DeployedStack,
    settings: &StageSettings,
    only_say: bool,
) -> Result<()> {
    match (settings.deletion_protection, stack.is_protected) {
        (true, false) if only_say => output::note(&format!(
            "stack `{}` would be protected against deletion",
            stack.name
        )),
        (true, false) => {
            stacks.protect(&stack.name, true).await?;
            output::note(&format!(
                "stack `{}` is now protected against deletion",
                stack.name
            ));
        }
        (false, true) => output::note(&format!(
            "stack `{}` stays protected against deletion, though the stage does not ask for it",
            stack.name
        )),
        _ => {}
    }
    Ok(())
}

async fn continue_rollback(
    stacks: &Stacks,
    name: &str,
    deployed: Option<DeployedStack>,
    skip: &[String],
) -> Result<()> {
    let stack = deployed.ok_or_else(|| anyhow!("there is no stack `{name}` to go on undoing"))?;
    if stack.status.standing() != Standing::Stuck {
        bail!(
            "stack `{name}` is in `{}`: there is no undoing to go on with",
            stack.status
        );
    }
    let begin = async { Ok(stacks.continue_rollback(name, skip).await?) };
    // It ends in the undoing of an update, or not at all.
    match super::operate(stacks, name, &stack.id, None, Operation::UpdateUndoing, begin).await {
        // Undone is what was wanted here, and never the success of an operation otherwise.
        Err(error) if was_undone(&error) => {
            output::note(&format!(
                "stack `{name}` is as it was before its last update; again: {}",
                stacks.commands(name).deploy
            ));
            Ok(())
        }
        ended => ended.map(drop),
    }
}

fn was_undone(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<infra_synth_deploy::Failure>()
        .is_some_and(|failure| failure.status == StackStatus::UpdateUndone)
}
