//! IAM policies: whether a call is allowed, as AWS decides it within one account.
//!
//! An explicit deny in any policy wins; otherwise an allow in the caller's own policies or in the resource's is
//! enough; otherwise the call is denied. A service as the caller has no policies of its own, so only the
//! resource's count. See
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.

use std::collections::BTreeMap;

use serde_json::{Value, json};

mod condition;
mod error;
mod parse;
mod principal;
mod wildcard;

#[cfg(test)]
mod tests;

pub(crate) use error::PolicyError;

use condition::Condition;
use principal::Principals;
use wildcard::Wildcard;

/// A policy, read once and consulted at every call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PolicyDocument {
    statements: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq)]
struct Statement {
    /// The `Sid`, or the statement's place (`#2`) where it has none.
    name: String,
    effect: Effect,
    /// Absent in a policy of a role, present in a policy of a resource.
    principals: Option<Principals>,
    actions: Vec<Wildcard>,
    /// Empty in a trust policy, which speaks of the role that it is attached to.
    resources: Vec<Wildcard>,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// Who makes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Principal<'a> {
    /// A role, by its ARN.
    Role(&'a str),
    /// An AWS service, by its name (`sns.amazonaws.com`).
    Service(&'a str),
}

/// A call to decide on.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    pub(crate) principal: Principal<'a>,
    /// The action with its service (`sqs:SendMessage`).
    pub(crate) action: &'a str,
    /// The ARN of what is acted on.
    pub(crate) resource: &'a str,
    /// Context keys as AWS spells them (`aws:SourceArn`) and their values. `aws:PrincipalArn` and
    /// `aws:PrincipalAccount` follow from the principal and need not be given.
    pub(crate) context: BTreeMap<&'a str, String>,
}

/// What the policies say about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed,
    /// A statement forbids it; named by its `Sid`, or by its place (`#2`) where it has none.
    ExplicitDeny {
        statement: String,
    },
    /// No statement allows it.
    ImplicitDeny,
}

impl PolicyDocument {
    /// A role's policy that allows every call.
    pub(crate) fn everything() -> Self {
        Self {
            statements: vec![Statement {
                name: "everything".to_owned(),
                effect: Effect::Allow,
                principals: None,
                actions: vec![Wildcard::new("*")],
                resources: vec![Wildcard::new("*")],
                conditions: Vec::new(),
            }],
        }
    }

    /// Reads a policy whose intrinsics are resolved.
    ///
    /// # Errors
    ///
    /// Names what AWS would refuse and what is not evaluated here (`NotAction`, `NotPrincipal`, `NotResource`,
    /// policy variables, condition operators and context keys beyond the listed ones), with its place.
    pub(crate) fn parse(document: &Value) -> Result<PolicyDocument, PolicyError> {
        parse::parse_document(document)
    }
}

/// Decides on a call from the policies of the caller (`identity`) and those of the resource.
pub(crate) fn decide(
    identity: &[&PolicyDocument],
    resource_policies: &[&PolicyDocument],
    request: &Request<'_>,
) -> Decision {
    let identity = match request.principal {
        Principal::Role(_) => identity,
        Principal::Service(_) => &[],
    };
    let mut allowed = false;
    let own = identity
        .iter()
        .flat_map(|policy| &policy.statements)
        .map(|statement| (statement, true));
    let of_resource = resource_policies.iter().flat_map(|policy| &policy.statements);
    for (statement, own) in own.chain(of_resource.map(|statement| (statement, false))) {
        // Once something allows, only a deny can still change the outcome.
        if (allowed && statement.effect == Effect::Allow) || !statement.applies_to(request, own) {
            continue;
        }
        match statement.effect {
            Effect::Deny => {
                return Decision::ExplicitDeny {
                    statement: statement.name.clone(),
                };
            }
            Effect::Allow => allowed = true,
        }
    }
    if allowed {
        Decision::Allowed
    } else {
        Decision::ImplicitDeny
    }
}

/// The statement that a role's policy would need for a call to be allowed.
pub(crate) fn missing_statement(action: &str, resource: &str) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

impl Statement {
    fn applies_to(&self, request: &Request<'_>, own: bool) -> bool {
        let principal = match &self.principals {
            // In a role's own policy the role is the principal, and nobody else can be.
            None => own,
            Some(principals) => !own && principals.include(request.principal, self.effect),
        };
        principal
            && self
                .actions
                .iter()
                .any(|action| action.matches_ignoring_case(request.action))
            && (self.resources.is_empty()
                || self
                    .resources
                    .iter()
                    .any(|resource| resource.matches(request.resource)))
            && self.conditions.iter().all(|condition| condition.holds(request))
    }
}
