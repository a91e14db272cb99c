//! The template as the local system runs it: every intrinsic evaluated, every property read or refused.

mod api;
mod authorizer;
mod compute;
mod limits;
pub(crate) mod messaging;
mod network;
mod properties;
mod references;
mod schedule;
mod secret;
mod storage;

use std::collections::BTreeMap;

use infra_synth_cfn::{Template, resources::name_property};
use serde_json::{Map, Value};

pub(crate) use api::{Api, Cors, Route, Throttle};
pub(crate) use authorizer::{Authorizer, RouteAuthorization};
pub(crate) use compute::{
    EventInvokeConfig, EventSourceMapping, Function, Permission, Placement, Retries, Role,
};
pub(crate) use messaging::{Bus, Queue, Rule, Subscription, Topic};
pub(crate) use network::Network;
pub(crate) use schedule::{Schedule, ScheduleTarget};
pub(crate) use secret::Secret;
pub(crate) use storage::{Index, Table};

use crate::evaluate::{Environment, Evaluator};
use crate::naming;
use crate::policy::PolicyDocument;
use crate::refusal::{Refusal, Refusals};
use crate::runtime::Runtime;
use properties::Properties;

/// Everything in a template that has a meaning on one machine.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) tables: Vec<Table>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) queues: Vec<Queue>,
    pub(crate) buses: Vec<Bus>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) schedules: Vec<Schedule>,
    alarms: Vec<messaging::Alarm>,
    pub(crate) functions: Vec<Function>,
    pub(crate) mappings: Vec<EventSourceMapping>,
    invoke_configs: Vec<EventInvokeConfig>,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) network: Network,
    pub(crate) api: Option<Api>,
}

/// The template with its values as they are here: what is named by a parameter, a reference or a text made of these is named
/// plainly. What does not resolve stays as it is.
pub(crate) fn resolved(
    template: &Template,
    parameters: &BTreeMap<String, String>,
    environment: &Environment,
) -> Template {
    let document = template.to_value();
    let evaluator = Evaluator::new(&document, parameters, environment);
    let mut resolved = document.clone();
    let resources = resolved.get_mut("Resources").and_then(Value::as_object_mut);
    for (logical_id, resource) in resources.into_iter().flatten() {
        let name = name_property(naming::resource_type(resource)).and_then(|property| {
            let name = naming::physical_name(&evaluator, logical_id, resource).ok()?;
            Some((property, name))
        });
        let Some(resource) = resource.as_object_mut() else {
            continue;
        };
        let properties = resource
            .entry("Properties")
            .or_insert_with(|| Value::Object(Map::new()));
        let Some(properties) = properties.as_object_mut() else {
            continue;
        };
        for value in properties.values_mut() {
            if let Ok(plain) = evaluator.evaluate(value) {
                *value = plain;
            }
        }
        if let Some((property, name)) = name {
            properties.insert(property.to_owned(), Value::String(name));
        }
    }
    Template::from_value(resolved)
}

impl Model {
    /// Reads a template, or says everything in it that cannot be honoured.
    pub(crate) fn read(
        template: &Template,
        parameters: &BTreeMap<String, String>,
        environment: &Environment,
    ) -> Result<Self, Vec<Refusal>> {
        let document = template.to_value();
        let evaluator = Evaluator::new(&document, parameters, environment);
        let mut refusals = Refusals::new(template);
        let mut model = Self::default();
        let mut api = api::Parts::default();
        let mut queue_policies = Vec::new();
        let mut topic_policies = Vec::new();
        for section in document.as_object().into_iter().flat_map(serde_json::Map::keys) {
            if !SECTIONS.contains(&section.as_str()) {
                refusals.add(
                    section,
                    format!(
                        "this section is not understood; understood are {}",
                        SECTIONS.join(", ")
                    ),
                );
            }
        }
        let resources = document.get("Resources").and_then(Value::as_object);
        for (logical_id, resource) in resources.into_iter().flatten() {
            for attribute in resource.as_object().into_iter().flat_map(serde_json::Map::keys) {
                if !RESOURCE_ATTRIBUTES.contains(&attribute.as_str()) {
                    refusals.add(
                        logical_id,
                        format!("the attribute `{attribute}` is not understood"),
                    );
                }
            }
            let Some(mut properties) = Properties::read(logical_id, resource, &evaluator, &mut refusals)
            else {
                continue;
            };
            let attribute = |name: &str| evaluator.attribute(logical_id, name).unwrap_or_default();
            match naming::resource_type(resource) {
                "AWS::DynamoDB::Table" => model
                    .tables
                    .extend(storage::table(&mut properties, attribute("Arn"))),
                "AWS::SNS::Topic" => model
                    .topics
                    .extend(messaging::topic(&mut properties, attribute("TopicArn"))),
                "AWS::SNS::TopicPolicy" => topic_policies.extend(messaging::topic_policy(&mut properties)),
                "AWS::SNS::Subscription" => model
                    .subscriptions
                    .extend(messaging::subscription(&mut properties)),
                "AWS::SQS::Queue" => model.queues.extend(messaging::queue(
                    &mut properties,
                    attribute("Arn"),
                    attribute("QueueUrl"),
                )),
                "AWS::SQS::QueuePolicy" => queue_policies.extend(messaging::queue_policy(&mut properties)),
                "AWS::Events::EventBus" => model
                    .buses
                    .extend(messaging::bus(&mut properties, attribute("Arn"))),
                "AWS::Events::Rule" if properties.has("ScheduleExpression") => model
                    .schedules
                    .extend(schedule::schedule(&mut properties, attribute("Arn"))),
                "AWS::Events::Rule" => model
                    .rules
                    .extend(messaging::rule(&mut properties, attribute("Arn"))),
                "AWS::Lambda::Function" => model
                    .functions
                    .extend(compute::function(&mut properties, attribute("Arn"))),
                "AWS::Lambda::EventSourceMapping" => model.mappings.extend(compute::mapping(&mut properties)),
                "AWS::Lambda::EventInvokeConfig" => model
                    .invoke_configs
                    .extend(compute::event_invoke_config(&mut properties)),
                "AWS::Lambda::Permission" => model.permissions.extend(compute::permission(&mut properties)),
                "AWS::IAM::Role" => {
                    if let Some(role) = compute::role(&mut properties) {
                        model.roles.insert(attribute("Arn"), role);
                    }
                }
                "AWS::SecretsManager::Secret" => model
                    .secrets
                    .extend(secret::secret(&mut properties, attribute("Id"))),
                "AWS::CloudWatch::Alarm" => model.alarms.push(messaging::alarm(&mut properties)),
                // Nothing here is measured, charted or encrypted; what they refer to has been looked up all the same.
                "AWS::Logs::LogGroup" | "AWS::CloudWatch::Dashboard" | "AWS::KMS::Key" => {
                    properties.ignore_all();
                }
                "AWS::EC2::SecurityGroup" => {
                    network::security_group(&mut properties, &attribute("GroupId"), &mut model.network);
                }
                "AWS::EC2::SecurityGroupIngress" => network::ingress(&mut properties, &mut model.network),
                "AWS::EC2::SecurityGroupEgress" => network::egress(&mut properties, &mut model.network),
                "AWS::EC2::VPCEndpoint" => network::endpoint(&mut properties, &mut model.network),
                "AWS::ApiGatewayV2::Api" => api.api(&mut properties, attribute("ApiId")),
                "AWS::ApiGatewayV2::Authorizer" => api.authorizer(&mut properties),
                "AWS::ApiGatewayV2::Route" => api.route(&mut properties),
                "AWS::ApiGatewayV2::Integration" => api.integration(logical_id, &mut properties),
                "AWS::ApiGatewayV2::Stage" => api.stage(&mut properties),
                other => {
                    let reason = format!("resources of type `{other}` do not run locally");
                    properties.unsupported(&reason);
                }
            }
            properties.finish();
        }
        model.attach_queue_policies(queue_policies, &mut refusals);
        model.attach_topic_policies(topic_policies, &mut refusals);
        model.api = api.assemble(&mut refusals);
        references::check(&model, &mut refusals);
        limits::check(&model, &mut refusals);
        refusals.into_result(model)
    }

    fn attach_queue_policies(&mut self, policies: Vec<messaging::QueuePolicy>, refusals: &mut Refusals<'_>) {
        for policy in policies {
            for url in &policy.queue_urls {
                match self.queues.iter_mut().find(|queue| &queue.url == url) {
                    Some(queue) => queue.policies.push(policy.document.clone()),
                    None => refusals.add(
                        &policy.logical_id,
                        format!("`{url}` is no queue of this template"),
                    ),
                }
            }
        }
    }

    fn attach_topic_policies(&mut self, policies: Vec<messaging::TopicPolicy>, refusals: &mut Refusals<'_>) {
        for policy in policies {
            for arn in &policy.topic_arns {
                match self.topics.iter_mut().find(|topic| &topic.arn == arn) {
                    Some(topic) => topic.policies.push(policy.document.clone()),
                    None => refusals.add(
                        &policy.logical_id,
                        format!("`{arn}` is no topic of this template"),
                    ),
                }
            }
        }
    }

    /// The statements of a function's own policy: who may invoke it.
    pub(crate) fn policies_of(&self, function: &Runtime) -> Vec<PolicyDocument> {
        self.permissions
            .iter()
            .filter(|permission| {
                permission.function_name == function.name || permission.function_name == function.arn
            })
            .map(|permission| permission.document.clone())
            .collect()
    }

    /// How often a call of the function that nobody waits for is repeated when it fails.
    pub(crate) fn retries_of(&self, function: &Runtime) -> Retries {
        self.invoke_configs
            .iter()
            .find(|config| config.function_name == function.name)
            .map_or_else(Retries::default, |config| config.retries)
    }

    /// A function by ARN or name, the two ways a template may refer to it.
    pub(crate) fn function(&self, arn_or_name: &str) -> Option<&Function> {
        self.functions
            .iter()
            .find(|function| function.arn == arn_or_name || function.name == arn_or_name)
    }
}

/// The sections that are understood; outputs and metadata change nothing in what runs.
const SECTIONS: [&str; 6] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Resources",
    "Outputs",
];

/// What may stand beside `Type` and `Properties`: all of it concerns creation and deletion alone.
const RESOURCE_ATTRIBUTES: [&str; 6] = [
    "Type",
    "Properties",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
];

#[cfg(test)]
mod tests {
    use infra_synth_operations::{Origin, WiredDeadLetterQueue, Work};
    use schedule_core::Country;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_parameters_and_texts_name_is_wired_as_if_it_were_referred_to() {
        let template = Template::from_value(json!({
            "Parameters": {"Lost": {"Type": "String"}, "Country": {"Type": "String"}},
            "Resources": {
                "Orders": {"Type": "AWS::SQS::Queue", "Properties": {
                    "QueueName": {"Fn::Sub": "${Country}-orders"},
                    "RedrivePolicy": {"deadLetterTargetArn": {"Ref": "Lost"}}}},
                "Unnamed": {"Type": "AWS::SQS::Queue"},
                "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                    "EventSourceArn": {"Fn::Sub": "arn:aws:sqs:us-east-1:000000000000:${Country}-orders"},
                    "FunctionName": {"Ref": "Work"}}},
                "Work": {"Type": "AWS::Lambda::Function", "Properties": {
                    "Environment": {"Variables": {"COUNTRY": {"Ref": "Country"}}}}},
            },
        }));
        let parameters = BTreeMap::from([
            ("Country".to_owned(), "PE".to_owned()),
            (
                "Lost".to_owned(),
                "arn:aws:sqs:us-east-1:000000000000:appointment-local-Unnamed".to_owned(),
            ),
        ]);
        let resolved = resolved(&template, &parameters, &Environment::default());
        let expected = WiredDeadLetterQueue {
            logical_id: "Unnamed".to_owned(),
            origin: Origin::Queue,
            source: Some("Orders".to_owned()),
            work: Some(Work::Appointments(Country::PE)),
        };
        assert_eq!(WiredDeadLetterQueue::all(&resolved), [expected]);
    }
}
