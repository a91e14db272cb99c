//! Messages at volume: what the fuzz target `envelopes` looks for, within a second or two.

#[path = "../properties/envelopes.rs"]
mod properties;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_message_with_a_few_wrong_bytes_stands_for_itself(
        body in sound_body(),
        wrong in vec((any::<prop::sample::Index>(), any::<char>()), 0..3),
    ) {
        let mut characters: Vec<char> = body.chars().collect();
        for (place, character) in wrong {
            let place = place.index(characters.len());
            characters[place] = character;
        }
        block_on(properties::hold_for_body(&String::from_iter(characters)));
    }

    #[test]
    fn a_message_with_another_value_somewhere_stands_for_itself(
        body in sound_body(),
        member in any::<prop::sample::Index>(),
        value in value(),
    ) {
        let mut body: Value = serde_json::from_str(&body).unwrap();
        let mut members = Vec::new();
        pointers(&body, "", &mut members);
        *body.pointer_mut(member.get::<String>(&members)).unwrap() = value;
        block_on(properties::hold_for_body(&body.to_string()));
    }

    #[test]
    fn an_event_with_other_values_is_answered_for_its_messages_only(
        fixture in select(&FIXTURES[..]),
        changes in vec((any::<prop::sample::Index>(), value()), 0..3),
    ) {
        let mut event: Value = serde_json::from_str(fixture).unwrap();
        for (member, value) in changes {
            let mut members = Vec::new();
            pointers(&event, "", &mut members);
            *event.pointer_mut(member.get::<String>(&members)).unwrap() = value;
        }
        block_on(properties::hold_for_event(event.to_string().as_bytes()));
    }
}

const FIXTURES: [&str; 3] = [
    include_str!("../fixtures/sqs-sns-envelope.json"),
    include_str!("../fixtures/sqs-raw.json"),
    include_str!("../fixtures/sqs-eventbridge.json"),
];

fn sound_body() -> impl Strategy<Value = String> {
    select(&FIXTURES[..]).prop_map(|fixture| {
        let event: Value = serde_json::from_str(fixture).unwrap();
        event["Records"][0]["body"].as_str().unwrap().to_owned()
    })
}

fn value() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "Notification",
        "CL",
        "PE",
        "COMPLETED",
        "00123",
        "{}",
        "2030-05-20T20:30:00Z",
    ];
    prop_oneof![
        select(texts.to_vec()).prop_map(Value::from),
        "\\PC{0,80}".prop_map(Value::from),
        select(vec![Value::Null, json!(7), json!(false), json!([]), json!({})]),
    ]
}

/// The JSON pointers of all that is inside.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| pointers(value, &format!("{at}/{name}"), found)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), found)),
        _ => {}
    }
}

fn block_on(promise: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(promise);
}
