//! What a change of one property opens or loses.
//!
//! A property that bears on access or data is judged by a rule here, or not at all: then it counts as not safe.

mod alarm;
mod api;
mod compute;
mod creation;
mod messaging;
mod storage;
mod weigh;

use super::access::Access;
use super::model::{Model, Resource};
use super::review::{Finding, Verdict};
use super::value::{Part, Text, Value};

pub(crate) use creation::created;

/// A property before and after, with what it stands in.
pub(crate) struct Change<'a> {
    pub(crate) access: &'a Access<'a>,
    pub(crate) old_model: &'a Model<'a>,
    pub(crate) new_model: &'a Model<'a>,
    pub(crate) old_resource: &'a Resource,
    pub(crate) new_resource: &'a Resource,
    pub(crate) property: &'a str,
    pub(crate) old: Option<&'a Value>,
    pub(crate) new: Option<&'a Value>,
}

/// Why the change is to be thought about; empty if it is harmless, or if the access view judges it.
/// `None`: there is no rule for it.
pub(crate) fn judge(change: &Change<'_>) -> Option<Vec<Finding>> {
    let resource_type = change.new_resource.resource_type.as_str();
    if let Some(finding) = unknown_switch(change) {
        return Some(vec![finding]);
    }
    if seen_as_access(resource_type, change.property) {
        return Some(Vec::new());
    }
    match resource_type {
        "AWS::SQS::Queue" => messaging::queue(change),
        "AWS::SNS::Topic" => messaging::topic(change),
        "AWS::SNS::Subscription" => messaging::subscription(change),
        "AWS::Events::EventBus" => messaging::bus(change),
        "AWS::Events::Rule" => messaging::rule(change),
        "AWS::Events::Archive" => messaging::archive(change),
        "AWS::DynamoDB::Table" => storage::table(change),
        "AWS::Logs::LogGroup" => storage::log_group(change),
        "AWS::S3::Bucket" => storage::bucket(change),
        "AWS::KMS::Key" => storage::key(change),
        "AWS::SecretsManager::Secret" => storage::secret(change),
        "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => alarm::alarm(change),
        "AWS::Lambda::Function" => compute::function(change),
        "AWS::Lambda::EventSourceMapping" => compute::event_source(change),
        "AWS::Lambda::EventInvokeConfig" => compute::invoke_config(change),
        "AWS::IAM::Role" => compute::role(change),
        "AWS::EC2::VPCEndpoint" => api::endpoint(change),
        "AWS::ApiGatewayV2::Api" => api::api(change),
        "AWS::ApiGatewayV2::Stage" => api::stage(change),
        "AWS::ApiGatewayV2::Route" => api::route(change),
        "AWS::ApiGatewayV2::Integration" => api::integration(change),
        "AWS::ApiGatewayV2::Authorizer" => api::authorizer(change),
        _ => None,
    }
}

/// A switch that is not known to be on or off: the access view could not tell what goes through.
fn unknown_switch(change: &Change<'_>) -> Option<Finding> {
    let known: &[&str] = match (change.new_resource.resource_type.as_str(), change.property) {
        ("AWS::Events::Rule", "State") => &["ENABLED", "DISABLED"],
        ("AWS::Lambda::EventSourceMapping", "Enabled") => &["true", "false"],
        ("AWS::SNS::Subscription", "FilterPolicyScope") => &["MessageAttributes", "MessageBody"],
        _ => return None,
    };
    let unknown = [change.old, change.new]
        .into_iter()
        .flatten()
        .find(|value| value.as_literal().is_none_or(|text| !known.contains(&text)))?;
    Some(Finding::new(
        Verdict::Unjudged,
        format!(
            "`{}` is {unknown}, which is none of {}: what goes through cannot be seen",
            change.property,
            known.join(" and ")
        ),
    ))
}

/// Whether the access view compares what the property says.
fn seen_as_access(resource_type: &str, property: &str) -> bool {
    match property {
        "PolicyDocument"
        | "AssumeRolePolicyDocument"
        | "ManagedPolicyArns"
        | "Policies"
        | "ResourcePolicy"
        | "ResourcePolicyDocument"
        | "Policy"
        | "KeyPolicy"
        | "SecurityGroupIngress"
        | "SecurityGroupEgress"
        | "FilterPolicy"
        | "FilterPolicyScope"
        | "EventPattern"
        | "FilterCriteria"
        | "CorsConfiguration"
        | "Cors"
        | "AuthType"
        | "AuthorizationType"
        | "AuthorizerId"
        | "AuthorizationScopes"
        | "ApiKeyRequired"
        | "RouteKey"
            if !matches!(resource_type, "AWS::Events::Archive" | "AWS::S3::Bucket") =>
        {
            true
        }
        "Queues" | "Topics" | "Roles" | "Users" | "Groups" => {
            resource_type != "AWS::Lambda::EventSourceMapping"
        }
        "Action" | "Condition" | "Principal" | "Statement" => resource_type == "AWS::Events::EventBusPolicy",
        "State" => resource_type == "AWS::Events::Rule",
        "Enabled" | "FunctionName" => resource_type == "AWS::Lambda::EventSourceMapping",
        "Subscription" => resource_type == "AWS::SNS::Topic",
        "DestinationArn" | "FilterPattern" => resource_type == "AWS::Logs::SubscriptionFilter",
        _ => false,
    }
}

impl Change<'_> {
    fn harmless(&self) -> Option<Vec<Finding>> {
        Some(Vec::new())
    }

    fn found(&self, verdict: Verdict, reason: impl Into<String>) -> Option<Vec<Finding>> {
        Some(vec![Finding::new(verdict, reason)])
    }

    /// A field inside the property, before and after.
    fn field(&self, name: &str) -> (Option<&Value>, Option<&Value>) {
        (
            self.old.and_then(|old| old.get(name)),
            self.new.and_then(|new| new.get(name)),
        )
    }

    /// Whether a field inside the property differs.
    fn differs(&self, name: &str) -> bool {
        let (old, new) = self.field(name);
        old != new
    }

    /// Whether a text names a resource of the new template: by a reference, or by an ARN that is made of one, of the stack's
    /// own account, and of nothing else that could make it another's.
    fn is_ours(&self, text: &Text) -> bool {
        let is_resource = |name: &str| {
            let id = name.split('.').next().unwrap_or(name);
            self.new_model.resources.contains_key(id)
        };
        let parts = text.parts();
        // Nothing stands beside the reference that would make another name of it.
        let literal = |part: Option<&Part>| match part {
            None => Some(String::new()),
            Some(Part::Literal(text)) => Some(text.clone()),
            Some(Part::Hole(_) | Part::Opaque { .. }) => None,
        };
        let is_whole = |place: usize| {
            let before = literal(place.checked_sub(1).and_then(|place| parts.get(place)));
            let after = literal(parts.get(place + 1));
            before.is_some_and(|text| text.is_empty() || text.ends_with([':', '/']))
                && after.is_some_and(|text| text.is_empty() || text.starts_with([':', '/']))
        };
        let says_account = |text: &str| {
            text.split(|c: char| !c.is_ascii_digit())
                .any(|digits| digits.len() == 12)
        };
        let fits = |(place, part): (usize, &Part)| match part {
            Part::Literal(text) => !says_account(text),
            Part::Hole(name) => name.starts_with("AWS::") || is_resource(name) && is_whole(place),
            Part::Opaque { .. } => false,
        };
        let has_resource = parts
            .iter()
            .any(|part| matches!(part, Part::Hole(name) if is_resource(name)));
        has_resource && parts.iter().enumerate().all(fits)
    }

    /// Whether a text has a resource of the new template in it: `integrations/${Integration}`.
    fn names_ours(&self, text: &Text) -> bool {
        text.references()
            .any(|id| self.new_model.resources.contains_key(id))
    }
}
