use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Handle, Resource, Value,
    kind::{KeyArn, Text},
    policy::PolicyDocument,
    stack::to_json,
};

/// `AWS::KMS::Key`: a symmetric key of our own, for where a key that AWS manages shuts somebody out.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Key {
    /// What it is for.
    pub description: &'static str,
    /// Whether KMS makes new key material every year; what is encrypted stays readable.
    pub enable_key_rotation: bool,
    /// Who may use and manage it; a key without a way in for its own account can never be managed again.
    pub key_policy: PolicyDocument,
}

impl Resource for Key {
    fn resource_type(&self) -> &'static str {
        "AWS::KMS::Key"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Key> {
    /// `Fn::GetAtt … Arn`.
    pub fn arn(&self) -> Value<KeyArn> {
        self.attribute("Arn")
    }

    /// `Ref`, which for a key is its id.
    pub fn id(&self) -> Value<Text> {
        self.reference()
    }
}
