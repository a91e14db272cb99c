use std::collections::BTreeMap;

use anyhow::Result;
use infra_synth_deploy::{
    ASSET_BUCKET_OUTPUT, ASSET_STACK, ChangeSetRequest, SuggestedOptions, TemplateSource, assess,
    bootstrap_stack,
};

use super::plan;
use crate::arguments::BootstrapArguments;
use crate::output;

pub(crate) fn run(arguments: &BootstrapArguments) -> Result<()> {
    super::run(bootstrap(arguments))
}

async fn bootstrap(arguments: &BootstrapArguments) -> Result<()> {
    let template = bootstrap_stack()?;
    let account = super::connect(&arguments.aws).await?;
    let stacks = account.stacks().suggesting(SuggestedOptions {
        account: super::account_options(&arguments.aws),
        ..SuggestedOptions::default()
    });
    let deployed = stacks.describe(ASSET_STACK).await?;
    let change_set = stacks
        .prepare(ChangeSetRequest {
            stack: ASSET_STACK,
            deployed: deployed.as_ref(),
            template: TemplateSource::Body(template.as_value().to_string()),
            parameters: BTreeMap::new(),
            revert_drift: false,
            import_existing: false,
        })
        .await?;
    let stack = match change_set {
        None => {
            output::note("no changes: the asset bucket is there");
            super::existing(&stacks, ASSET_STACK).await?
        }
        Some(change_set) => {
            let old = match change_set.is_creation() {
                true => None,
                false => Some(super::template_of(&stacks, ASSET_STACK).await?),
            };
            output::note(&plan::plan(
                &assess(old.as_ref(), &template, &change_set.changes),
                &change_set.changes,
            ));
            let question = format!("make these changes to {ASSET_STACK}?");
            super::agreed_or_discarded(&stacks, &change_set, &question, arguments.yes).await?;
            let begin = async { Ok(stacks.execute(&change_set).await?) };
            super::operate(
                &stacks,
                ASSET_STACK,
                &change_set.stack_id,
                Some(&template),
                change_set.operation(),
                begin,
            )
            .await?
        }
    };
    output::data(&format!(
        "{}\n",
        stack.output(ASSET_BUCKET_OUTPUT).unwrap_or_default()
    ))
}
