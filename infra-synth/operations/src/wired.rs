use infra_synth_cfn::Template;
use infra_synth_wiring::{Giver, Resource, Wiring};
use schedule_core::names;

use crate::{DeadLetterQueue, Origin, Work};

/// A dead-letter queue as a template wires it, by logical ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WiredDeadLetterQueue {
    /// The queue.
    pub logical_id: String,
    /// What gives its failures to it.
    pub origin: Origin,
    /// The queue that its messages go back to; none where they were for no queue, or for several.
    pub source: Option<String>,
    /// What its messages are for; none where that is not known.
    pub work: Option<Work>,
}

impl WiredDeadLetterQueue {
    /// All of a template.
    #[must_use]
    pub fn all(template: &Template) -> Vec<Self> {
        let wiring = Wiring::new(template);
        let queues = wiring.dead_letters().into_iter().filter_map(|letters| {
            let givers: Vec<_> = letters
                .givers
                .iter()
                .map(|(giver, source)| (Origin::from(*giver), source.map(|source| source.id)))
                .collect();
            let (origin, source) = Origin::of_all(&givers)?;
            Some(Self {
                logical_id: letters.queue.id.to_owned(),
                origin,
                source: source.map(str::to_owned),
                work: source.and_then(|source| work(&wiring, source)),
            })
        });
        queues.collect()
    }

    /// The same where it runs: by the names of the queues there.
    #[must_use]
    pub fn named(&self, name: &str, source: Option<&str>) -> DeadLetterQueue {
        DeadLetterQueue {
            name: name.to_owned(),
            origin: self.origin,
            source: source.map(str::to_owned),
            work: self.work.filter(|_| source.is_some()),
        }
    }
}

/// What the function that reads a queue makes of its messages: its settings tell which function it is.
fn work(wiring: &Wiring<'_>, queue: &str) -> Option<Work> {
    let mappings = wiring.mappings();
    let function = mappings
        .iter()
        .find(|mapping| mapping.queue.id == queue)?
        .function;
    match setting(function, names::COUNTRY).and_then(serde_json::Value::as_str) {
        Some(country) => Some(Work::Appointments(country.parse().ok()?)),
        None => setting(function, names::APPOINTMENTS_TABLE).map(|_| Work::Confirmations),
    }
}

fn setting<'a>(function: Resource<'a>, name: &str) -> Option<&'a serde_json::Value> {
    function.property("Environment.Variables")?.get(name)
}

impl From<Giver> for Origin {
    fn from(giver: Giver) -> Self {
        match giver {
            Giver::Queue => Self::Queue,
            Giver::Subscription => Self::Subscription,
            Giver::Rule => Self::Rule,
        }
    }
}
