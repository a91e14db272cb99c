use std::{collections::HashSet, fmt};

use infra_synth_cfn::Template;

use super::{DeployedStack, Stacks};
use crate::{AwsError, Event, Operation, Report, ResourceEvent, STACK_TYPE, StackCommands, StackStatus};

/// A place in a stack's history: what happens after it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(pub(super) Option<String>);

/// An operation on a stack that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stack.
    pub stack: String,
    /// What came of it.
    pub status: StackStatus,
    /// What failed first; `None` if the history does not tell.
    pub cause: Option<Cause>,
    /// What to go on with.
    pub commands: StackCommands,
}

/// What failed first, of all that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The resource's name in the template.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// The status that it came to, such as `CREATE_FAILED`.
    pub status: String,
    /// AWS's message, in full.
    pub reason: String,
    /// The source line that declared it, if it is known.
    pub source: Option<String>,
}

/// How often in a row AWS may leave a look unanswered, each after the SDK's own retries.
pub const PATIENCE: u32 = 10;

impl Stacks {
    /// Where the stack's history ends now. Take it before an operation starts.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn mark(&self, stack_id: &str) -> Result<Mark, AwsError> {
        let answer = self
            .client
            .describe_stack_events()
            .stack_name(stack_id)
            .send()
            .await;
        let answer = match answer.map_err(AwsError::of("DescribeStackEvents")) {
            // A stack that is only under review has no history yet.
            Err(error) if error.code() == Some("ValidationError") => return Ok(Mark(None)),
            answer => answer?,
        };
        let newest = answer.stack_events().first();
        Ok(Mark(newest.and_then(|event| event.event_id()).map(str::to_owned)))
    }

    /// Where the operation that runs began, so that what happened in it since is new.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn mark_of_running(&self, stack_id: &str) -> Result<Mark, AwsError> {
        let events = self.events_since(stack_id, &Mark(None), &HashSet::new()).await?;
        let beginning = events.into_iter().rev().find(ResourceEvent::begins_operation);
        Ok(Mark(beginning.map(|event| event.id)))
    }

    /// Watches the stack until nothing runs any more, and reports each event once, in the order they happened. Success is
    /// the end that is `expected`; where none is, any operation's.
    ///
    /// Dropping the future stops the watching only: the operation goes on.
    ///
    /// # Errors
    ///
    /// The outer error: AWS cannot be asked. The inner one: the operation failed, with its first cause.
    pub async fn follow(
        &self,
        stack_id: &str,
        since: &Mark,
        template: Option<&Template>,
        expected: Option<Operation>,
        report: &mut dyn Report,
    ) -> Result<Result<DeployedStack, Failure>, AwsError> {
        let is_success = |status: &StackStatus| match expected {
            Some(operation) => *status == StackStatus::Done(operation),
            None => status.is_success(),
        };
        let mut seen = HashSet::new();
        let mut cause = None;
        let mut said_of_stack = None;
        let mut unanswered = 0;
        let mut uneventful = 0;
        loop {
            // The status comes first: events that precede a settled status are then all there. One that was read before
            // any event may be of before the operation.
            let was_uneventful = seen.is_empty();
            match self.look(stack_id, since, &mut seen).await {
                Ok((stack, events)) => {
                    unanswered = 0;
                    for event in events {
                        if cause.is_none() && event.is_cause() {
                            cause = Some(Cause::read(&event, template));
                        }
                        if said_of_stack.is_none() && event.is_said_of_stack() {
                            said_of_stack = Some(Cause::read(&event, None));
                        }
                        report.report(Event::Resource(event));
                    }
                    if was_uneventful && stack.exists() && uneventful < PATIENCE {
                        uneventful += 1;
                    } else if is_success(&stack.status) {
                        return Ok(Ok(stack));
                    } else if stack.status.is_settled() {
                        let of_status = || Cause::of_status(&stack);
                        return Ok(Err(Failure {
                            commands: self.commands(&stack.name),
                            cause: cause.or(said_of_stack).or_else(of_status),
                            status: stack.status,
                            stack: stack.name,
                        }));
                    }
                }
                Err(error) if unanswered < PATIENCE => {
                    unanswered += 1;
                    report.report(Event::Unanswered {
                        answer: error.to_string(),
                    });
                }
                Err(error) => return Err(error),
            }
            tokio::time::sleep(self.pace).await;
        }
    }

    async fn look(
        &self,
        stack_id: &str,
        since: &Mark,
        seen: &mut HashSet<String>,
    ) -> Result<(DeployedStack, Vec<ResourceEvent>), AwsError> {
        let Some(stack) = self.describe(stack_id).await? else {
            // One that held nothing is gone without a trace.
            return Ok((DeployedStack::gone(stack_id), Vec::new()));
        };
        let events = self.events_since(stack_id, since, seen).await?;
        seen.extend(events.iter().map(|event| event.id.clone()));
        Ok((stack, events))
    }

    /// Pages go back in time: read until something known, and turn round.
    async fn events_since(
        &self,
        stack_id: &str,
        since: &Mark,
        seen: &HashSet<String>,
    ) -> Result<Vec<ResourceEvent>, AwsError> {
        let mut pages = self
            .client
            .describe_stack_events()
            .stack_name(stack_id)
            .into_paginator()
            .send();
        let mut events = Vec::new();
        'pages: while let Some(page) = pages.next().await {
            let page = page.map_err(AwsError::of("DescribeStackEvents"))?;
            for event in page.stack_events() {
                let id = event.event_id().unwrap_or_default();
                if since.0.as_deref() == Some(id) || seen.contains(id) {
                    break 'pages;
                }
                events.push(ResourceEvent {
                    id: id.to_owned(),
                    at: event.timestamp().map(ToString::to_string).unwrap_or_default(),
                    logical_id: event.logical_resource_id().unwrap_or_default().to_owned(),
                    physical_id: event
                        .physical_resource_id()
                        .filter(|id| !id.is_empty())
                        .map(str::to_owned),
                    resource_type: event.resource_type().unwrap_or_default().to_owned(),
                    status: event
                        .resource_status()
                        .map(|status| status.as_str().to_owned())
                        .unwrap_or_default(),
                    reason: event
                        .resource_status_reason()
                        .filter(|reason| !reason.is_empty())
                        .map(str::to_owned),
                });
            }
        }
        events.reverse();
        Ok(events)
    }
}

impl Cause {
    /// Where no event tells: what AWS says of the stack as a whole.
    fn of_status(stack: &DeployedStack) -> Option<Self> {
        Some(Self {
            logical_id: stack.name.clone(),
            resource_type: STACK_TYPE.to_owned(),
            status: stack.status.to_string(),
            reason: stack.reason.clone()?,
            source: None,
        })
    }

    fn read(event: &ResourceEvent, template: Option<&Template>) -> Self {
        Self {
            logical_id: event.logical_id.clone(),
            resource_type: event.resource_type.clone(),
            status: event.status.clone(),
            reason: event
                .reason
                .clone()
                .unwrap_or_else(|| "AWS gives no reason".to_owned()),
            source: template
                .and_then(|template| template.source_of(&event.logical_id))
                .map(ToString::to_string),
        }
    }
}

impl Failure {
    /// The command to run next.
    pub fn next(&self) -> String {
        let StackCommands {
            deploy, selection, ..
        } = &self.commands;
        match &self.status {
            StackStatus::UpdateUndone => {
                format!("the stack is as it was before; mend the cause, and run {deploy} again")
            }
            status => status
                .standing()
                .way_out(&self.commands)
                .unwrap_or_else(|| format!("infra-synth status {selection}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stack `{}` ended in `{}`", self.stack, self.status)?;
        if let Some(cause) = &self.cause {
            write!(
                f,
                "\n  first cause: `{}` ({}) {}",
                cause.logical_id, cause.resource_type, cause.status
            )?;
            if let Some(source) = &cause.source {
                write!(f, "\n  declared at: {source}")?;
            }
            write!(f, "\n  AWS says:    {}", cause.reason)?;
        }
        write!(f, "\nnext: {}", self.next())
    }
}

impl std::error::Error for Failure {}
