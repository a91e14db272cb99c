use std::collections::BTreeMap;

use serde_json::Value as Json;

/// What rules need to know of the system and no template says.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Whether the stage serves real people, so that its routes must not be open.
    pub production: bool,
    /// The day, as `YYYY-MM-DD`, by which runtimes are alive or dead; without it they are not judged.
    pub today: Option<String>,
    /// One message for each way in which our functions publish to a topic.
    pub messages: Vec<Message>,
    /// One event for each way in which our functions put events on a bus.
    pub events: Vec<Event>,
    /// What the database takes; without it connections are not judged.
    pub database: Option<Connections>,
}

/// A message as one of our functions publishes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The topic, by its logical id.
    pub topic: String,
    /// The message attributes, each of SNS's data type `String`.
    pub attributes: BTreeMap<String, String>,
}

/// An event as one of our functions puts it on a bus.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The bus, by its logical id.
    pub bus: String,
    /// The `source`.
    pub source: String,
    /// The `detail-type`.
    pub detail_type: String,
    /// The `detail`, as far as patterns may depend on it.
    pub detail: Json,
}

/// How many connections there may be, and how many a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// How many all functions together may hold.
    pub budget: u32,
    /// How many one running function may hold: the size of its pool.
    pub per_function: u32,
}

impl Event {
    /// The event as EventBridge matches it.
    pub(crate) fn envelope(&self) -> Json {
        serde_json::json!({
            "source": self.source,
            "detail-type": self.detail_type,
            "detail": self.detail,
        })
    }
}
