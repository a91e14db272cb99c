//! What is wired to what must exist: a wire into nothing would lose messages silently.

use super::Model;
use crate::refusal::Refusals;

pub(super) fn check(model: &Model, refusals: &mut Refusals<'_>) {
    let queue = |arn: &str| model.queues.iter().any(|queue| queue.arn == arn);
    let mut expect = |found: bool, logical_id: &str, arn: &str, what: &str| {
        if !found {
            refusals.add(logical_id, format!("`{arn}` is no {what} of this template"));
        }
    };
    for subscription in &model.subscriptions {
        let topic = model
            .topics
            .iter()
            .any(|topic| topic.arn == subscription.topic_arn);
        expect(topic, &subscription.logical_id, &subscription.topic_arn, "topic");
        expect(
            queue(&subscription.queue_arn),
            &subscription.logical_id,
            &subscription.queue_arn,
            "queue",
        );
        if let Some(arn) = &subscription.dead_letter_arn {
            expect(queue(arn), &subscription.logical_id, arn, "queue");
        }
    }
    for source in &model.queues {
        if let Some(redrive) = &source.redrive {
            expect(
                queue(&redrive.dead_letter_arn),
                &source.logical_id,
                &redrive.dead_letter_arn,
                "queue",
            );
        }
    }
    for rule in &model.rules {
        let bus = model.buses.iter().any(|bus| bus.name == rule.bus_name);
        expect(bus, &rule.logical_id, &rule.bus_name, "event bus");
        for target in &rule.targets {
            expect(
                queue(&target.queue_arn),
                &rule.logical_id,
                &target.queue_arn,
                "queue",
            );
            if let Some(arn) = &target.dead_letter_arn {
                expect(queue(arn), &rule.logical_id, arn, "queue");
            }
        }
    }
    for schedule in &model.schedules {
        for target in &schedule.targets {
            let function = model.function(&target.function_arn).is_some();
            expect(function, &schedule.logical_id, &target.function_arn, "function");
            if let Some(arn) = &target.dead_letter_arn {
                expect(queue(arn), &schedule.logical_id, arn, "queue");
            }
        }
    }
    for alarm in &model.alarms {
        for action in &alarm.actions {
            let topic = model.topics.iter().any(|topic| &topic.arn == action);
            expect(topic, &alarm.logical_id, action, "topic");
        }
    }
    for mapping in &model.mappings {
        expect(
            queue(&mapping.queue_arn),
            &mapping.logical_id,
            &mapping.queue_arn,
            "queue",
        );
        let function = model.function(&mapping.function_name).is_some();
        expect(function, &mapping.logical_id, &mapping.function_name, "function");
    }
    for config in &model.invoke_configs {
        // By its name alone: AWS takes no ARN here.
        let function = model
            .functions
            .iter()
            .any(|function| function.name == config.function_name);
        expect(function, &config.logical_id, &config.function_name, "function");
    }
    for function in &model.functions {
        let role = model.roles.contains_key(&function.role_arn);
        expect(role, &function.logical_id, &function.role_arn, "role");
    }
    for route in model.api.iter().flat_map(|api| &api.routes) {
        let function = model.function(&route.function_arn).is_some();
        expect(function, &route.logical_id, &route.function_arn, "function");
    }
}
