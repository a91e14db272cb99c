//! What AWS refuses to create, though each resource by itself is well formed.

use std::collections::BTreeMap;

use super::{Model, Queue};
use crate::policy::{self, Decision, PolicyDocument, Principal, Request};
use crate::refusal::Refusals;

pub(super) fn check(model: &Model, refusals: &mut Refusals<'_>) {
    names(model, refusals);
    for source in &model.queues {
        let redrive = source.redrive.as_ref();
        let dead_letters = redrive.and_then(|redrive| {
            model
                .queues
                .iter()
                .find(|queue| queue.arn == redrive.dead_letter_arn)
        });
        if let Some(dead_letters) = dead_letters {
            redrive_is_admitted(source, dead_letters, refusals);
        }
    }
    for mapping in &model.mappings {
        let queue = model.queues.iter().find(|queue| queue.arn == mapping.queue_arn);
        let function = model.function(&mapping.function_name);
        if let (Some(queue), Some(function)) = (queue, function)
            && queue.visibility < function.timeout
        {
            let (visibility, timeout) = (queue.visibility.as_secs(), function.timeout.as_secs());
            refusals.add(
                &mapping.logical_id,
                format!(
                    "queue `{}` shows a message again after {visibility} s, while function `{}` may work on it for \
                     {timeout} s; AWS takes a visibility timeout of at least the function's timeout",
                    queue.name, function.name
                ),
            );
        }
    }
    for function in &model.functions {
        let trust = model
            .roles
            .get(&function.role_arn)
            .and_then(|role| role.trust.as_ref());
        if trust.is_some_and(|trust| !lets_lambda_in(trust)) {
            refusals.add(
                &function.logical_id,
                format!(
                    "its role `{}` does not let lambda.amazonaws.com call sts:AssumeRole",
                    function.role_arn
                ),
            );
        }
    }
}

/// One name, one resource of a kind.
fn names(model: &Model, refusals: &mut Refusals<'_>) {
    let tables = model.tables.iter().map(|table| (&table.arn, &table.logical_id));
    let topics = model.topics.iter().map(|topic| (&topic.arn, &topic.logical_id));
    let queues = model.queues.iter().map(|queue| (&queue.arn, &queue.logical_id));
    let buses = model.buses.iter().map(|bus| (&bus.arn, &bus.logical_id));
    let rules = model.rules.iter().map(|rule| (&rule.arn, &rule.logical_id));
    let schedules = model.schedules.iter().map(|rule| (&rule.arn, &rule.logical_id));
    let secrets = model
        .secrets
        .iter()
        .map(|secret| (&secret.arn, &secret.logical_id));
    let functions = model
        .functions
        .iter()
        .map(|function| (&function.arn, &function.logical_id));
    let mut holders: BTreeMap<&String, &String> = BTreeMap::new();
    for (arn, logical_id) in tables
        .chain(topics)
        .chain(queues)
        .chain(buses)
        .chain(rules)
        .chain(schedules)
        .chain(functions)
        .chain(secrets)
    {
        if let Some(holder) = holders.insert(arn, logical_id) {
            refusals.add(
                logical_id,
                format!("`{arn}` is `{holder}` already: two resources cannot have one name"),
            );
        }
    }
}

fn redrive_is_admitted(source: &Queue, dead_letters: &Queue, refusals: &mut Refusals<'_>) {
    if dead_letters
        .dead_letter_sources
        .as_ref()
        .is_some_and(|sources| !sources.contains(&source.arn))
    {
        refusals.add(
            &source.logical_id,
            format!(
                "its dead-letter queue `{}` does not admit it by its RedriveAllowPolicy",
                dead_letters.name
            ),
        );
    }
    if dead_letters.redrive.is_some() {
        refusals.add(
            &dead_letters.logical_id,
            "a dead-letter queue with a dead-letter queue of its own does not run locally",
        );
    }
}

fn lets_lambda_in(trust: &PolicyDocument) -> bool {
    let request = Request {
        principal: Principal::Service("lambda.amazonaws.com"),
        action: "sts:AssumeRole",
        resource: "*",
        context: BTreeMap::new(),
    };
    policy::decide(&[], &[trust], &request) == Decision::Allowed
}
