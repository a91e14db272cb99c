use std::collections::HashSet;

use anyhow::{Result, anyhow};
use infra_synth_deploy::{LogLine, Logs, StackResource};
use jiff::Timestamp;

use crate::arguments::{LogsArguments, StageArguments};
use crate::output;

/// CloudWatch shows a line some seconds after it was written, so a look goes back this far, in milliseconds.
const LATENESS: i64 = 30_000;

pub(crate) fn run(stage: &StageArguments, arguments: &LogsArguments) -> Result<()> {
    super::run(logs(stage, arguments))
}

async fn logs(stage: &StageArguments, arguments: &LogsArguments) -> Result<()> {
    let name = super::stack_name(stage, &arguments.stack)?;
    let account = super::connect(&arguments.stack.aws).await?;
    let resources = account.stacks().resources(&name).await?;
    let groups = groups(&resources, arguments.function.as_deref())?;
    let from = Timestamp::now().as_millisecond() - i64::try_from(arguments.since.as_millis())?;
    let logs = account.logs();
    // Around all of it: an interruption is heard also while AWS is being asked.
    tokio::select! {
        ended = show(&logs, &groups, from, arguments.follow) => ended,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

/// Prints each line once, and goes on for ever if the log is followed.
async fn show(logs: &Logs, groups: &[String], mut from: i64, follow: bool) -> Result<()> {
    let mut shown = HashSet::new();
    loop {
        // Before the look, which takes its time: what is written meanwhile is for the next one.
        let looked_at = Timestamp::now().as_millisecond();
        let lines = logs.since(groups, from).await?;
        let new: String = lines
            .iter()
            .filter(|line| shown.insert((*line).clone()))
            .map(written)
            .collect();
        output::data(&new)?;
        if !follow {
            return Ok(());
        }
        from = from.max(looked_at - LATENESS);
        shown.retain(|line| line.at >= from);
        tokio::time::sleep(logs.pace()).await;
    }
}

/// The log groups of the functions, or of the one whose name ends so.
fn groups(resources: &[StackResource], function: Option<&str>) -> Result<Vec<String>> {
    let all: Vec<&str> = resources
        .iter()
        .filter(|resource| resource.resource_type == "AWS::Logs::LogGroup")
        .map(|resource| resource.physical_id.as_str())
        .filter(|group| group.starts_with("/aws/lambda/"))
        .collect();
    let Some(function) = function else {
        return Ok(all.into_iter().map(str::to_owned).collect());
    };
    let group = all.iter().find(|group| {
        short(group).eq_ignore_ascii_case(function) || group.ends_with(&format!("/{function}"))
    });
    match group {
        Some(group) => Ok(vec![(*group).to_owned()]),
        None => Err(anyhow!(
            "there is no function `{function}`; there is {}",
            all.iter()
                .map(|group| short(group))
                .collect::<Vec<_>>()
                .join(", ")
        )),
    }
}

/// `createAppointment` of `/aws/lambda/appointment-dev-createAppointment`; with a qualifier, the part before it.
fn short(group: &str) -> &str {
    let name = group.rsplit('/').next().unwrap_or(group);
    name.split('-')
        .find(|part| part.chars().any(char::is_uppercase))
        .unwrap_or(name)
}

fn written(line: &LogLine) -> String {
    let at = Timestamp::from_millisecond(line.at)
        .map(|at| at.strftime("%H:%M:%S%.3f").to_string())
        .unwrap_or_default();
    format!("{at} {} {}\n", short(&line.group), line.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(physical_id: &str) -> StackResource {
        StackResource {
            logical_id: "LogGroup".to_owned(),
            physical_id: physical_id.to_owned(),
            resource_type: "AWS::Logs::LogGroup".to_owned(),
            status: "CREATE_COMPLETE".to_owned(),
            reason: None,
        }
    }

    #[test]
    fn a_function_is_found_by_its_own_name_with_and_without_a_qualifier() {
        let resources = [
            group("/aws/lambda/appointment-dev-createAppointment"),
            group("/aws/lambda/appointment-dev-processAppointmentPE-blue"),
            group("/aws/vendedlogs/apigateway/appointment-dev-api"),
        ];
        assert_eq!(groups(&resources, None).unwrap().len(), 2);
        let found = groups(&resources, Some("createAppointment")).unwrap();
        assert_eq!(found, ["/aws/lambda/appointment-dev-createAppointment"]);
        let found = groups(&resources, Some("processAppointmentPE")).unwrap();
        assert_eq!(found, ["/aws/lambda/appointment-dev-processAppointmentPE-blue"]);
        let error = groups(&resources, Some("deleteAppointment"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("createAppointment"), "{error}");
    }
}
