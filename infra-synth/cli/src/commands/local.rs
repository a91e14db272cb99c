mod greeting;

use anyhow::{Context, Result, bail};
use infra_synth_cfn::Template;
use infra_synth_local::{DataLocation, DatabaseServer, Options, start};
use schedule_stacks::stand_in_parameters;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::synth;
use crate::arguments::{LocalArguments, StageArguments};
use crate::{logging, output, template_file};

pub(crate) fn run(stage: &StageArguments, arguments: &LocalArguments) -> Result<()> {
    let template = match &arguments.template {
        Some(file) => template_file::read(file)?,
        None => synth::template(stage)?,
    };
    logging::start(arguments);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")?;
    runtime.block_on(serve(&template, stage, arguments))
}

async fn serve(template: &Template, stage: &StageArguments, arguments: &LocalArguments) -> Result<()> {
    let running = start(template, options(arguments)).await?;
    // Before it is said that it runs: whoever has read that may end it.
    let mut endings = Endings::watch()?;
    output::data(&greeting::text(&running, stage, arguments))?;
    tokio::select! {
        () = endings.next() => {}
        reason = running.failed() => bail!("it cannot go on, and what was answered is safe: {reason}"),
    }
    output::note("stopping: finishing what is in hand (once more to stop at once)");
    // A second signal does not wait; what was answered is durable either way.
    tokio::select! {
        stopped = running.stop() => Ok(stopped?),
        () = endings.next() => Ok(()),
    }
}

/// Ctrl-C, or being told to terminate.
struct Endings {
    interrupt: Signal,
    terminate: Signal,
}

impl Endings {
    fn watch() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn options(arguments: &LocalArguments) -> Options {
    let database = DatabaseServer::stand_in();
    let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
    Options {
        listen: arguments.listen,
        data: if arguments.ephemeral {
            DataLocation::Memory
        } else {
            DataLocation::Folder(arguments.data_dir.clone())
        },
        mysql_url: arguments.mysql_url.clone(),
        jwks: arguments.jwks.clone(),
        ..Options::in_memory(parameters, database)
    }
}
