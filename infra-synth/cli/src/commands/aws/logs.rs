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
async fn show(logs: &Logs, groups: &[String], from: i64, follow: bool) -> Result<()> {
    let mut looks = Looks::from(from);
    loop {
        // Before the look, which takes its time: what is written meanwhile is for the next one.
        let looked_at = Timestamp::now().as_millisecond();
        let found = logs.since(groups, looks.from).await?;
        let new: String = looks.new_lines(looked_at, &found).map(written).collect();
        output::data(&new)?;
        if !follow {
            return Ok(());
        }
        tokio::time::sleep(logs.pace()).await;
    }
}

/// Look after look at a log, of which each goes a little further back than the end of the one before it.
struct Looks {
    /// From when on the next one looks, in milliseconds since 1970.
    from: i64,
    /// What the next one may find again.
    shown: HashSet<LogLine>,
}

impl Looks {
    fn from(from: i64) -> Self {
        Self {
            from,
            shown: HashSet::new(),
        }
    }

    /// Those that no earlier look found, of the lines that one found which began at `looked_at`.
    fn new_lines<'a>(&mut self, looked_at: i64, found: &'a [LogLine]) -> impl Iterator<Item = &'a LogLine> {
        let before = std::mem::take(&mut self.shown);
        self.from = self.from.max(looked_at - LATENESS);
        self.shown = before
            .iter()
            .chain(found)
            .filter(|line| line.at >= self.from)
            .cloned()
            .collect();
        found.iter().filter(move |line| !before.contains(line))
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

    fn line(at: i64, message: &str) -> LogLine {
        LogLine {
            id: String::new(),
            at,
            group: "/aws/lambda/appointment-dev-createAppointment".to_owned(),
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_followed_log_shows_each_line_once_and_one_that_comes_late() {
        let mut looks = Looks::from(0);
        let mut look = |at: i64, found: &[LogLine]| -> Vec<String> {
            let new = looks.new_lines(at, found);
            new.map(|line| line.message.clone()).collect()
        };
        let (early, late, last) = (line(95_000, "early"), line(80_000, "late"), line(150_000, "last"));
        assert_eq!(look(100_000, std::slice::from_ref(&early)), ["early"]);
        // Written before the first look began, shown by CloudWatch after it.
        assert_eq!(look(101_000, &[late.clone(), early.clone()]), ["late"]);
        assert!(look(102_000, &[late, early]).is_empty());
        // A look that took a minute: what was written during it is not skipped by the next one.
        assert!(look(170_000, &[]).is_empty());
        assert_eq!(look(230_000, std::slice::from_ref(&last)), ["last"]);
        assert_eq!(looks.from, 200_000);
        assert!(looks.shown.is_empty(), "what no later look can find is not kept");
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
