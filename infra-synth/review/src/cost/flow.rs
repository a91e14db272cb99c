use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::Usage;
use infra_synth_wiring::{Feed, Resource, Wiring};

/// How often things happen in a month, by logical id.
#[derive(Default)]
pub(super) struct Flow {
    /// Requests that an API answers.
    pub(super) requests: IndexMap<String, f64>,
    /// Of them, those that list appointments.
    pub(super) lists: IndexMap<String, f64>,
    pub(super) invocations: IndexMap<String, f64>,
    /// Items written to and lists read from a table.
    pub(super) writes: IndexMap<String, f64>,
    pub(super) reads: IndexMap<String, f64>,
    /// Messages that a topic, a bus or a queue takes.
    pub(super) messages: IndexMap<String, f64>,
    /// Calls that leave the VPC through an endpoint.
    pub(super) through_endpoints: IndexMap<String, f64>,
}

/// Longer than any sensible chain of functions; a circle of queues ends here.
const MOST_STEPS: usize = 16;

/// Follows what the routes set in motion.
pub(super) fn follow(wiring: &Wiring<'_>, usage: &Usage) -> Flow {
    let mut walk = Walk {
        wiring,
        usage,
        feeds: wiring.feeds(),
        flow: Flow::default(),
    };
    for route in wiring.of("AWS::ApiGatewayV2::Route") {
        walk.route(route);
    }
    walk.flow
}

struct Walk<'a, 'w> {
    wiring: &'w Wiring<'a>,
    usage: &'w Usage,
    feeds: Vec<Feed<'a>>,
    flow: Flow,
}

impl<'a> Walk<'a, '_> {
    fn route(&mut self, route: Resource<'a>) {
        let Some(use_of) = use_of(self.wiring, route) else {
            return;
        };
        let times = self.usage.appointments
            * match use_of {
                Use::Write => 1.0,
                Use::List | Use::Read => self.usage.reads_per_appointment,
            };
        if let Some(api) = route.property("ApiId").and_then(|id| self.wiring.target(id)) {
            add(&mut self.flow.requests, api.id, times);
            if use_of == Use::List {
                add(&mut self.flow.lists, api.id, times);
            }
        }
        let integration = route
            .property("Target")
            .and_then(|target| self.wiring.target(target));
        let uri = integration.and_then(|integration| integration.property("IntegrationUri"));
        if let Some(function) = uri.and_then(|uri| self.wiring.target(uri)) {
            self.function(function, times, times, MOST_STEPS);
        }
    }

    /// A function that is called so often, for so many appointments in all.
    fn function(&mut self, function: Resource<'a>, calls: f64, items: f64, steps: usize) {
        add(&mut self.flow.invocations, function.id, calls);
        // A call reads a table once, by whichever of the ways that it has.
        let mut read = BTreeSet::new();
        for call in self.wiring.calls(function) {
            let Some(target) = call.on.and_then(|on| self.wiring.target(on)) else {
                continue;
            };
            match call.action {
                "dynamodb:PutItem"
                | "dynamodb:UpdateItem"
                | "dynamodb:DeleteItem"
                | "dynamodb:BatchWriteItem"
                | "dynamodb:TransactWriteItems" => add(&mut self.flow.writes, target.id, items),
                "dynamodb:Query" | "dynamodb:GetItem" | "dynamodb:Scan" | "dynamodb:BatchGetItem"
                    if read.insert(target.id) =>
                {
                    add(&mut self.flow.reads, target.id, items);
                }
                "sns:Publish" => self.topic(target, items, steps),
                "events:PutEvents" => {
                    self.through_endpoint(function, ".events", items);
                    self.bus(target, items, steps);
                }
                "sqs:SendMessage" => self.queue(target, items, steps),
                _ => {}
            }
        }
    }

    fn through_endpoint(&mut self, function: Resource<'a>, service: &str, times: f64) {
        if function.property("VpcConfig").is_none() {
            return;
        }
        let endpoint = self.wiring.of("AWS::EC2::VPCEndpoint").find(|endpoint| {
            endpoint
                .property("ServiceName")
                .is_some_and(|name| infra_synth_wiring::text(name).ends_with(service))
        });
        if let Some(endpoint) = endpoint {
            add(&mut self.flow.through_endpoints, endpoint.id, times);
        }
    }

    fn topic(&mut self, topic: Resource<'a>, messages: f64, steps: usize) {
        add(&mut self.flow.messages, topic.id, messages);
        let own: Vec<(Resource<'a>, Option<String>)> = self
            .feeds
            .iter()
            .filter(|feed| feed.sender.id == topic.id && !feed.undelivered)
            .map(|feed| {
                (
                    feed.queue,
                    feed.via.property("FilterPolicy").map(ToString::to_string),
                )
            })
            .collect();
        let mut filters: Vec<&String> = own.iter().filter_map(|(_, filter)| filter.as_ref()).collect();
        filters.sort_unstable();
        filters.dedup();
        let share = 1.0 / filters.len().max(1) as f64;
        for (queue, filter) in &own {
            let share = if filter.is_some() { share } else { 1.0 };
            self.queue(*queue, messages * share, steps);
        }
    }

    fn bus(&mut self, bus: Resource<'a>, events: f64, steps: usize) {
        add(&mut self.flow.messages, bus.id, events);
        let is_here = |rule: &Resource<'a>| {
            rule.property("EventBusName")
                .and_then(|name| self.wiring.target(name))
                .is_some_and(|found| found.id == bus.id)
        };
        let queues: Vec<Resource<'a>> = self
            .feeds
            .iter()
            .filter(|feed| !feed.undelivered && feed.via.kind == "AWS::Events::Rule" && is_here(&feed.via))
            .map(|feed| feed.queue)
            .collect();
        for queue in queues {
            self.queue(queue, events, steps);
        }
    }

    fn queue(&mut self, queue: Resource<'a>, messages: f64, steps: usize) {
        add(&mut self.flow.messages, queue.id, messages);
        let Some(steps) = steps.checked_sub(1) else { return };
        for mapping in self.wiring.mappings() {
            if mapping.queue.id == queue.id {
                let most = mapping.mapping.number("BatchSize").unwrap_or(10.0);
                let batch = self.usage.messages_per_batch.clamp(1.0, most.max(1.0));
                self.function(mapping.function, messages / batch, messages, steps);
            }
        }
    }
}

/// What a client wants of a route.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Write,
    List,
    Read,
}

/// `None` for a route that nobody means to call: what no other takes, and a browser's question before a call.
fn use_of(wiring: &Wiring<'_>, route: Resource<'_>) -> Option<Use> {
    let key = route.text("RouteKey").unwrap_or_default();
    if key == "$default" || key.starts_with("OPTIONS ") {
        return None;
    }
    if !key.starts_with("GET ") {
        return Some(Use::Write);
    }
    // `GET /bills/{id}` is one of what `GET /bills` lists.
    let (of, last) = key.rsplit_once('/').unwrap_or((key, ""));
    let is_one = last.starts_with('{')
        && wiring
            .of("AWS::ApiGatewayV2::Route")
            .any(|other| other.text("RouteKey") == Some(of));
    Some(if is_one { Use::Read } else { Use::List })
}

fn add(counts: &mut IndexMap<String, f64>, id: &str, times: f64) {
    *counts.entry(id.to_owned()).or_default() += times;
}
