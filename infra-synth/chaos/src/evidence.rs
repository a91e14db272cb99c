//! What is there afterwards: over HTTP, in the database, in the data folder.

use std::{
    collections::BTreeSet,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use infra_synth_local::{DataLocation, DatabaseServer, Options, start};
use mysql_async::{Conn, Opts, prelude::Queryable};
use schedule_core::Country;
use schedule_stacks::{StageSettings, appointment_stack, stand_in_parameters};
use serde_json::Value;

use crate::{
    api::Api,
    clients::{Accepted, INSURED, insured},
    local::DATA,
};

/// Over the visibility timeout (180 s) of what failed for a database that was away, and the work after it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

/// Between two looks at the same lists, so that looking takes nothing from the work that is looked at.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// An appointment as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) request: String,
    pub(crate) completed: bool,
}

/// A row of a country's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) request: String,
}

/// Looks until everything that was accepted is COMPLETED, and says how long that took; `None` if it never was.
pub(crate) fn settle(api: &Api, accepted: &[Accepted]) -> Result<Option<Duration>> {
    let started = Instant::now();
    let mut waiting: BTreeSet<(&str, &str)> = accepted
        .iter()
        .map(|one| (one.insured_id.as_str(), one.id.as_str()))
        .collect();
    while let Some((insured_id, _)) = waiting.first().copied() {
        let found = found(api, insured_id)?;
        let completed: BTreeSet<&str> = found
            .iter()
            .filter(|one| one.completed)
            .map(|one| one.id.as_str())
            .collect();
        waiting.retain(|(owner, id)| *owner != insured_id || !completed.contains(id));
        if started.elapsed() > PATIENCE {
            return Ok(None);
        }
        if waiting.first().is_some_and(|(owner, _)| *owner == insured_id) {
            thread::sleep(BETWEEN_LOOKS);
        }
    }
    Ok(Some(started.elapsed()))
}

/// Every appointment that the API knows.
pub(crate) fn appointments(api: &Api) -> Result<Vec<Found>> {
    let mut all = Vec::new();
    for number in 0..INSURED {
        all.extend(found(api, &insured(number))?);
    }
    Ok(all)
}

fn found(api: &Api, insured_id: &str) -> Result<Vec<Found>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = api.get(insured_id)?;
    Ok(list
        .iter()
        .map(|one| Found {
            id: text(&one["appointmentId"]),
            request: text(&one["scheduleId"]),
            completed: one["status"] == "COMPLETED",
        })
        .collect())
}

/// The rows of both countries.
pub(crate) async fn rows(mysql_url: &str) -> Result<Vec<Row>> {
    let mut connection = Conn::new(Opts::from_url(mysql_url)?).await?;
    let mut all = Vec::new();
    for table in Country::ALL.map(Country::table_name) {
        let rows = connection
            .query_map(
                format!("SELECT appointment_id, schedule_id FROM {table}"),
                |(id, request)| Row { id, request },
            )
            .await?;
        all.extend(rows);
    }
    connection.disconnect().await?;
    Ok(all)
}

/// How many messages lie in dead-letter queues, read from the data folder once its process has ended.
pub(crate) async fn dead_letters(folder: &Path, mysql_url: &str) -> Result<usize> {
    let settings = StageSettings::load(Path::new("stacks/stages"), "dev")?;
    let template = appointment_stack(&settings)?;
    let database = DatabaseServer::stand_in();
    let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
    let options = Options {
        data: DataLocation::Folder(folder.join(DATA)),
        mysql_url: Some(mysql_url.to_owned()),
        ..Options::in_memory(parameters, database)
    };
    let running = start(&template, options)
        .await
        .context("the data folder cannot be read")?;
    let template = template.to_value();
    let resources = template["Resources"]
        .as_object()
        .context("a template without resources")?;
    let mut count = 0;
    for resource in resources.values().filter(|one| one["Type"] == "AWS::SQS::Queue") {
        // A queue without a redrive policy is where others' messages end.
        if resource["Properties"].get("RedrivePolicy").is_some() {
            continue;
        }
        let name = resource["Properties"]["QueueName"]
            .as_str()
            .context("a queue without a name")?;
        count += running
            .messages(name)?
            .with_context(|| format!("no queue `{name}`"))?
            .len();
    }
    running.stop().await?;
    Ok(count)
}
