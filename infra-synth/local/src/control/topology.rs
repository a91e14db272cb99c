//! Which queues hold what failed, and where it came from, as the template wires them.

use infra_synth_operations::{DeadLetterQueue, Origin, Work};
use schedule_core::names;

use crate::cloud::Cloud;
use crate::functions::Code;
use crate::model::Model;

/// Every queue that something gives its failures to, by name.
pub(super) fn dead_letter_queues(model: &Model, cloud: &Cloud) -> Vec<DeadLetterQueue> {
    let mut queues: Vec<_> = cloud
        .queues()
        .filter_map(|queue| describe(&queue.config.arn, &queue.config.name, model, cloud))
        .collect();
    queues.sort_by(|one, other| one.name.cmp(&other.name));
    queues
}

fn describe(arn: &str, name: &str, model: &Model, cloud: &Cloud) -> Option<DeadLetterQueue> {
    let ends_here = |dead_letter_arn: Option<&str>| dead_letter_arn == Some(arn);
    let queues = cloud.queues().filter_map(|queue| {
        let redrive = queue.config.redrive.as_ref();
        ends_here(redrive.map(|redrive| redrive.dead_letter_arn.as_str()))
            .then_some((Origin::Queue, Some(queue.config.arn.as_str())))
    });
    let subscriptions = cloud.subscriptions.iter().filter_map(|one| {
        ends_here(one.dead_letter_arn.as_deref())
            .then_some((Origin::Subscription, Some(one.queue_arn.as_str())))
    });
    let targets = cloud.rules.iter().flat_map(|rule| &rule.targets);
    let targets = targets.filter_map(|one| {
        ends_here(one.dead_letter_arn.as_deref()).then_some((Origin::Rule, Some(one.queue_arn.as_str())))
    });
    let calls = model.schedules.iter().flat_map(|rule| &rule.targets);
    let calls =
        calls.filter_map(|one| ends_here(one.dead_letter_arn.as_deref()).then_some((Origin::Rule, None)));
    let givers: Vec<(Origin, Option<&str>)> =
        queues.chain(subscriptions).chain(targets).chain(calls).collect();
    let (origin, source) = Origin::of_all(&givers)?;
    let source = source.and_then(|source| cloud.queue(source));
    Some(DeadLetterQueue {
        name: name.to_owned(),
        origin,
        source: source.map(|queue| queue.config.name.clone()),
        work: source.and_then(|queue| work(&queue.config.arn, model)),
    })
}

/// What the function that reads a queue makes of its messages.
fn work(queue_arn: &str, model: &Model) -> Option<Work> {
    let mapping = model
        .mappings
        .iter()
        .find(|mapping| mapping.queue_arn == queue_arn)?;
    let function = model.function(&mapping.function_name)?;
    match Code::named(&function.code)? {
        Code::ProcessAppointment => {
            let country = function.environment.get(names::COUNTRY)?.parse().ok()?;
            Some(Work::Appointments(country))
        }
        Code::ProcessConfirmation => Some(Work::Confirmations),
        Code::CreateAppointment | Code::GetAppointment | Code::RepublishPending => None,
    }
}
