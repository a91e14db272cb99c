//! One resource before and after.

use std::collections::BTreeSet;

use super::access::Access;
use super::collisions::{self, physical_name};
use super::holdings::{Holding, fate, holding};
use super::judge::{Change, created, judge};
use super::model::{Model, Resource};
use super::properties::{Difference, differences};
use super::review::{DataFate, Effect, Finding, PropertyChange, ResourceChange, Verdict};
use super::rules;
use super::secrets;
use super::value::{Text, Value};

/// Both templates.
pub(crate) struct Pair<'a> {
    pub(crate) old: &'a Model<'a>,
    pub(crate) new: &'a Model<'a>,
    pub(crate) access: &'a Access<'a>,
}

/// A resource that is in one template or in both; `None` if nothing about it changes.
pub(crate) fn compare(
    pair: &Pair<'_>,
    old: Option<&Resource>,
    new: Option<&Resource>,
) -> Option<ResourceChange> {
    let change = match (old, new) {
        (None, None) => return None,
        (None, Some(new)) => added(pair, new),
        (Some(old), None) => removed(pair, old),
        (Some(old), Some(new)) if old.resource_type != new.resource_type => another_type(pair, old, new),
        (Some(old), Some(new)) => changed(pair, old, new)?,
    };
    Some(change)
}

fn added(pair: &Pair<'_>, new: &Resource) -> ResourceChange {
    let mut change = blank(pair, new, Effect::Creation);
    let nothing = new.without_properties();
    for (name, value) in &new.properties {
        let path = format!("Properties.{name}");
        change
            .findings
            .extend(secrets::findings(&path, None, Some((pair.new, value))));
        let rule = rules::rule(&new.resource_type, name);
        if rule.is_some_and(|rule| rule.judged) && value.texts().into_iter().any(Text::is_opaque) {
            change.findings.push(opaque(&path));
        }
        match rule {
            Some(rule) if rule.judged && rule.effect != Effect::Replacement => {
                change.findings.extend(created(&Change {
                    access: pair.access,
                    old_model: pair.old,
                    new_model: pair.new,
                    old_resource: &nothing,
                    new_resource: new,
                    property: name,
                    old: None,
                    new: Some(value),
                }));
            }
            None if rules::knows(&new.resource_type) => change.findings.push(Finding::new(
                Verdict::Unjudged,
                format!("what `{name}` is to a `{}` is not known here", new.resource_type),
            )),
            _ => {}
        }
        let value = secrets::masked(&path, value.clone());
        change.properties.push(PropertyChange {
            path,
            old: None,
            new: Some(value),
            effect: Effect::Creation,
        });
    }
    if !rules::knows(&new.resource_type) || new.unreadable {
        let reason = format!("what a `{}` does is not known here", new.resource_type);
        change.findings.push(Finding::new(Verdict::Unjudged, reason));
    }
    change
        .findings
        .extend(collisions::findings(pair.old, pair.new, new));
    change
}

fn removed(pair: &Pair<'_>, old: &Resource) -> ResourceChange {
    let mut change = blank(pair, old, Effect::Deletion);
    for (name, value) in &old.properties {
        let path = format!("Properties.{name}");
        change
            .findings
            .extend(secrets::findings(&path, Some((pair.old, value)), None));
    }
    let fate = fate(old, "DeletionPolicy");
    let (verdict, reason) = match (fate, holding(&old.resource_type)) {
        (DataFate::Kept, _) => (
            Verdict::Narrowing,
            "leaves the stack and stays as it is, held by no stack".to_owned(),
        ),
        (DataFate::Snapshot, _) => (
            Verdict::Destructive,
            "is deleted; a snapshot of its data stays".to_owned(),
        ),
        (DataFate::Lost, Holding::Data(what) | Holding::Address(what)) => {
            (Verdict::Destructive, format!("is deleted, and with it {what}"))
        }
        (DataFate::Lost, Holding::Declaration) if rules::knows(&old.resource_type) => (
            Verdict::Narrowing,
            "is deleted; what that means is said under access".to_owned(),
        ),
        (DataFate::Lost, _) => (Verdict::Destructive, "is deleted".to_owned()),
    };
    if matches!(holding(&old.resource_type), Holding::Data(_)) {
        change.data = Some(fate);
    }
    change.findings.push(Finding::new(verdict, reason));
    change
}

fn another_type(pair: &Pair<'_>, old: &Resource, new: &Resource) -> ResourceChange {
    let mut change = removed(pair, old);
    let found = added(pair, new);
    change.resource_type = new.resource_type.clone();
    change.source = found.source;
    change.effect = Effect::Replacement;
    change.forced_by = vec!["Type".to_owned()];
    change.properties = vec![PropertyChange {
        path: "Type".to_owned(),
        old: Some(Value::literal(&old.resource_type)),
        new: Some(Value::literal(&new.resource_type)),
        effect: Effect::Replacement,
    }];
    change.findings.extend(found.findings);
    change.findings.push(Finding::new(
        Verdict::Destructive,
        "another type under one logical id: CloudFormation refuses that; give the new one another logical id",
    ));
    change
}

fn changed(pair: &Pair<'_>, old: &Resource, new: &Resource) -> Option<ResourceChange> {
    let mut change = blank(pair, new, Effect::NoInterruption);
    let names: BTreeSet<&String> = old.properties.keys().chain(new.properties.keys()).collect();
    for name in names {
        property(pair, old, new, name, &mut change);
    }
    attributes(pair, old, new, &mut change);
    if old.unreadable || new.unreadable {
        let (before, after) = (
            &pair.old.template.as_value()["Resources"][&old.id],
            &pair.new.template.as_value()["Resources"][&new.id],
        );
        if before != after {
            change.findings.push(Finding::new(
                Verdict::Unjudged,
                "the resource cannot be read here",
            ));
        }
    }
    if change.properties.is_empty() && change.findings.is_empty() {
        return None;
    }
    change
        .findings
        .extend(collisions::findings(pair.old, pair.new, new));
    if change.effect == Effect::Replacement {
        replacement(old, new, &mut change);
    }
    Some(change)
}

fn property(pair: &Pair<'_>, old: &Resource, new: &Resource, name: &str, change: &mut ResourceChange) {
    let (before, after) = (old.property(name), new.property(name));
    if before == after {
        return;
    }
    let path = format!("Properties.{name}");
    let rule = rules::rule(&new.resource_type, name);
    let mut effect = rule.map_or(Effect::Unknown, |rule| rule.effect);
    if new.resource_type == "AWS::DynamoDB::Table" && name == "AttributeDefinitions" && retyped(before, after)
    {
        effect = Effect::Replacement;
    }
    if effect == Effect::Replacement {
        change.forced_by.push(name.to_owned());
    }
    change.effect = change.effect.max(effect);
    change.findings.extend(secrets::findings(
        &path,
        before.map(|value| (pair.old, value)),
        after.map(|value| (pair.new, value)),
    ));
    match rule {
        None => change.findings.push(Finding::new(
            Verdict::Unjudged,
            format!(
                "what a change of `{name}` does to a `{}` is not known here",
                new.resource_type
            ),
        )),
        Some(rule) if rule.judged && effect != Effect::Replacement => {
            let found = judge(&Change {
                access: pair.access,
                old_model: pair.old,
                new_model: pair.new,
                old_resource: old,
                new_resource: new,
                property: name,
                old: before,
                new: after,
            });
            let unjudged = || {
                vec![Finding::new(
                    Verdict::Unjudged,
                    format!("what a change of `{name}` opens or loses is not known here"),
                )]
            };
            for finding in found.unwrap_or_else(unjudged) {
                if !change.findings.contains(&finding) {
                    change.findings.push(finding);
                }
            }
        }
        Some(_) => {}
    }
    let differences = differences(&path, before, after);
    if rule.is_some_and(|rule| rule.judged)
        && let Some(difference) = differences.iter().find(|difference| difference.is_opaque())
    {
        change.findings.push(opaque(&difference.path));
    }
    for Difference { path, old, new } in differences {
        let masked = |value: Option<Value>| value.map(|value| secrets::masked(&path, value));
        let (old, new) = (masked(old), masked(new));
        change.properties.push(PropertyChange {
            path,
            old,
            new,
            effect,
        });
    }
}

/// What is behind a function such as `Fn::If` is compared as a whole: what it opens or loses cannot be seen.
fn opaque(path: &str) -> Finding {
    let reason = format!("what `{path}` is depends on a function that is not evaluated here");
    Finding::new(Verdict::Unjudged, reason)
}

/// Whether an attribute that was there gets another type: DynamoDB cannot change that in place.
fn retyped(old: Option<&Value>, new: Option<&Value>) -> bool {
    let of = |value: &Value, name: &str| value.get(name).cloned();
    let (old, new) = (
        old.map(Value::elements).unwrap_or_default(),
        new.map(Value::elements).unwrap_or_default(),
    );
    old.iter().any(|old| {
        new.iter().any(|new| {
            of(old, "AttributeName") == of(new, "AttributeName")
                && of(old, "AttributeType") != of(new, "AttributeType")
        })
    })
}

fn attributes(pair: &Pair<'_>, old: &Resource, new: &Resource, change: &mut ResourceChange) {
    let names: BTreeSet<&String> = old.attributes.keys().chain(new.attributes.keys()).collect();
    for name in names {
        let (before, after) = (old.attributes.get(name), new.attributes.get(name));
        if before == after {
            continue;
        }
        match name.as_str() {
            "DependsOn" | "Metadata" => {}
            "DeletionPolicy" | "UpdateReplacePolicy" => {
                if fate(old, name) != DataFate::Lost && fate(new, name) == DataFate::Lost {
                    let when = if name == "DeletionPolicy" {
                        "leaves the stack"
                    } else {
                        "is replaced"
                    };
                    let reason = format!("`{name}` no longer keeps it: when it {when}, it is deleted");
                    change.findings.push(Finding::new(Verdict::Destructive, reason));
                } else if fate(old, name) == DataFate::Kept && fate(new, name) == DataFate::Snapshot {
                    let reason = format!("`{name}` keeps a snapshot only");
                    change.findings.push(Finding::new(Verdict::Destructive, reason));
                }
            }
            _ => change.findings.push(Finding::new(
                Verdict::Unjudged,
                format!("what a change of `{name}` does is not judged"),
            )),
        }
        change.findings.extend(secrets::findings(
            name,
            before.map(|value| (pair.old, value)),
            after.map(|value| (pair.new, value)),
        ));
        let masked = |value: Option<&Value>| value.map(|value| secrets::masked(name, value.clone()));
        let (old, new) = (masked(before), masked(after));
        change.properties.push(PropertyChange {
            path: name.clone(),
            old,
            new,
            effect: Effect::NoInterruption,
        });
    }
}

/// What goes with the one that is replaced.
fn replacement(old: &Resource, new: &Resource, change: &mut ResourceChange) {
    let forced = change.forced_by.join("`, `");
    // CloudFormation goes by the policy that it holds for the old one, which an update brings up to date first.
    let fate = fate(new, "UpdateReplacePolicy");
    match holding(&new.resource_type) {
        Holding::Data(what) => {
            let then = match fate {
                DataFate::Lost => format!("{what} are lost with the old one"),
                DataFate::Kept => "the new one starts empty; the old one stays, held by no stack".to_owned(),
                DataFate::Snapshot => "the new one starts empty; a snapshot of the old one stays".to_owned(),
            };
            change.data = Some(fate);
            change.findings.push(Finding::new(
                Verdict::Destructive,
                format!("replaced because of `{forced}`: {then}"),
            ));
        }
        Holding::Address(what) => {
            change.findings.push(Finding::new(
                Verdict::Destructive,
                format!("replaced because of `{forced}`, and with it {what}"),
            ));
        }
        Holding::Declaration | Holding::Nothing => {
            let unclear = change
                .forced_by
                .iter()
                .filter(|name| !is_clear(&new.resource_type, name));
            for name in unclear.cloned().collect::<Vec<_>>() {
                let reason =
                    format!("the new one differs in `{name}`; what that opens or loses is not known here");
                change.findings.push(Finding::new(Verdict::Unjudged, reason));
            }
        }
    }
    let stays = |name: &str| old.property(name).is_some() && old.property(name) == new.property(name);
    if let Some(name) = physical_name(&new.resource_type).filter(|name| stays(name)) {
        let reason = format!(
            "it cannot be replaced while `{name}` stays: the old one holds the name; change the name with it"
        );
        change.findings.push(Finding::new(Verdict::Unjudged, reason));
    }
    if new.resource_type == "AWS::EC2::VPCEndpoint" && stays("PrivateDnsEnabled") && stays("ServiceName") {
        let reason = "it cannot be replaced while private DNS is on: the old one holds the service's name; turn it off before";
        change.findings.push(Finding::new(Verdict::Unjudged, reason));
    }
}

/// Whether nothing is left to say about the property of a replaced resource: it is a name or a remark, or the access
/// view follows it.
fn is_clear(resource_type: &str, property: &str) -> bool {
    match resource_type {
        "AWS::Lambda::Permission"
        | "AWS::EC2::SecurityGroupIngress"
        | "AWS::EC2::SecurityGroupEgress"
        | "AWS::SQS::QueueInlinePolicy"
        | "AWS::SNS::TopicInlinePolicy"
        | "AWS::Events::EventBusPolicy"
        | "AWS::S3::BucketPolicy"
        | "AWS::IAM::RolePolicy"
        | "AWS::ApiGateway::Method" => true,
        "AWS::SNS::Subscription" => matches!(property, "Endpoint" | "TopicArn"),
        "AWS::Lambda::EventSourceMapping" => property == "EventSourceArn",
        "AWS::Events::Rule" => matches!(property, "EventBusName" | "Name"),
        "AWS::ApiGatewayV2::Route" => property == "ApiId",
        "AWS::Logs::SubscriptionFilter" => matches!(property, "FilterName" | "LogGroupName"),
        "AWS::EC2::SecurityGroup" => matches!(property, "GroupName" | "GroupDescription"),
        "AWS::IAM::ManagedPolicy" => matches!(property, "ManagedPolicyName" | "Description"),
        _ => physical_name(resource_type) == Some(property),
    }
}

fn blank(pair: &Pair<'_>, resource: &Resource, effect: Effect) -> ResourceChange {
    let source = if effect == Effect::Deletion {
        None
    } else {
        pair.new.template.source_of(&resource.id)
    };
    ResourceChange {
        logical_id: resource.id.clone(),
        resource_type: resource.resource_type.clone(),
        effect,
        forced_by: Vec::new(),
        data: None,
        source: source.map(ToString::to_string),
        properties: Vec::new(),
        findings: Vec::new(),
    }
}
