use indexmap::IndexMap;
use infra_synth_cfn::Template;
use infra_synth_operations::{Origin, Work};
use schedule_core::names;
use serde_json::Value;

/// A queue that something gives its failures to, by logical ids.
pub(crate) struct Found<'a> {
    pub(crate) logical_id: &'a str,
    pub(crate) origin: Origin,
    pub(crate) source: Option<&'a str>,
}

/// The resources of a template, and what they say of each other.
pub(crate) struct Wires<'a> {
    resources: Vec<(&'a str, &'a Value)>,
}

impl<'a> Wires<'a> {
    pub(crate) fn of(template: &'a Template) -> Self {
        let section = template.as_value().get("Resources").and_then(Value::as_object);
        let resources = section.into_iter().flatten();
        Self {
            resources: resources.map(|(id, body)| (id.as_str(), body)).collect(),
        }
    }

    /// The settings of every function that has all of these.
    pub(crate) fn settings<const N: usize>(&self, names: [&str; N]) -> impl Iterator<Item = [&'a Value; N]> {
        self.of_type("AWS::Lambda::Function")
            .filter_map(move |(_, function)| {
                let variables = &function["Environment"]["Variables"];
                let found = names.map(|name| &variables[name]);
                found.iter().all(|value| !value.is_null()).then_some(found)
            })
    }

    fn of_type(&self, kind: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.resources
            .iter()
            .copied()
            .filter(move |(_, body)| body["Type"] == kind)
            .map(|(id, body)| (id, &body["Properties"]))
    }

    /// Every queue that something gives its failures to.
    pub(crate) fn dead_letter_queues(&self) -> Vec<Found<'a>> {
        let mut givers: IndexMap<&str, Vec<_>> = IndexMap::new();
        for (dead_letters, origin, source) in self.givers() {
            if let Some(logical_id) = named(dead_letters) {
                givers.entry(logical_id).or_default().push((origin, source));
            }
        }
        let found = givers.into_iter().filter_map(|(logical_id, givers)| {
            let (origin, source) = Origin::of_all(&givers)?;
            Some(Found {
                logical_id,
                origin,
                source,
            })
        });
        found.collect()
    }

    /// What gives its failures away: to which queue, as what, and the queue that they were for.
    fn givers(&self) -> Vec<(&'a Value, Origin, Option<&'a str>)> {
        let is_queue = |id: &&str| self.of_type("AWS::SQS::Queue").any(|(queue, _)| queue == *id);
        let queues = self.of_type("AWS::SQS::Queue").map(|(id, queue)| {
            let dead_letters = &queue["RedrivePolicy"]["deadLetterTargetArn"];
            (dead_letters, Origin::Queue, Some(id))
        });
        let subscriptions = self.of_type("AWS::SNS::Subscription").map(|(_, subscription)| {
            let dead_letters = &subscription["RedrivePolicy"]["deadLetterTargetArn"];
            let queue = named(&subscription["Endpoint"]).filter(is_queue);
            (dead_letters, Origin::Subscription, queue)
        });
        let targets = self
            .of_type("AWS::Events::Rule")
            .flat_map(|(_, rule)| rule["Targets"].as_array().into_iter().flatten());
        let targets = targets.map(|target| {
            let queue = named(&target["Arn"]).filter(is_queue);
            (&target["DeadLetterConfig"]["Arn"], Origin::Rule, queue)
        });
        queues.chain(subscriptions).chain(targets).collect()
    }

    /// What the function that reads a queue makes of its messages: its settings tell which function it is.
    pub(crate) fn work(&self, queue: &str) -> Option<Work> {
        let mapping = self
            .of_type("AWS::Lambda::EventSourceMapping")
            .find(|(_, mapping)| named(&mapping["EventSourceArn"]) == Some(queue));
        let function = named(&mapping?.1["FunctionName"])?;
        let (_, function) = self
            .of_type("AWS::Lambda::Function")
            .find(|(id, _)| *id == function)?;
        let variables = &function["Environment"]["Variables"];
        match variables[names::COUNTRY].as_str() {
            Some(country) => Some(Work::Appointments(country.parse().ok()?)),
            None => variables
                .get(names::APPOINTMENTS_TABLE)
                .map(|_| Work::Confirmations),
        }
    }
}

/// The logical id that a reference names.
pub(crate) fn named(value: &Value) -> Option<&str> {
    let (function, argument) = value.as_object()?.iter().next()?;
    match (function.as_str(), argument) {
        ("Ref", Value::String(id)) => Some(id),
        ("Fn::GetAtt", Value::String(dotted)) => dotted.split('.').next(),
        ("Fn::GetAtt", Value::Array(parts)) => parts.first()?.as_str(),
        _ => None,
    }
}
