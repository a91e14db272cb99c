use std::{collections::BTreeMap, time::Duration};

use aws_sdk_cloudformation::types::{
    ChangeAction, ChangeSetStatus, ChangeSetType, DeploymentMode, EventFilter, Parameter, PolicyAction,
    Replacement as SdkReplacement, ResourceChange,
};

use super::{CAPABILITIES, DeployedStack, Stacks, unique_name};
use crate::{AwsError, Operation, StackStatus, Standing};

/// What a stack is to become.
#[derive(Debug, Clone)]
pub struct ChangeSetRequest<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// The stack as it stands, if there is one.
    pub deployed: Option<&'a DeployedStack>,
    /// Its new template.
    pub template: TemplateSource,
    /// Its parameters; a `None` keeps the value that it has.
    pub parameters: BTreeMap<String, Option<String>>,
    /// Whether what was changed past CloudFormation is set back as well. Otherwise it compares templates alone.
    ///
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html>
    pub revert_drift: bool,
    /// Whether a resource that exists already under its name in the template, in no stack, is taken into this one.
    /// Otherwise its name is taken.
    pub import_existing: bool,
}

/// Where CloudFormation reads a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateSource {
    /// In the request, up to 51,200 bytes.
    Body(String),
    /// In a bucket, up to 1 MB.
    Url(String),
}

impl TemplateSource {
    /// How many bytes of a template CloudFormation takes in the request itself.
    ///
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
    pub const LONGEST_BODY: usize = 51_200;
}

/// A change that CloudFormation has worked out and nobody has run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// Its ARN.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The stack's ARN.
    pub stack_id: String,
    /// What it makes of the stack.
    pub kind: ChangeSetKind,
    /// What it does, resource by resource.
    pub changes: Vec<Change>,
}

/// What a change set makes of its stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeSetKind {
    /// It creates it.
    Creation {
        /// Whether the stack came with it, and was not even under review before.
        made_stack: bool,
    },
    /// It changes it.
    Update,
}

/// What a change set does to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub action: Action,
    /// The resource's name in the template.
    pub logical_id: String,
    /// The resource's name in the account, if it exists.
    pub physical_id: Option<String>,
    /// Its type.
    pub resource_type: String,
    /// Whether a new resource takes its place.
    pub replacement: Replacement,
    /// Whether the old one stays in the account, outside the stack.
    pub is_retained: bool,
}

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is created.
    Add,
    /// It is changed.
    Modify,
    /// It leaves the stack.
    Remove,
    /// It exists already, and comes into the stack as it is.
    Import,
    /// It was changed past CloudFormation to what the template says, and stays so.
    Sync,
    /// Something that CloudFormation decides only while it runs, or that this library does not know.
    Other,
}

/// Whether a new resource takes the place of a changed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    /// It stays the same one.
    No,
    /// A new one takes its place.
    Yes,
    /// That depends on values that are not known before.
    Perhaps,
}

/// Why there is no change set.
#[derive(Debug, thiserror::Error)]
pub enum ChangeSetError {
    /// The stack cannot be changed as it stands.
    #[error("stack `{stack}` is in `{status}`: {way_out}")]
    Standing {
        /// The stack.
        stack: String,
        /// Its status, in CloudFormation's words.
        status: String,
        /// What to do.
        way_out: String,
    },
    /// CloudFormation does not take the template or a parameter.
    #[error(
        "CloudFormation refuses the change of stack `{stack}`: {reason}\nhint: nothing was changed; mend it and deploy again"
    )]
    Refused {
        /// The stack.
        stack: String,
        /// AWS's message.
        reason: String,
    },
    /// A call failed.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl ChangeSet {
    /// What running it is.
    pub fn operation(&self) -> Operation {
        match self.kind {
            ChangeSetKind::Creation { .. } => Operation::Creation,
            ChangeSetKind::Update => Operation::Update,
        }
    }

    /// Whether it creates the stack.
    pub fn is_creation(&self) -> bool {
        self.operation() == Operation::Creation
    }
}

impl Stacks {
    /// Asks CloudFormation what it would do; `None` if nothing.
    ///
    /// A change set that cannot be run is deleted again.
    ///
    /// # Errors
    ///
    /// A stack that cannot be changed as it stands, with the way out; a change that CloudFormation refuses.
    pub async fn prepare(&self, request: ChangeSetRequest<'_>) -> Result<Option<ChangeSet>, ChangeSetError> {
        let standing = request
            .deployed
            .map_or(Standing::New, |stack| stack.status.standing());
        if let Some(deployed) = request.deployed
            && let Some(way_out) = self.way_out(deployed)
        {
            return Err(ChangeSetError::Standing {
                stack: request.stack.to_owned(),
                status: deployed.status.to_string(),
                way_out,
            });
        }
        let was_under_review = |stack: &DeployedStack| stack.status == StackStatus::ReviewInProgress;
        let kind = match standing {
            Standing::New => ChangeSetKind::Creation {
                made_stack: !request.deployed.is_some_and(was_under_review),
            },
            _ => ChangeSetKind::Update,
        };
        let (id, stack_id) = self.create_change_set(&request, kind).await?;
        let answered = self.wait_for_change_set(&id).await?;
        let change_set = ChangeSet {
            name: answered.name,
            changes: answered.changes,
            id,
            stack_id,
            kind,
        };
        if answered.status == Some(ChangeSetStatus::CreateComplete) {
            return Ok(Some(change_set));
        }
        if says_no_change(&answered.reason) {
            self.discard(&change_set).await?;
            return Ok(None);
        }
        // With the change set go the reasons.
        let failed = self.failed_validations(&change_set.id).await;
        self.discard(&change_set).await?;
        Err(ChangeSetError::Refused {
            stack: request.stack.to_owned(),
            reason: [vec![answered.reason], failed].concat().join("\n  "),
        })
    }

    /// What CloudFormation found before it would make the change set, whose own reason says only that it found something.
    /// None if it cannot be asked, since then that reason has to do.
    ///
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html>
    async fn failed_validations(&self, change_set: &str) -> Vec<String> {
        let only_failed = EventFilter::builder().failed_events(true).build();
        let call = self
            .client
            .describe_events()
            .change_set_name(change_set)
            .filters(only_failed);
        let Ok(answer) = call.send().await else {
            return Vec::new();
        };
        answer
            .operation_events()
            .iter()
            .filter_map(|event| {
                let reason = event.validation_status_reason()?;
                let place = event.validation_path().or(event.logical_resource_id());
                Some(format!("{}: {reason}", place.unwrap_or("the template")))
            })
            .collect()
    }

    /// Deletes a change set that nobody wants to run, and the stack that came with it while that is empty: someone else
    /// may have created it meanwhile, or have a change set of their own waiting there.
    ///
    /// # Errors
    ///
    /// AWS's refusal, or no answer.
    pub async fn discard(&self, change_set: &ChangeSet) -> Result<(), AwsError> {
        let call = self.client.delete_change_set().change_set_name(&change_set.id);
        call.send().await.map_err(AwsError::of("DeleteChangeSet"))?;
        let made_stack = change_set.kind == ChangeSetKind::Creation { made_stack: true };
        if made_stack && self.is_empty(&change_set.stack_id, &change_set.id).await? {
            let call = self.client.delete_stack().stack_name(&change_set.stack_id);
            call.send().await.map_err(AwsError::of("DeleteStack"))?;
        }
        Ok(())
    }

    /// Whether the stack is only under review, and no change set waits there but perhaps this one, which was deleted.
    async fn is_empty(&self, stack_id: &str, deleted: &str) -> Result<bool, AwsError> {
        let stack = self.describe(stack_id).await?;
        if stack.is_none_or(|stack| stack.status != StackStatus::ReviewInProgress) {
            return Ok(false);
        }
        let call = self.client.list_change_sets().stack_name(stack_id);
        let waiting = call.send().await.map_err(AwsError::of("ListChangeSets"))?;
        Ok(waiting
            .summaries()
            .iter()
            .all(|change_set| change_set.change_set_id() == Some(deleted)))
    }

    /// Starts a change set; follow it with [`follow`](Self::follow).
    ///
    /// # Errors
    ///
    /// AWS's refusal, such as for a stack that someone else has changed since, or no answer.
    pub async fn execute(&self, change_set: &ChangeSet) -> Result<(), AwsError> {
        let call = self
            .client
            .execute_change_set()
            .change_set_name(&change_set.id)
            .client_request_token(unique_name());
        call.send()
            .await
            .map_err(AwsError::of("ExecuteChangeSet"))
            .map(drop)
    }

    async fn create_change_set(
        &self,
        request: &ChangeSetRequest<'_>,
        kind: ChangeSetKind,
    ) -> Result<(String, String), AwsError> {
        let name = unique_name();
        let is_creation = kind != ChangeSetKind::Update;
        let mut call = self
            .client
            .create_change_set()
            .stack_name(request.stack)
            .change_set_name(&name)
            .client_token(&name)
            .change_set_type(if is_creation {
                ChangeSetType::Create
            } else {
                ChangeSetType::Update
            })
            .set_capabilities(Some(CAPABILITIES.to_vec()))
            // What does not exist yet was changed by nobody.
            .set_deployment_mode(
                (request.revert_drift && !is_creation).then_some(DeploymentMode::RevertDrift),
            )
            .set_import_existing_resources(request.import_existing.then_some(true));
        call = match &request.template {
            TemplateSource::Body(body) => call.template_body(body),
            TemplateSource::Url(url) => call.template_url(url),
        };
        for (name, value) in &request.parameters {
            let parameter = Parameter::builder().parameter_key(name);
            call = call.parameters(match value {
                Some(value) => parameter.parameter_value(value).build(),
                None => parameter.use_previous_value(true).build(),
            });
        }
        let answer = call.send().await.map_err(AwsError::of("CreateChangeSet"))?;
        let lacks = |field| AwsError::incomplete("CreateChangeSet", field);
        Ok((
            answer.id.ok_or_else(|| lacks("Id"))?,
            answer.stack_id.ok_or_else(|| lacks("StackId"))?,
        ))
    }

    async fn wait_for_change_set(&self, id: &str) -> Result<Answered, AwsError> {
        let mut pause = self.pace.min(Duration::from_millis(500));
        loop {
            let mut answered = Answered::default();
            let mut token = None;
            loop {
                let call = self
                    .client
                    .describe_change_set()
                    .change_set_name(id)
                    .set_next_token(token);
                let page = call.send().await.map_err(AwsError::of("DescribeChangeSet"))?;
                answered.changes.extend(
                    page.changes()
                        .iter()
                        .filter_map(|change| change.resource_change())
                        .map(Change::read),
                );
                answered.status = page.status;
                answered.reason = page.status_reason.unwrap_or_default();
                answered.name = page.change_set_name.unwrap_or_default();
                token = page.next_token;
                if token.is_none() {
                    break;
                }
            }
            match answered.status {
                Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress) | None => {
                    tokio::time::sleep(pause).await;
                    pause = self.pace;
                }
                Some(_) => return Ok(answered),
            }
        }
    }
}

#[derive(Default)]
struct Answered {
    status: Option<ChangeSetStatus>,
    reason: String,
    name: String,
    changes: Vec<Change>,
}

impl Change {
    fn read(change: &ResourceChange) -> Self {
        Self {
            action: match change.action() {
                Some(ChangeAction::Add) => Action::Add,
                Some(ChangeAction::Modify) => Action::Modify,
                Some(ChangeAction::Remove) => Action::Remove,
                Some(ChangeAction::Import) => Action::Import,
                Some(ChangeAction::SyncWithActual) => Action::Sync,
                _ => Action::Other,
            },
            logical_id: change.logical_resource_id().unwrap_or_default().to_owned(),
            physical_id: change
                .physical_resource_id()
                .filter(|id| !id.is_empty())
                .map(str::to_owned),
            resource_type: change.resource_type().unwrap_or_default().to_owned(),
            replacement: match change.replacement() {
                Some(SdkReplacement::True) => Replacement::Yes,
                Some(SdkReplacement::Conditional) => Replacement::Perhaps,
                _ => Replacement::No,
            },
            is_retained: matches!(
                change.policy_action(),
                Some(PolicyAction::Retain | PolicyAction::ReplaceAndRetain)
            ),
        }
    }
}

/// CloudFormation has no status for it, only these two sentences.
fn says_no_change(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}
