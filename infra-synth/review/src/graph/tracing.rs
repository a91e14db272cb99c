use serde_json::Value as Json;

use super::drawing::{Drawing, Node, Shape};
use super::labels::{common_prefix, conditions, name};
use super::routes::{CLIENT, routes};
use infra_synth_wiring::{Resource, Wiring, text};

/// What is not in the template; no logical id has an underscore.
const DATABASE: &str = "the_database";
/// All alarms, which are one thing to whoever is told by them.
const ALARMS: &str = "the_alarms";

/// Follows the wires of a template, from the client to the last queue.
pub(super) fn trace(wiring: &Wiring<'_>) -> Drawing {
    let mut drawing = Drawing {
        nodes: nodes(wiring),
        ..Drawing::default()
    };
    routes(wiring, &mut drawing);
    calls(wiring, &mut drawing);
    subscriptions(wiring, &mut drawing);
    rules(wiring, &mut drawing);
    queues(wiring, &mut drawing);
    for topic in alarm_topics(wiring) {
        drawing.edge(ALARMS, topic.id, "");
    }
    drawing
}

fn nodes(wiring: &Wiring<'_>) -> Vec<Node> {
    let prefix = common_prefix(wiring);
    let mut nodes = Vec::new();
    let mut add = |id: &str, label: &str, shape, inside| {
        nodes.push(Node {
            id: id.to_owned(),
            label: label.to_owned(),
            shape,
            inside,
        });
    };
    if wiring.of("AWS::ApiGatewayV2::Route").next().is_some() {
        add(CLIENT, "client", Shape::Client, None);
    }
    if !alarm_topics(wiring).is_empty() {
        add(ALARMS, "alarms", Shape::Rule, None);
    }
    for resource in wiring.all() {
        let label = name(resource);
        match resource.kind {
            "AWS::ApiGatewayV2::Api" => {
                add(
                    resource.id,
                    resource.text("Name").unwrap_or(label),
                    Shape::Api,
                    None,
                );
            }
            "AWS::DynamoDB::Table" => add(resource.id, label, Shape::Table, None),
            "AWS::SNS::Topic" => add(resource.id, label, Shape::Topic, None),
            "AWS::SQS::Queue" => {
                let is_dead = wiring.is_dead_letter_queue(resource);
                add(
                    resource.id,
                    label,
                    if is_dead { Shape::DeadLetters } else { Shape::Queue },
                    None,
                );
            }
            "AWS::Events::EventBus" => add(resource.id, label, Shape::Bus, None),
            "AWS::SecretsManager::Secret" => add(resource.id, label, Shape::Secret, None),
            "AWS::Events::Rule" => add(resource.id, label, Shape::Rule, None),
            "AWS::Lambda::Function" => {
                let short = label.strip_prefix(&prefix).unwrap_or(label);
                add(
                    resource.id,
                    short,
                    Shape::Function,
                    vpc_of_function(wiring, resource),
                );
            }
            "AWS::EC2::VPCEndpoint" => {
                let service = resource.property("ServiceName").map(text).unwrap_or_default();
                let service = service.rsplit('.').next().unwrap_or_default();
                add(
                    resource.id,
                    &format!("endpoint: {service}"),
                    Shape::Endpoint,
                    vpc_of(resource),
                );
            }
            _ => {}
        }
    }
    if let Some(function) = wiring.database_functions().first() {
        let host = function
            .text("Environment.Variables.DB_HOST")
            .and_then(|host| host.split('.').next());
        let label = format!("MySQL {}", host.unwrap_or("database"));
        add(
            DATABASE,
            &label,
            Shape::Database,
            vpc_of_function(wiring, *function),
        );
    }
    nodes
}

/// The topics that alarms tell, each once.
fn alarm_topics<'a>(wiring: &Wiring<'a>) -> Vec<Resource<'a>> {
    let mut topics: Vec<Resource<'a>> = Vec::new();
    for action in wiring
        .of("AWS::CloudWatch::Alarm")
        .flat_map(|alarm| alarm.list("AlarmActions"))
    {
        let topic = wiring
            .target(action)
            .filter(|found| found.kind == "AWS::SNS::Topic");
        if let Some(topic) = topic
            && !topics.iter().any(|known| known.id == topic.id)
        {
            topics.push(topic);
        }
    }
    topics
}

fn vpc_of(resource: Resource<'_>) -> Option<String> {
    let vpc = text(resource.property("VpcId")?);
    Some(format!("VPC {}", vpc.trim_matches(['$', '{', '}'])))
}

/// A function does not say which VPC it is in; its security group does.
fn vpc_of_function(wiring: &Wiring<'_>, function: Resource<'_>) -> Option<String> {
    let groups = function.list("VpcConfig.SecurityGroupIds");
    let known = groups.into_iter().find_map(|group| vpc_of(wiring.target(group)?));
    known.or_else(|| function.property("VpcConfig").map(|_| "VPC".to_owned()))
}

/// What each function may call, as its role says; what Lambda calls for it (its log, its queue) is no call of its own.
fn calls(wiring: &Wiring<'_>, drawing: &mut Drawing) {
    let databases = wiring.database_functions();
    for function in wiring.functions() {
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        for call in wiring.calls(function) {
            let Some(target) = call.on.and_then(|on| wiring.target(on)) else {
                continue;
            };
            let is_drawn = matches!(
                target.kind,
                "AWS::DynamoDB::Table"
                    | "AWS::SNS::Topic"
                    | "AWS::Events::EventBus"
                    | "AWS::SQS::Queue"
                    | "AWS::SecretsManager::Secret"
            );
            if !is_drawn || is_consumed(wiring, function, target) {
                continue;
            }
            let action = call
                .action
                .split_once(':')
                .map_or(call.action, |(_, action)| action);
            let label = format!("{action}{}", call.on.map(index).unwrap_or_default());
            match found.iter_mut().find(|(id, _)| id == target.id) {
                Some((_, labels)) => labels.push(label),
                None => found.push((target.id.to_owned(), vec![label])),
            }
        }
        for (target, labels) in found {
            call(wiring, drawing, function, &target, &labels.join(", "));
        }
        if databases.iter().any(|one| one.id == function.id) {
            let port = function.text("Environment.Variables.DB_PORT").unwrap_or("3306");
            drawing.edge(function.id, DATABASE, format!("port {port}"));
        }
    }
}

/// One call, through the endpoint that leads out of the VPC if the function is inside.
fn call(wiring: &Wiring<'_>, drawing: &mut Drawing, function: Resource<'_>, target: &str, label: &str) {
    let service = wiring
        .get(target)
        .map(|found| format!(".{}", found.service()))
        .unwrap_or_default();
    let endpoint = function.property("VpcConfig").and_then(|_| {
        wiring.of("AWS::EC2::VPCEndpoint").find(|endpoint| {
            endpoint
                .property("ServiceName")
                .is_some_and(|name| text(name).ends_with(&service))
        })
    });
    let Some(endpoint) = endpoint else {
        drawing.edge(function.id, target, label);
        return;
    };
    drawing.edge(function.id, endpoint.id, label);
    let is_drawn = drawing
        .edges
        .iter()
        .any(|edge| edge.from == endpoint.id && edge.to == target);
    if !is_drawn {
        drawing.edge(endpoint.id, target, "");
    }
}

fn is_consumed(wiring: &Wiring<'_>, function: Resource<'_>, queue: Resource<'_>) -> bool {
    wiring
        .mappings()
        .iter()
        .any(|mapping| mapping.function.id == function.id && mapping.queue.id == queue.id)
}

/// The index that an ARN of a table names.
fn index(arn: &Json) -> String {
    text(arn)
        .split_once("/index/")
        .map(|(_, index)| format!(" {index}"))
        .unwrap_or_default()
}

fn subscriptions(wiring: &Wiring<'_>, drawing: &mut Drawing) {
    for feed in wiring
        .feeds()
        .iter()
        .filter(|feed| feed.sender.kind == "AWS::SNS::Topic")
    {
        if feed.undelivered {
            drawing.failure(feed.sender.id, feed.queue.id, "undelivered");
        } else {
            let filter = feed.via.property("FilterPolicy").map(conditions);
            drawing.edge(
                feed.sender.id,
                feed.queue.id,
                filter.unwrap_or_else(|| "every message".to_owned()),
            );
        }
    }
}

fn rules(wiring: &Wiring<'_>, drawing: &mut Drawing) {
    for rule in wiring.of("AWS::Events::Rule") {
        let pattern = rule.property("EventPattern").map(conditions);
        if let Some(bus) = rule.property("EventBusName").and_then(|bus| wiring.target(bus)) {
            drawing.edge(bus.id, rule.id, pattern.unwrap_or_default());
        }
        for feed in wiring.feeds().iter().filter(|feed| feed.via.id == rule.id) {
            if feed.undelivered {
                drawing.failure(rule.id, feed.queue.id, "undelivered");
            } else {
                drawing.edge(rule.id, feed.queue.id, "");
            }
        }
    }
}

fn queues(wiring: &Wiring<'_>, drawing: &mut Drawing) {
    for mapping in wiring.mappings() {
        let batch = mapping.mapping.number("BatchSize").unwrap_or(10.0);
        let limit = mapping.mapping.number("ScalingConfig.MaximumConcurrency");
        let limit = limit
            .map(|limit| format!(", at most {limit} at once"))
            .unwrap_or_default();
        drawing.edge(
            mapping.queue.id,
            mapping.function.id,
            format!("batches of {batch}{limit}"),
        );
    }
    for (source, dead) in wiring.redrives() {
        let times = source.number("RedrivePolicy.maxReceiveCount").unwrap_or_default();
        drawing.failure(source.id, dead.id, format!("received {times} times"));
    }
}
