//! IAM policy documents: who may do what on which resource.

use std::{cell::RefCell, rc::Rc};

use indexmap::IndexMap;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{
    Value,
    kind::{AnyArn, Arn, Text},
};

/// A policy document in the current policy language.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyDocument {
    version: &'static str,
    statement: Vec<Statement>,
}

impl PolicyDocument {
    /// A document of these statements.
    pub fn new(statement: impl Into<Vec<Statement>>) -> Self {
        // Under the older version `${…}` variables are plain text.
        Self {
            version: "2012-10-17",
            statement: statement.into(),
        }
    }
}

/// Whether a statement opens or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Effect {
    /// Opens, unless another statement denies.
    Allow,
    /// Closes, whatever else is allowed.
    Deny,
}

/// Whom a statement in a resource's policy is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Everyone, signed in or not.
    Anyone,
    /// An AWS service, for example `sns.amazonaws.com`.
    Service(&'static str),
    /// The stack's own account: whoever its own policies let.
    ThisAccount,
}

impl Serialize for Principal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Anyone => serializer.serialize_str("*"),
            Self::Service(service) => {
                let mut principal = serializer.serialize_struct("Principal", 1)?;
                principal.serialize_field("Service", service)?;
                principal.end()
            }
            Self::ThisAccount => {
                let root: Value<Text> = Value::sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root");
                let mut principal = serializer.serialize_struct("Principal", 1)?;
                principal.serialize_field("AWS", &root)?;
                principal.end()
            }
        }
    }
}

/// One statement of a policy document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// Allow or deny.
    pub effect: Effect,
    /// Whom it is about; `None` in a role's policy, where it is the role.
    pub principal: Option<Principal>,
    /// The calls, for example `sqs:SendMessage`.
    pub action: Vec<&'static str>,
    /// What the calls may touch; empty in a trust policy, where it is the role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<Value<AnyArn>>,
    /// Operator → condition key → value; all must hold.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub condition: IndexMap<&'static str, IndexMap<&'static str, Value<Text>>>,
}

impl Statement {
    /// Allows these calls on one resource.
    pub fn allow(action: &[&'static str], resource: &Value<impl Arn>) -> Self {
        Self::new(Effect::Allow, action, vec![resource.any()])
    }

    /// Allows these calls on every resource: for calls that IAM cannot bind to one.
    pub fn allow_on_all(action: &[&'static str]) -> Self {
        Self::new(Effect::Allow, action, vec![Value::literal("*")])
    }

    /// Denies these calls on one resource.
    pub fn deny(action: &[&'static str], resource: &Value<impl Arn>) -> Self {
        Self::new(Effect::Deny, action, vec![resource.any()])
    }

    /// Denies these calls on every resource.
    pub fn deny_on_all(action: &[&'static str]) -> Self {
        Self::new(Effect::Deny, action, vec![Value::literal("*")])
    }

    /// Lets a service take on the role whose trust policy this is in.
    pub fn assume_role(service: &'static str) -> Self {
        Self::new(Effect::Allow, &["sts:AssumeRole"], Vec::new()).by(Principal::Service(service))
    }

    /// The same statement about this principal.
    #[must_use]
    pub fn by(self, principal: Principal) -> Self {
        Self {
            principal: Some(principal),
            ..self
        }
    }

    /// The same statement, only when this condition holds too.
    #[must_use]
    pub fn when(mut self, operator: &'static str, key: &'static str, value: Value<Text>) -> Self {
        self.condition.entry(operator).or_default().insert(key, value);
        self
    }

    fn new(effect: Effect, action: &[&'static str], resource: Vec<Value<AnyArn>>) -> Self {
        Self {
            effect,
            principal: None,
            action: action.to_vec(),
            resource,
            condition: IndexMap::new(),
        }
    }
}

/// A policy inside a role, which grants go on adding to until the stack is synthesized.
///
/// A clone is the same policy: the role keeps one, whoever hands out grants keeps another.
#[derive(Debug, Clone)]
pub struct InlinePolicy {
    name: String,
    statements: Rc<RefCell<Vec<Statement>>>,
}

impl InlinePolicy {
    /// An empty policy of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            statements: Rc::default(),
        }
    }
}

impl Serialize for InlinePolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut policy = serializer.serialize_struct("Policy", 2)?;
        policy.serialize_field("PolicyName", &self.name)?;
        policy.serialize_field(
            "PolicyDocument",
            &PolicyDocument::new(self.statements.borrow().clone()),
        )?;
        policy.end()
    }
}

/// Something that permissions can be given to.
pub trait Grantee {
    /// Adds a statement to the grantee's own role.
    fn grant(&self, statement: Statement);
}

impl Grantee for InlinePolicy {
    fn grant(&self, statement: Statement) {
        self.statements.borrow_mut().push(statement);
    }
}
