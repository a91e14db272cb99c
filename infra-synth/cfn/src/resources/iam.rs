use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Handle, Resource, Value,
    kind::RoleArn,
    policy::{InlinePolicy, PolicyDocument, Statement},
    stack::to_json,
};

/// `AWS::IAM::Role`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Role {
    /// What it is for.
    pub description: Option<&'static str>,
    /// Who may take it on.
    pub assume_role_policy_document: PolicyDocument,
    /// What it may do. Inline, not a resource of its own: so it is in force before anything that has the role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<InlinePolicy>,
}

impl Role {
    /// A role that a service takes on, with no permissions.
    pub fn for_service(service: &'static str) -> Self {
        Self {
            description: None,
            assume_role_policy_document: PolicyDocument::new([Statement::assume_role(service)]),
            policies: Vec::new(),
        }
    }
}

impl Resource for Role {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::Role"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Role> {
    /// `Fn::GetAtt … Arn`.
    pub fn arn(&self) -> Value<RoleArn> {
        self.attribute("Arn")
    }
}
