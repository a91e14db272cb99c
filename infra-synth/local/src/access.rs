//! Whether a call gets through: first the network, then the permissions, as on AWS.

use std::collections::BTreeMap;
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

/// Why a call did not get through.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub(crate) enum AccessError {
    #[error("function `{}` may not call `{}` on `{}`: {}; the missing statement is {}", .0.function, .0.action, .0.resource, .0.reason, .0.statement)]
    Denied(Box<Denial>),
    #[error(
        "function `{function}` cannot reach `{service}`: {reason}; on AWS this call would hang until it times out"
    )]
    Unreachable {
        function: String,
        service: String,
        reason: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    function: String,
    action: String,
    resource: String,
    reason: String,
    statement: Value,
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
        self.reach_service(caller, action, resource)?;
        self.permit(caller, action, resource)
    }

    /// A call that Lambda makes for the function, with the function's role but from Lambda's own network.
    pub(crate) fn permit(&self, caller: &Caller, action: &str, resource: &str) -> Result<(), AccessError> {
        let request = Request {
            principal: Principal::Role(&caller.role_arn),
            action,
            resource,
            context: context(&[("lambda:SourceFunctionArn", &caller.function_arn)]),
        };
        let identity: Vec<&PolicyDocument> = caller.policies.iter().collect();
        let reason = match policy::decide(&identity, &[], &request) {
            Decision::Allowed => return Ok(()),
            Decision::ExplicitDeny { statement } => format!("statement `{statement}` denies it"),
            Decision::ImplicitDeny => "no statement of its role allows it".to_owned(),
        };
        Err(AccessError::Denied(Box::new(Denial {
            function: caller.function.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            reason,
            statement: policy::missing_statement(action, resource),
        })))
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
        self.permit(caller, "rds-db:connect", &resource)
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
            _ => Err(AccessError::Denied(Box::new(Denial {
                function: caller.function.clone(),
                action: action.to_owned(),
                resource: resource.to_owned(),
                reason: format!("the policy of the endpoint `{service_name}` does not allow it"),
                statement: policy::missing_statement(action, resource),
            }))),
        }
    }
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
