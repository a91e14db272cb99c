//! What failed for good: shown, given another try, or taken away.

mod report;

use anyhow::{Result, bail};
use infra_synth_operations::{
    Chosen, DeadLetterQueues, LetterId, Outcome, QueueError, Rate, Selection, choose, contents, purge,
    redrive,
};
use jiff::Timestamp;

use crate::arguments::{
    DeadLettersArguments, DeadLettersCommand, ListDeadLettersArguments, ListFormat, PlaceArguments,
    PurgeDeadLettersArguments, RedriveDeadLettersArguments, SelectionArguments, ShowDeadLettersArguments,
    StageArguments,
};
use crate::prompt::agreed;
use crate::{output, waiting};

pub(crate) fn run(stage: &StageArguments, arguments: &DeadLettersArguments) -> Result<()> {
    let system = &arguments.command.place().system;
    #[cfg(feature = "local")]
    if let Some(folder) = system.data_folder(stage) {
        let queues = infra_synth_local::LocalDeadLetterQueues::of(folder);
        return waiting::run(obey(&arguments.command, &queues));
    }
    #[cfg(feature = "aws")]
    return waiting::run(async {
        let queues = super::aws::operations::dead_letter_queues(stage, &system.stack).await?;
        obey(&arguments.command, &queues).await
    });
    #[cfg(not(feature = "aws"))]
    super::without_aws(stage)
}

async fn obey(command: &DeadLettersCommand, queues: &impl DeadLetterQueues) -> Result<()> {
    match command {
        DeadLettersCommand::List(options) => list(queues, options).await,
        DeadLettersCommand::Show(options) => show(queues, options).await,
        DeadLettersCommand::Redrive(options) => put_back(queues, options).await,
        DeadLettersCommand::Purge(options) => take_away(queues, options).await,
    }
}

async fn list(queues: &impl DeadLetterQueues, options: &ListDeadLettersArguments) -> Result<()> {
    let contents = contents(queues, options.place.queue.as_deref()).await?;
    output::data(&match options.format {
        ListFormat::Text => report::list(&contents, Timestamp::now()),
        ListFormat::Json => report::list_json(&contents),
    })
}

/// What was chosen, and a word on what could not be looked at.
async fn chosen(
    queues: &impl DeadLetterQueues,
    place: &PlaceArguments,
    arguments: &SelectionArguments,
) -> Result<Vec<Chosen>> {
    let choice = choose(queues, &selection(place, arguments)?).await?;
    if choice.unseen > 0 {
        output::note(&format!(
            "note: about {} more could not be looked at: somebody else has them in hand, or they are too many at once; \
             say the command again in a minute",
            report::count(choice.unseen)
        ));
    }
    Ok(choice.chosen)
}

async fn show(queues: &impl DeadLetterQueues, options: &ShowDeadLettersArguments) -> Result<()> {
    let chosen = chosen(queues, &options.place, &options.selection).await?;
    output::data(&match options.format {
        ListFormat::Text => report::messages(&chosen, options.show_health_data),
        ListFormat::Json => report::messages_json(&chosen, options.show_health_data),
    })
}

async fn put_back(queues: &impl DeadLetterQueues, options: &RedriveDeadLettersArguments) -> Result<()> {
    let rate = Rate::per_second(options.rate)?;
    let chosen = chosen(queues, &options.place, &options.selection).await?;
    if let Some(one) = chosen.iter().find(|one| one.queue.source.is_none()) {
        return Err(QueueError::NoSource(one.queue.name.clone()).into());
    }
    let hopeless = chosen
        .iter()
        .filter(|one| one.cause().kind().is_hopeless())
        .count();
    if hopeless > 0 {
        output::note(&format!(
            "note: {hopeless} of {} can never succeed as they are and will be back here; --cause processable leaves them out",
            chosen.len()
        ));
    }
    if options.dry_run {
        return output::data(&match options.format {
            ListFormat::Text => report::plan("would go back", &chosen),
            ListFormat::Json => report::messages_json(&chosen, false),
        });
    }
    let outcome = redrive(queues, &waiting::Clock, &chosen, rate).await;
    tell(&outcome, &chosen, "put back", options.format)
}

async fn take_away(queues: &impl DeadLetterQueues, options: &PurgeDeadLettersArguments) -> Result<()> {
    let chosen = chosen(queues, &options.place, &options.selection).await?;
    if options.dry_run {
        return output::data(&match options.format {
            ListFormat::Text => report::plan("would be taken away", &chosen),
            ListFormat::Json => report::messages_json(&chosen, false),
        });
    }
    if !chosen.is_empty() {
        output::note(report::plan("to be taken away", &chosen).trim_end());
        let question = format!("take {} away for good?", report::count(chosen.len()));
        if !agreed(&question, options.yes)? {
            bail!("nothing was taken away");
        }
    }
    let outcome = purge(queues, &chosen).await;
    tell(&outcome, &chosen, "taken away", options.format)
}

/// What was done, and as an error what was not.
fn tell(outcome: &Outcome, chosen: &[Chosen], done: &str, format: ListFormat) -> Result<()> {
    output::data(&match format {
        ListFormat::Text => report::outcome(outcome, done),
        ListFormat::Json => report::outcome_json(outcome),
    })?;
    let Some(error) = &outcome.stopped else {
        return Ok(());
    };
    let left = chosen.len() - outcome.done.len() - outcome.gone.len();
    Err(anyhow::Error::new(error.clone()).context(format!(
        "it stopped before the end: {} not known to be {done}; say the command again to go on",
        report::count(left)
    )))
}

fn selection(place: &PlaceArguments, arguments: &SelectionArguments) -> Result<Selection> {
    let sent_before = match arguments.older_than {
        Some(age) => Some(Timestamp::now().checked_sub(age)?),
        None => None,
    };
    Ok(Selection {
        queue: place.queue.clone(),
        ids: arguments.ids.iter().cloned().map(LetterId).collect(),
        cause: arguments.cause,
        sent_before,
    })
}
