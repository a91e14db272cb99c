use infra_synth_cfn::Template;
use serde_json::Value as Json;

use super::{DeployedStack, Stacks, unique_name};
use crate::AwsError;

/// Why a stack is not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeletionError {
    /// The stack refuses.
    #[error(
        "stack `{stack}` is protected against deletion; if it really is to go, take the protection away first: \
         aws cloudformation update-termination-protection --no-enable-termination-protection {selection}"
    )]
    ProtectedStack {
        /// The stack.
        stack: String,
        /// The options that mean it.
        selection: String,
    },
    /// A resource refuses, and the deletion would stop half-way.
    #[error(
        "stack `{stack}` has resources that are protected against deletion: {}; take their protection away, deploy, and \
         destroy then",
        .resources.join(", ")
    )]
    ProtectedResources {
        /// The stack.
        stack: String,
        /// The resources' names in the template.
        resources: Vec<String>,
    },
    /// A call failed.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl Stacks {
    /// Whether a stack can be deleted without what is to be kept.
    ///
    /// # Errors
    ///
    /// A stack, or a resource that would not be retained, that is protected against deletion.
    pub fn check_deletable(
        &self,
        stack: &DeployedStack,
        template: &Template,
        keep: &[String],
    ) -> Result<(), DeletionError> {
        if stack.is_protected {
            return Err(DeletionError::ProtectedStack {
                stack: stack.name.clone(),
                selection: self.commands(&stack.name).aws_selection,
            });
        }
        let mut resources = protected(template);
        resources.retain(|resource| !keep.contains(resource));
        if !resources.is_empty() {
            return Err(DeletionError::ProtectedResources {
                stack: stack.name.clone(),
                resources,
            });
        }
        Ok(())
    }

    /// Starts the deletion of a stack; follow it with [`follow`](Self::follow), by the stack's ARN. What is to be kept
    /// stays in the account, which CloudFormation allows only for what an earlier deletion failed on.
    ///
    /// # Errors
    ///
    /// See [`check_deletable`](Self::check_deletable).
    pub async fn delete(
        &self,
        stack: &DeployedStack,
        template: &Template,
        keep: &[String],
    ) -> Result<(), DeletionError> {
        self.check_deletable(stack, template, keep)?;
        let keep = (!keep.is_empty()).then(|| keep.to_vec());
        let call = self.client.delete_stack().stack_name(&stack.id);
        let call = call
            .set_retain_resources(keep)
            .client_request_token(unique_name());
        call.send().await.map_err(AwsError::of("DeleteStack"))?;
        Ok(())
    }
}

/// The resources that stay in the account when the stack goes, by their names in the template.
pub fn retained(template: &Template) -> Vec<String> {
    resources(template)
        .filter(|(_, resource)| is_retained(resource))
        .map(|(id, _)| id.clone())
        .collect()
}

fn protected(template: &Template) -> Vec<String> {
    resources(template)
        .filter(|(_, resource)| {
            !is_retained(resource) && resource["Properties"]["DeletionProtectionEnabled"] == true
        })
        .map(|(id, _)| id.clone())
        .collect()
}

fn is_retained(resource: &Json) -> bool {
    matches!(
        resource["DeletionPolicy"].as_str(),
        Some("Retain" | "RetainExceptOnCreate")
    )
}

fn resources(template: &Template) -> impl Iterator<Item = (&String, &Json)> {
    template.as_value()["Resources"].as_object().into_iter().flatten()
}
