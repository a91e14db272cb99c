//! Which data are handed on to whom: subscriptions, rules, event source mappings, log subscriptions.

use infra_synth_cfn::resources::name_property;

use super::collect::target;
use super::filter::Filter;
use crate::diff::model::{Model, Resource};
use crate::diff::review::{AccessChange, Means, Turn, Verdict};
use crate::diff::value::{Text, Value};

const SCHEDULED: &str = "scheduled events";

struct Flow {
    from: Text,
    to: Text,
    what: &'static str,
    filter: Filter,
    declared_by: String,
}

pub(crate) fn changes(old: &Model<'_>, new: &Model<'_>) -> Vec<AccessChange> {
    let (before, after) = (flows(old), flows(new));
    let same = |one: &Flow, other: &Flow| {
        // A rule that goes off at other times still goes off.
        let is_rescheduled = one.what == SCHEDULED && one.declared_by == other.declared_by;
        (one.from == other.from || is_rescheduled) && one.to == other.to && one.what == other.what
    };
    let mut changes = Vec::new();
    for flow in &after {
        let name = name(&flow.to, new);
        let earlier: Vec<&Flow> = before.iter().filter(|other| same(flow, other)).collect();
        let Some(nearest) = earlier
            .iter()
            .find(|other| other.declared_by == flow.declared_by)
            .or(earlier.first())
        else {
            let condition = flow
                .filter
                .shown()
                .map(|filter| format!(" where {filter}"))
                .unwrap_or_default();
            let reason = format!(
                "{} of {}{condition} begin to reach {name}",
                flow.what,
                self::name(&flow.from, new)
            );
            changes.push(flow.change(Turn::Possible, reason, new));
            continue;
        };
        if !earlier.iter().any(|other| other.filter.covers(&flow.filter)) {
            for words in flow.filter.beyond(&nearest.filter) {
                changes.push(flow.change(Turn::Possible, format!("{} {words} reach {name}", flow.what), new));
            }
        }
    }
    for flow in &before {
        let name = name(&flow.to, old);
        let later: Vec<&Flow> = after.iter().filter(|other| same(flow, other)).collect();
        let Some(nearest) = later
            .iter()
            .find(|other| other.declared_by == flow.declared_by)
            .or(later.first())
        else {
            let reason = format!(
                "{} of {} no longer reach {name}",
                flow.what,
                self::name(&flow.from, old)
            );
            changes.push(flow.change(Turn::Impossible, reason, new));
            continue;
        };
        if !later.iter().any(|other| other.filter.covers(&flow.filter)) {
            for words in flow.filter.beyond(&nearest.filter) {
                changes.push(flow.change(
                    Turn::Impossible,
                    format!("{} {words} no longer reach {name}", flow.what),
                    new,
                ));
            }
        }
    }
    changes
}

fn flows(model: &Model<'_>) -> Vec<Flow> {
    model.resources.values().flat_map(flows_of).collect()
}

fn flows_of(resource: &Resource) -> Vec<Flow> {
    let text = |name: &str| resource.property(name).and_then(Value::as_text).cloned();
    let flow = |from: Text, to: Text, what, filter| Flow {
        from: target(&from),
        to: target(&to),
        what,
        filter,
        declared_by: resource.id.clone(),
    };
    let read = |property: &str, place: &str| Filter::read(resource.property(property), place);
    match resource.resource_type.as_str() {
        "AWS::SNS::Subscription" => {
            let place = match text("FilterPolicyScope").as_ref().and_then(Text::as_literal) {
                Some("MessageBody") => "body",
                _ => "",
            };
            let filter = read("FilterPolicy", place);
            vec![flow(
                text("TopicArn").unwrap_or_default(),
                text("Endpoint").unwrap_or_default(),
                "messages",
                filter,
            )]
        }
        "AWS::SNS::Topic" => resource
            .property("Subscription")
            .map(Value::elements)
            .unwrap_or_default()
            .iter()
            .filter_map(|subscription| subscription.get("Endpoint").and_then(Value::as_text))
            .map(|endpoint| {
                flow(
                    Text::hole(resource.id.clone()),
                    endpoint.clone(),
                    "messages",
                    Filter::read(None, ""),
                )
            })
            .collect(),
        "AWS::Events::Rule" => rule_flows(resource, &flow),
        "AWS::Lambda::EventSourceMapping" => {
            if resource
                .property("Enabled")
                .is_some_and(|enabled| enabled.as_flag() == Some(false))
            {
                return Vec::new();
            }
            let filter = read("FilterCriteria", "");
            vec![flow(
                text("EventSourceArn").unwrap_or_default(),
                text("FunctionName").unwrap_or_default(),
                "records",
                filter,
            )]
        }
        "AWS::Logs::SubscriptionFilter" => {
            let filter = match resource.property("FilterPattern") {
                Some(pattern) if pattern.as_literal() != Some("") => Filter::Opaque(pattern.clone()),
                _ => Filter::read(None, ""),
            };
            vec![flow(
                text("LogGroupName").unwrap_or_default(),
                text("DestinationArn").unwrap_or_default(),
                "log entries",
                filter,
            )]
        }
        _ => Vec::new(),
    }
}

fn rule_flows(rule: &Resource, flow: &dyn Fn(Text, Text, &'static str, Filter) -> Flow) -> Vec<Flow> {
    let state = rule.property("State").and_then(Value::as_literal);
    if state == Some("DISABLED") {
        return Vec::new();
    }
    let bus = rule
        .property("EventBusName")
        .and_then(Value::as_text)
        .cloned()
        .unwrap_or_else(|| Text::literal("default"));
    let targets = rule.property("Targets").map(Value::elements).unwrap_or_default();
    let arns = targets
        .iter()
        .filter_map(|target| target.get("Arn").and_then(Value::as_text));
    let mut flows = Vec::new();
    for arn in arns {
        if let Some(pattern) = rule.property("EventPattern") {
            flows.push(flow(
                bus.clone(),
                arn.clone(),
                "events",
                Filter::read(Some(pattern), ""),
            ));
        }
        if let Some(schedule) = rule.property("ScheduleExpression") {
            let schedule = Text::literal(&schedule.to_string());
            flows.push(flow(schedule, arn.clone(), SCHEDULED, Filter::read(None, "")));
        }
    }
    flows
}

impl Flow {
    fn change(&self, turn: Turn, reason: String, new: &Model<'_>) -> AccessChange {
        AccessChange {
            turn,
            verdict: if turn == Turn::Possible {
                Verdict::Broadening
            } else {
                Verdict::Destructive
            },
            means: Means::Flow,
            principal: self.to.to_string(),
            action: format!("receives {}", self.what),
            resource: self.from.to_string(),
            condition: self.filter.shown(),
            reason,
            logical_id: self.declared_by.clone(),
            source: new.template.source_of(&self.declared_by).map(ToString::to_string),
        }
    }
}

/// The physical name if the template gives one, else the logical id.
fn name(of: &Text, model: &Model<'_>) -> String {
    let Some(id) = of.as_hole() else {
        return of.to_string();
    };
    let Some(resource) = model.resources.get(id) else {
        return of.to_string();
    };
    name_property(&resource.resource_type)
        .and_then(|property| resource.property(property)?.as_literal())
        .unwrap_or(id)
        .to_owned()
}
