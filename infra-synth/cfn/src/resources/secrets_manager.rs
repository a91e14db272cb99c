use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Handle, Resource, Value,
    kind::{SecretArn, Text},
    stack::to_json,
};

/// `AWS::SecretsManager::Secret`, whose value Secrets Manager makes: no one has seen it, and it is in no template.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Secret {
    /// The physical name. CloudFormation chooses one when there is none, which is free even while a deleted secret of
    /// another stack waits for its end.
    pub name: Option<Value<Text>>,
    /// What it is for.
    pub description: Option<&'static str>,
    /// Of what the value is made.
    pub generate_secret_string: GeneratedSecret,
}

impl Secret {
    /// A secret of so many letters and digits, 62 of which each may be: 64 of them are over 380 bits.
    pub fn letters_and_digits(length: u32) -> Self {
        Self {
            name: None,
            description: None,
            generate_secret_string: GeneratedSecret {
                password_length: length,
                exclude_punctuation: true,
            },
        }
    }
}

impl Resource for Secret {
    fn resource_type(&self) -> &'static str {
        "AWS::SecretsManager::Secret"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Secret> {
    /// `Ref`, which for a secret is its ARN.
    pub fn arn(&self) -> Value<SecretArn> {
        self.reference()
    }
}

/// Of what the value of a secret is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GeneratedSecret {
    /// How many characters.
    pub password_length: u32,
    /// Letters and digits alone.
    pub exclude_punctuation: bool,
}
