use std::path::Path;

use infra_synth_cfn::Template;
use infra_synth_review::check::{Connections, Event, Facts, Message, Report, Verdict, check};
use schedule_stacks::{CONNECTIONS_PER_FUNCTION, StageSettings, appointment_stack, traffic};
use serde_json::{Map, Value as Json};

/// A stage of the appointment system.
pub(crate) fn stage(name: &str) -> (Template, Facts) {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    let settings = StageSettings::load(&stages, name).unwrap();
    let facts = Facts {
        production: settings.production,
        today: Some("2026-11-25".to_owned()),
        messages: traffic::published_messages()
            .map(|message| Message {
                topic: message.topic.to_owned(),
                attributes: message
                    .attributes
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
            })
            .into(),
        events: traffic::emitted_events()
            .map(|event| Event {
                bus: event.bus.to_owned(),
                source: event.source.to_owned(),
                detail_type: event.detail_type.to_owned(),
                detail: Json::Object(Map::from_iter(
                    event
                        .detail
                        .map(|(name, value)| (name.to_owned(), Json::from(value))),
                )),
            })
            .into(),
        database: Some(Connections {
            budget: settings.database.connection_budget,
            per_function: CONNECTIONS_PER_FUNCTION,
        }),
    };
    (appointment_stack(&settings).unwrap(), facts)
}

/// A template that a test changes.
pub(crate) struct Draft(pub(crate) Json);

impl Draft {
    pub(crate) fn of(stage_name: &str) -> Self {
        Self(stage(stage_name).0.to_value())
    }

    /// What is at `<logical id>/<path>`; the path is one of property names, or of `..` and what stands beside them.
    pub(crate) fn set(&mut self, place: &str, value: Json) -> &mut Self {
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parent = self
            .0
            .pointer_mut(&format!("/Resources/{parent}"))
            .unwrap_or_else(|| panic!("no `{parent}`"));
        match parent {
            Json::Array(items) => items[key.parse::<usize>().unwrap()] = value,
            other => other[key] = value,
        }
        self
    }

    pub(crate) fn remove(&mut self, place: &str) -> &mut Self {
        let (parent, key) = match place.rsplit_once('/') {
            Some((parent, key)) => (format!("/Resources/{parent}"), key),
            None => ("/Resources".to_owned(), place),
        };
        let parent = self
            .0
            .pointer_mut(&parent)
            .unwrap_or_else(|| panic!("no `{parent}`"));
        let removed = match parent {
            Json::Array(items) => Some(items.remove(key.parse().unwrap())),
            other => other.as_object_mut().unwrap().remove(key),
        };
        removed.unwrap_or_else(|| panic!("no `{place}`"));
        self
    }

    pub(crate) fn add(&mut self, logical_id: &str, resource: Json) -> &mut Self {
        self.0["Resources"][logical_id] = resource;
        self
    }

    pub(crate) fn check(&self, facts: &Facts) -> Report {
        check(&Template::from_value(self.0.clone()), facts)
    }
}

/// What stands in a report, as `rule logical-id`, each once.
pub(crate) fn standing(report: &Report) -> Vec<String> {
    list(report, &Verdict::Stands)
}

pub(crate) fn unjudged(report: &Report) -> Vec<String> {
    list(report, &Verdict::Unjudged)
}

fn list(report: &Report, verdict: &Verdict) -> Vec<String> {
    let found = report
        .findings()
        .iter()
        .filter(|finding| &finding.verdict == verdict);
    let mut all: Vec<String> = found
        .map(|finding| format!("{} {}", finding.rule.id, finding.logical_id))
        .collect();
    all.dedup();
    all
}
