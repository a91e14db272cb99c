//! What the review needs to know of this system and no template says.

use infra_synth_review::check::{Connections, Event, Facts, Message};
use schedule_stacks::{CONNECTIONS_PER_FUNCTION, StageSettings, traffic};
use serde_json::{Map, Value};

pub(crate) fn of_stage(settings: &StageSettings, today: String) -> Facts {
    Facts {
        production: settings.production,
        today: Some(today),
        messages: traffic::published_messages().map(message).into(),
        events: traffic::emitted_events().map(event).into(),
        database: Some(Connections {
            budget: settings.database.connection_budget,
            per_function: CONNECTIONS_PER_FUNCTION,
        }),
    }
}

fn message(published: traffic::PublishedMessage) -> Message {
    Message {
        topic: published.topic.to_owned(),
        attributes: published
            .attributes
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    }
}

fn event(emitted: traffic::EmittedEvent) -> Event {
    let detail = emitted
        .detail
        .map(|(name, value)| (name.to_owned(), Value::from(value)));
    Event {
        bus: emitted.bus.to_owned(),
        source: emitted.source.to_owned(),
        detail_type: emitted.detail_type.to_owned(),
        detail: Value::Object(Map::from_iter(detail)),
    }
}
