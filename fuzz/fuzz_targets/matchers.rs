//! `[pattern, event]` as text: a pattern takes what a naive reading of it takes, and a filter policy of the same text
//! takes the event's own values as the rule does.
#![no_main]

#[path = "../../infra-synth/matching/src/event_pattern/tests/naive.rs"]
mod naive;

use std::collections::BTreeMap;

use infra_synth_matching::{EventPattern, FilterPolicy, MessageAttribute};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;

/// The naive reading tries every choice of list elements, and their number grows with a power of the text.
const LONGEST: usize = 400;

fuzz_target!(|input: &[u8]| -> Corpus {
    if input.len() > LONGEST {
        return Corpus::Reject;
    }
    let Ok((pattern, event)) = serde_json::from_slice::<(Value, Value)>(input) else {
        return Corpus::Reject;
    };
    let Ok(rule) = EventPattern::parse(&pattern) else {
        return Corpus::Keep;
    };
    let taken = rule.matches(&event);
    if !event.is_object() {
        assert!(!taken, "an event is an object");
        return Corpus::Keep;
    }
    if read_naively(&pattern) && read_naively(&event) && conditions_read_naively(&pattern) {
        assert_eq!(taken, naive::matches(&pattern, &event), "{pattern} on {event}");
    }
    if let Ok(policy) = FilterPolicy::parse(&pattern)
        && let Some(attributes) = attributes(&event)
    {
        assert_eq!(policy.matches(&attributes), taken, "{pattern} on {event}");
    }
    Corpus::Keep
});

/// The naive reading joins names with dots, compares numbers as floats, and knows no capitals but ASCII's.
fn read_naively(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() < 9e15),
        Value::String(text) => text.is_ascii(),
        Value::Array(list) => list.iter().all(read_naively),
        Value::Object(entries) => entries
            .iter()
            .all(|(name, entry)| !name.contains(['.', '[']) && read_naively(entry)),
    }
}

/// It knows `anything-but` with a list of values only.
fn conditions_read_naively(level: &Value) -> bool {
    match level {
        Value::Array(conditions) => conditions
            .iter()
            .all(|condition| condition.get("anything-but").is_none_or(Value::is_array)),
        Value::Object(entries) => entries.values().all(conditions_read_naively),
        _ => false,
    }
}

/// The attributes that hold the same as a flat event of texts and numbers; SNS says of an empty text, and of a message
/// without attributes, what a rule does not.
fn attributes(event: &Value) -> Option<BTreeMap<String, MessageAttribute>> {
    let entries = event.as_object().filter(|entries| !entries.is_empty())?;
    entries
        .iter()
        .map(|(name, value)| {
            let (data_type, value) = match value {
                Value::String(text) if !text.is_empty() => ("String", text.clone()),
                Value::Number(number) => ("Number", number.to_string()),
                _ => return None,
            };
            let data_type = data_type.to_owned();
            Some((name.clone(), MessageAttribute { data_type, value }))
        })
        .collect()
}
