use std::{collections::BTreeMap, time::Duration};

use aws_sdk_cloudformation::{
    Client,
    types::{Capability, Stack},
};

use crate::{AwsError, Operation, StackCommands, StackStatus, SuggestedOptions};

mod change_set;
mod deletion;
mod following;
#[cfg(test)]
mod tests;

pub use change_set::{
    Action, Change, ChangeSet, ChangeSetError, ChangeSetKind, ChangeSetRequest, Replacement, TemplateSource,
};
pub use deletion::{DeletionError, retained};
pub use following::{Cause, Failure, Mark, PATIENCE};

/// The stacks of an account in a region.
#[derive(Debug, Clone)]
pub struct Stacks {
    client: Client,
    pace: Duration,
    options: SuggestedOptions,
}

/// A stack as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedStack {
    /// Its name.
    pub name: String,
    /// Its ARN, which a later stack of the same name does not share.
    pub id: String,
    /// What it is doing or has done.
    pub status: StackStatus,
    /// Why, where AWS says so.
    pub reason: Option<String>,
    /// When it was last changed, as RFC 3339 in UTC.
    pub changed_at: Option<String>,
    /// What it was deployed with.
    pub parameters: BTreeMap<String, String>,
    /// What it tells, in the template's order.
    pub outputs: Vec<Output>,
    /// Whether it refuses to be deleted.
    pub is_protected: bool,
}

/// Something that a person or a tool needs to know of a deployed stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name in the template.
    pub name: String,
    /// The value.
    pub value: String,
    /// What it is.
    pub description: String,
}

/// A resource in a deployed stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in the account; empty until it has one.
    pub physical_id: String,
    /// Its type.
    pub resource_type: String,
    /// Its status, such as `UPDATE_COMPLETE`.
    pub status: String,
    /// Why, where AWS says so.
    pub reason: Option<String>,
}

impl Stacks {
    pub(crate) fn new(client: Client, pace: Duration) -> Self {
        Self {
            client,
            pace,
            options: SuggestedOptions::default(),
        }
    }

    /// The same; the commands that messages suggest say these options too, so that they mean the same stack.
    #[must_use]
    pub fn suggesting(mut self, options: SuggestedOptions) -> Self {
        self.options = options;
        self
    }

    /// The commands that concern this stack.
    pub fn commands(&self, stack: &str) -> StackCommands {
        self.options.commands(stack)
    }

    /// What to do before the stack can be deployed; `None` if it can be.
    pub fn way_out(&self, stack: &DeployedStack) -> Option<String> {
        stack.status.standing().way_out(&self.commands(&stack.name))
    }

    /// The stack of this name or ARN, or `None` if there is none. One that was deleted is found by its ARN only.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn describe(&self, name: &str) -> Result<Option<DeployedStack>, AwsError> {
        let answer = self.client.describe_stacks().stack_name(name).send().await;
        match answer.map_err(AwsError::of("DescribeStacks")) {
            Ok(answer) => Ok(answer.stacks().first().map(DeployedStack::read)),
            // That is how CloudFormation says that there is none.
            Err(error)
                if error.code() == Some("ValidationError") && error.answer().contains("does not exist") =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The template that the stack was deployed with, as it was given: JSON, or YAML with short tags.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn template(&self, name: &str) -> Result<String, AwsError> {
        let answer = self.client.get_template().stack_name(name).send().await;
        let answer = answer.map_err(AwsError::of("GetTemplate"))?;
        answer
            .template_body
            .ok_or_else(|| AwsError::incomplete("GetTemplate", "TemplateBody"))
    }

    /// What is in the stack, to the last page.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn resources(&self, name: &str) -> Result<Vec<StackResource>, AwsError> {
        let mut pages = self
            .client
            .list_stack_resources()
            .stack_name(name)
            .into_paginator()
            .send();
        let mut resources = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(AwsError::of("ListStackResources"))?;
            resources.extend(page.stack_resource_summaries().iter().map(|resource| {
                StackResource {
                    logical_id: resource.logical_resource_id().unwrap_or_default().to_owned(),
                    physical_id: resource.physical_resource_id().unwrap_or_default().to_owned(),
                    resource_type: resource.resource_type().unwrap_or_default().to_owned(),
                    status: resource
                        .resource_status()
                        .map(|status| status.as_str().to_owned())
                        .unwrap_or_default(),
                    reason: resource
                        .resource_status_reason()
                        .filter(|reason| !reason.is_empty())
                        .map(str::to_owned),
                }
            }));
        }
        Ok(resources)
    }

    /// Makes the stack refuse to be deleted, or no longer.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn protect(&self, name: &str, is_protected: bool) -> Result<(), AwsError> {
        let call = self.client.update_termination_protection();
        let answer = call
            .stack_name(name)
            .enable_termination_protection(is_protected)
            .send()
            .await;
        answer
            .map_err(AwsError::of("UpdateTerminationProtection"))
            .map(drop)
    }

    /// Goes on undoing an update whose undoing stopped, leaving these resources as they are.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn continue_rollback(&self, name: &str, skip: &[String]) -> Result<(), AwsError> {
        let mut call = self.client.continue_update_rollback().stack_name(name);
        for logical_id in skip {
            call = call.resources_to_skip(logical_id);
        }
        call.client_request_token(unique_name())
            .send()
            .await
            .map_err(AwsError::of("ContinueUpdateRollback"))
            .map(drop)
    }
}

/// What no other call is named. As a call's token it lets the SDK ask again after a lost answer without doing it twice;
/// change sets are kept in a stack's history, where it says when it was.
fn unique_name() -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    format!("infra-synth-{}-{}", now.as_millis(), std::process::id())
}

/// Roles of functions have inline policies, and none has a name of its own.
const CAPABILITIES: [Capability; 1] = [Capability::CapabilityIam];

impl DeployedStack {
    fn exists(&self) -> bool {
        self.status != StackStatus::Done(Operation::Deletion)
    }

    /// A stack of which nothing is left.
    fn gone(id: &str) -> Self {
        Self {
            name: id.split('/').nth(1).unwrap_or(id).to_owned(),
            id: id.to_owned(),
            status: StackStatus::Done(Operation::Deletion),
            reason: None,
            changed_at: None,
            parameters: BTreeMap::new(),
            outputs: Vec::new(),
            is_protected: false,
        }
    }

    fn read(stack: &Stack) -> Self {
        let changed_at = stack.last_updated_time().or(stack.creation_time());
        Self {
            name: stack.stack_name().unwrap_or_default().to_owned(),
            id: stack.stack_id().unwrap_or_default().to_owned(),
            status: stack
                .stack_status()
                .map_or("", |status| status.as_str())
                .parse()
                .unwrap_or_else(|never| match never {}),
            reason: stack
                .stack_status_reason()
                .filter(|reason| !reason.is_empty())
                .map(str::to_owned),
            changed_at: changed_at.map(ToString::to_string),
            parameters: stack
                .parameters()
                .iter()
                .filter_map(|parameter| {
                    Some((
                        parameter.parameter_key()?.to_owned(),
                        parameter.parameter_value()?.to_owned(),
                    ))
                })
                .collect(),
            outputs: stack
                .outputs()
                .iter()
                .map(|output| Output {
                    name: output.output_key().unwrap_or_default().to_owned(),
                    value: output.output_value().unwrap_or_default().to_owned(),
                    description: output.description().unwrap_or_default().to_owned(),
                })
                .collect(),
            is_protected: stack.enable_termination_protection().unwrap_or(false),
        }
    }

    /// The value of an output.
    pub fn output(&self, name: &str) -> Option<&str> {
        let output = self.outputs.iter().find(|output| output.name == name)?;
        Some(&output.value)
    }
}
