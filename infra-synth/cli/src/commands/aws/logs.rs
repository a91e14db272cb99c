use std::{collections::HashSet, ops::ControlFlow};

use anyhow::{Result, bail};
use infra_synth_deploy::{LogLine, PATIENCE, StackResource};
use jiff::Timestamp;

use crate::arguments::{LogsArguments, StageArguments};
use crate::output;
use crate::usage::WrongUsage;

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
    let look = async |from| Ok(logs.since(&groups, from).await?);
    let mut looks = Looks::from(from);
    if !arguments.follow {
        return looks.next(look).await.and_then(|new| output::data(&new));
    }
    // Around all of it: an interruption is heard also while AWS is being asked.
    tokio::select! {
        ended = looks.follow(look, async || tokio::time::sleep(logs.pace()).await, output::part) => ended,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
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

    /// Looks again and again and writes each line once, until nobody reads on. What was answered once and is not
    /// answered for a while does not end it.
    async fn follow(
        &mut self,
        look: impl AsyncFn(i64) -> Result<Vec<LogLine>>,
        pause: impl AsyncFn(),
        write: impl Fn(&str) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let mut patience = 0;
        loop {
            match self.next(&look).await {
                Ok(new) => {
                    patience = PATIENCE;
                    if write(&new)?.is_break() {
                        return Ok(());
                    }
                }
                Err(error) if patience > 0 => {
                    patience -= 1;
                    output::note(&format!("no answer, looking again ({error:#})"));
                }
                Err(error) => return Err(error),
            }
            pause().await;
        }
    }

    /// The lines that are new since the look before, in writing.
    async fn next(&mut self, look: impl AsyncFn(i64) -> Result<Vec<LogLine>>) -> Result<String> {
        // Before the look, which takes its time: what is written meanwhile is for the next one.
        let looked_at = Timestamp::now().as_millisecond();
        let found = look(self.from).await?;
        Ok(self.new_lines(looked_at, &found).map(written).collect())
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
        None => bail!(WrongUsage(format!(
            "there is no function `{function}`; there is {}",
            all.iter()
                .map(|group| short(group))
                .collect::<Vec<_>>()
                .join(", ")
        ))),
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
    use std::cell::{Cell, RefCell};

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

    /// Follows a log of which the looks end so, one after the other, until the last of them. How the following ended, and
    /// what it wrote.
    async fn followed(looks: &[Option<&str>]) -> (Result<()>, String) {
        let (nth, text) = (Cell::new(0), RefCell::new(String::new()));
        let look = async |_| {
            let found = looks[nth.replace(nth.get() + 1)].ok_or(anyhow::anyhow!("away"))?;
            Ok(vec![line(1, found)])
        };
        let write = |new: &str| {
            *text.borrow_mut() += new;
            Ok(if nth.get() == looks.len() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        };
        let ended = Looks::from(0).follow(look, async || (), write).await;
        (ended, text.into_inner())
    }

    #[tokio::test]
    async fn a_followed_log_outlasts_calls_that_fail_for_a_while() {
        let mut looks = vec![Some("one")];
        looks.extend([None; PATIENCE as usize]);
        looks.push(Some("two"));
        looks.extend([None; PATIENCE as usize]);
        looks.push(Some("three"));
        let (ended, text) = followed(&looks).await;
        ended.unwrap();
        let lines: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split(' ').next_back())
            .collect();
        assert_eq!(lines, ["one", "two", "three"]);
    }

    #[tokio::test]
    async fn a_log_that_is_never_or_no_longer_answered_ends_with_the_reason() {
        for answered in [&[][..], &[Some("one")][..]] {
            let mut looks = answered.to_vec();
            looks.extend([None; PATIENCE as usize + 1]);
            let (ended, _) = followed(&looks).await;
            assert_eq!(ended.unwrap_err().to_string(), "away");
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
