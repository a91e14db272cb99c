//! Whether a call gets through: first the network, then the permissions, as on AWS.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use thiserror::Error;

use crate::evaluate::Environment;
use crate::model::{Function, Model, Network, Placement};
use crate::policy::{self, Decision, PolicyDocument, Principal, Request};

/// The port of AWS's endpoints.
const HTTPS: u64 = 443;

/// A function as the services see it.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) function: String,
    function_arn: String,
    role_arn: String,
    policies: Arc<Vec<PolicyDocument>>,
    placement: Placement,
}

impl Caller {
    /// Whoever runs the system: no function, and no role of the template.
    pub(crate) fn operator(environment: &Environment) -> Self {
        let account = &environment.account_id;
        Self {
            function: "operator".to_owned(),
            function_arn: String::new(),
            role_arn: format!("arn:aws:iam::{account}:role/operator"),
            policies: Arc::new(vec![PolicyDocument::everything()]),
            placement: Placement::Public,
        }
    }

    fn refused(&self, action: &str, resource: &str) -> Call {
        Call {
            function: self.function.clone(),
            role: self.role_arn.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
        }
    }
}

/// Why a call did not get through.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub(crate) enum AccessError {
    #[error("{0}: no statement of its role `{role}` allows it; the missing statement is {1}", role = .0.role)]
    Denied(Box<Call>, Value),
    #[error(
        "{0}: statement `{1}` of its role `{role}` or of the resource's policy denies it, and a deny always wins",
        role = .0.role
    )]
    Forbidden(Box<Call>, String),
    #[error("{0}: the policy of the endpoint `{1}` does not allow it")]
    EndpointDenied(Box<Call>, String),
    #[error(
        "function `{function}` cannot reach `{service}`: {reason}; on AWS this call would hang until it times out"
    )]
    Unreachable {
        function: String,
        service: String,
        reason: String,
    },
}

/// A call that was not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    function: String,
    role: String,
    action: String,
    resource: String,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            function,
            action,
            resource,
            ..
        } = self;
        write!(f, "function `{function}` may not call `{action}` on `{resource}`")
    }
}

/// The country databases' server, which exists outside the template.
#[derive(Debug, Clone)]
pub struct DatabaseServer {
    /// The id that `rds-db:connect` names, `db-…`.
    pub resource_id: String,
    /// The security group in front of it.
    pub security_group: String,
}

impl DatabaseServer {
    /// A server for where there is none: its names are good for the permissions and the network of a template.
    #[must_use]
    pub fn stand_in() -> Self {
        Self {
            resource_id: "db-LOCAL".to_owned(),
            security_group: "sg-database".to_owned(),
        }
    }
}

/// Judges calls by the template's roles, policies and network.
pub(crate) struct Access {
    environment: Environment,
    network: Network,
    database: DatabaseServer,
}

impl Access {
    pub(crate) fn new(environment: Environment, network: Network, database: DatabaseServer) -> Self {
        Self {
            environment,
            network,
            database,
        }
    }

    /// The caller that stands for a function of the model.
    pub(crate) fn caller(model: &Model, function: &Function) -> Caller {
        let policies = model
            .roles
            .get(&function.role_arn)
            .map(|role| Arc::clone(&role.policies));
        Caller {
            function: function.name.clone(),
            function_arn: function.arn.clone(),
            role_arn: function.role_arn.clone(),
            policies: policies.unwrap_or_default(),
            placement: function.placement.clone(),
        }
    }

    /// A call from a function's code to one of AWS's services; `service` is the prefix of the action (`sns`).
    pub(crate) fn call(&self, caller: &Caller, action: &str, resource: &str) -> Result<(), AccessError> {
        self.call_on(caller, action, resource, &[])
    }

    /// The same call on a resource that has a policy of its own.
    pub(crate) fn call_on(
        &self,
        caller: &Caller,
        action: &str,
        resource: &str,
        policies: &[PolicyDocument],
    ) -> Result<(), AccessError> {
        self.reach_service(caller, action, resource)?;
        self.permit(caller, action, resource, policies)
    }

    /// A call that Lambda makes for the function to read its queue: with the function's role, from Lambda's own
    /// network, and without what only the function's code carries.
    pub(crate) fn poll(
        &self,
        caller: &Caller,
        action: &str,
        resource: &str,
        policies: &[PolicyDocument],
    ) -> Result<(), AccessError> {
        decided(caller, action, resource, policies, context(&[]))
    }

    fn permit(
        &self,
        caller: &Caller,
        action: &str,
        resource: &str,
        policies: &[PolicyDocument],
    ) -> Result<(), AccessError> {
        let context = context(&[("lambda:SourceFunctionArn", &caller.function_arn)]);
        decided(caller, action, resource, policies, context)
    }

    /// A connection from a function's code to the country databases.
    pub(crate) fn connect(
        &self,
        caller: &Caller,
        host: &str,
        port: u16,
        user: &str,
    ) -> Result<(), AccessError> {
        let unreachable = |reason: String| AccessError::Unreachable {
            function: caller.function.clone(),
            service: format!("{host}:{port}"),
            reason,
        };
        match &caller.placement {
            Placement::Public => {
                return Err(unreachable(
                    "the database is inside the VPC and the function is not".to_owned(),
                ));
            }
            Placement::Vpc { security_groups } => self
                .network
                .connects(
                    security_groups,
                    std::slice::from_ref(&self.database.security_group),
                    u64::from(port),
                )
                .map_err(unreachable)?,
        }
        let Environment {
            region, account_id, ..
        } = &self.environment;
        let resource_id = &self.database.resource_id;
        let resource = format!("arn:aws:rds-db:{region}:{account_id}:dbuser:{resource_id}/{user}");
        self.permit(caller, "rds-db:connect", &resource, &[])
    }

    /// A delivery by a service to a resource whose policy decides, such as a topic's to a queue.
    pub(crate) fn deliver(
        &self,
        service: &str,
        source_arn: &str,
        action: &str,
        resource: &str,
        policies: &[PolicyDocument],
    ) -> Result<(), String> {
        let request = Request {
            principal: Principal::Service(service),
            action,
            resource,
            context: context(&[
                ("aws:SourceArn", source_arn),
                ("aws:SourceAccount", &self.environment.account_id),
            ]),
        };
        let policies: Vec<&PolicyDocument> = policies.iter().collect();
        match policy::decide(&[], &policies, &request) {
            Decision::Allowed => Ok(()),
            Decision::ExplicitDeny { statement } => Err(format!(
                "statement `{statement}` of the policy of `{resource}` denies `{service}` `{action}`"
            )),
            Decision::ImplicitDeny => Err(format!(
                "the policy of `{resource}` does not allow `{service}` to call `{action}` for `{source_arn}`"
            )),
        }
    }

    /// From the VPC a service is reached through an interface endpoint with private DNS, or not at all.
    fn reach_service(&self, caller: &Caller, action: &str, resource: &str) -> Result<(), AccessError> {
        let Placement::Vpc { security_groups } = &caller.placement else {
            return Ok(());
        };
        let service = action.split(':').next().unwrap_or(action);
        let unreachable = |reason: String| AccessError::Unreachable {
            function: caller.function.clone(),
            service: service.to_owned(),
            reason,
        };
        let service_name = format!("com.amazonaws.{}.{service}", self.environment.region);
        let Some(endpoint) = self
            .network
            .endpoints
            .iter()
            .find(|endpoint| endpoint.service_name == service_name)
        else {
            return Err(unreachable(format!(
                "the function is in the VPC and the template has no endpoint `{service_name}`"
            )));
        };
        if !endpoint.private_dns {
            return Err(unreachable(format!(
                "the endpoint `{service_name}` has no private DNS"
            )));
        }
        self.network
            .connects(security_groups, &endpoint.security_groups, HTTPS)
            .map_err(unreachable)?;
        let Some(policy) = &endpoint.policy else {
            return Ok(());
        };
        let request = Request {
            principal: Principal::Role(&caller.role_arn),
            action,
            resource,
            context: context(&[("lambda:SourceFunctionArn", &caller.function_arn)]),
        };
        match policy::decide(&[], &[policy], &request) {
            Decision::Allowed => Ok(()),
            Decision::ExplicitDeny { .. } | Decision::ImplicitDeny => {
                let call = caller.refused(action, resource);
                Err(AccessError::EndpointDenied(Box::new(call), service_name))
            }
        }
    }
}

fn decided(
    caller: &Caller,
    action: &str,
    resource: &str,
    resource_policies: &[PolicyDocument],
    context: BTreeMap<&str, String>,
) -> Result<(), AccessError> {
    let request = Request {
        principal: Principal::Role(&caller.role_arn),
        action,
        resource,
        context,
    };
    let identity: Vec<&PolicyDocument> = caller.policies.iter().collect();
    let of_resource: Vec<&PolicyDocument> = resource_policies.iter().collect();
    let statement = match policy::decide(&identity, &of_resource, &request) {
        Decision::Allowed => return Ok(()),
        Decision::ExplicitDeny { statement } => Some(statement),
        Decision::ImplicitDeny => None,
    };
    let call = caller.refused(action, resource);
    Err(match statement {
        Some(statement) => AccessError::Forbidden(Box::new(call), statement),
        None => AccessError::Denied(Box::new(call), policy::missing_statement(action, resource)),
    })
}

fn context<'a>(pairs: &[(&'a str, &str)]) -> BTreeMap<&'a str, String> {
    let mut context: BTreeMap<&str, String> = pairs
        .iter()
        .map(|(key, value)| (*key, (*value).to_owned()))
        .collect();
    // Everything in this process counts as TLS, as it is on AWS with the SDKs' and the services' defaults.
    context.insert("aws:SecureTransport", "true".to_owned());
    context
}
