//! How dead letters are written.

use std::collections::BTreeMap;

use infra_synth_operations::{
    Cause, Chosen, DeadLetter, DeadLetterQueue, Letters, Outcome, UNDELIVERED_ATTRIBUTES, by_cause, masked,
    masked_attribute,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What a screen has room for; the rest is counted.
const SHOWN_OF_A_CAUSE: usize = 10;

pub(super) fn count(messages: usize) -> String {
    match messages {
        1 => "1 message".to_owned(),
        messages => format!("{messages} messages"),
    }
}

/// The queues that hold something, by cause, and then those that do not.
pub(super) fn list(contents: &[(DeadLetterQueue, Letters)], now: Timestamp) -> String {
    let mut text = String::new();
    for (
        queue,
        Letters {
            seen: letters,
            unseen,
        },
    ) in contents
    {
        let Some(oldest) = letters.iter().map(|letter| letter.sent_at).min() else {
            continue;
        };
        text.push_str(&format!(
            "{}: {}, the oldest sent {} ago; {}\n",
            queue.name,
            count(letters.len()),
            age(oldest, now),
            way_back(queue)
        ));
        for (kind, group) in by_cause(letters, queue) {
            text.push_str(&format!("  {} {}: {}\n", group.len(), kind.name(), kind.advice()));
            for (letter, cause) in group.iter().take(SHOWN_OF_A_CAUSE) {
                text.push_str(&format!(
                    "    {}  sent {}  {cause}\n",
                    letter.id,
                    seconds(letter.sent_at)
                ));
            }
            if group.len() > SHOWN_OF_A_CAUSE {
                text.push_str(&format!(
                    "    … and {} more: --format json has all\n",
                    group.len() - SHOWN_OF_A_CAUSE
                ));
            }
        }
        if *unseen > 0 {
            text.push_str(&format!("  {}\n", others(*unseen)));
        }
        text.push('\n');
    }
    for (queue, letters) in contents {
        if letters.seen.is_empty() && letters.unseen > 0 {
            text.push_str(&format!("{}: {}\n\n", queue.name, others(letters.unseen)));
        }
    }
    let empty: Vec<&str> = contents
        .iter()
        .filter(|(_, letters)| letters.seen.is_empty() && letters.unseen == 0)
        .map(|(queue, _)| queue.name.as_str())
        .collect();
    if !empty.is_empty() {
        text.push_str(&format!("empty: {}\n", empty.join(", ")));
    }
    text
}

fn others(unseen: usize) -> String {
    format!(
        "about {} more, in hand of somebody else or too many at once",
        count(unseen)
    )
}

pub(super) fn list_json(contents: &[(DeadLetterQueue, Letters)]) -> String {
    let queues: Vec<Value> = contents
        .iter()
        .map(|(queue, letters)| {
            let messages: Vec<Value> = letters
                .seen
                .iter()
                .map(|letter| summary(letter, &Cause::of(letter, queue)))
                .collect();
            json!({"name": queue.name, "origin": queue.origin, "source": queue.source, "unseen": letters.unseen, "messages": messages})
        })
        .collect();
    format!("{:#}\n", json!({ "queues": queues }))
}

pub(super) fn messages(chosen: &[Chosen], health_data: bool) -> String {
    let mut text = String::new();
    for one in chosen {
        text.push_str(&format!(
            "{}  in {}\n  {}\n  sent {}, received {} times\n",
            one.letter.id,
            one.queue.name,
            one.cause(),
            seconds(one.letter.sent_at),
            one.letter.receive_count
        ));
        for (name, value) in attributes(&one.letter, health_data) {
            text.push_str(&format!("  {name}: {value}\n"));
        }
        let body = if health_data {
            one.letter.body.reveal().to_owned()
        } else {
            format!("{:#}", masked(&one.letter.body))
        };
        for line in body.lines() {
            text.push_str(&format!("  {line}\n"));
        }
        text.push('\n');
    }
    if chosen.is_empty() {
        text.push_str("no message fits\n");
    }
    text
}

pub(super) fn messages_json(chosen: &[Chosen], health_data: bool) -> String {
    let messages: Vec<Value> = chosen
        .iter()
        .map(|one| {
            let mut message = summary(&one.letter, &one.cause());
            message["queue"] = json!(one.queue.name);
            message["source"] = json!(one.queue.source);
            message["attributes"] = json!(attributes(&one.letter, health_data));
            message["body"] = if health_data {
                json!(one.letter.body.reveal())
            } else {
                masked(&one.letter.body)
            };
            message
        })
        .collect();
    format!("{:#}\n", json!({ "messages": messages }))
}

/// What is about to be done, message by message.
pub(super) fn plan(what: &str, chosen: &[Chosen]) -> String {
    let mut text = format!("{} {what}\n", count(chosen.len()));
    for one in chosen {
        text.push_str(&format!(
            "  {}  {}  {}\n",
            one.letter.id,
            one.queue.name,
            one.cause()
        ));
    }
    text
}

pub(super) fn outcome(outcome: &Outcome, done: &str) -> String {
    let mut text = format!("{} {done}\n", count(outcome.done.len()));
    if !outcome.gone.is_empty() {
        text.push_str(&format!(
            "{} gone before: somebody else took them out\n",
            count(outcome.gone.len())
        ));
    }
    text
}

pub(super) fn outcome_json(outcome: &Outcome) -> String {
    let outcome = json!({
        "done": outcome.done,
        "gone": outcome.gone,
        "stopped": outcome.stopped.as_ref().map(ToString::to_string),
    });
    format!("{outcome:#}\n")
}

fn summary(letter: &DeadLetter, cause: &Cause) -> Value {
    json!({
        "id": letter.id,
        "sentAt": letter.sent_at,
        "receiveCount": letter.receive_count,
        "cause": cause.kind().name(),
        "detail": cause.to_string(),
    })
}

fn attributes(letter: &DeadLetter, health_data: bool) -> BTreeMap<&str, &str> {
    let all = letter.attributes.iter();
    all.filter(|(name, _)| health_data || UNDELIVERED_ATTRIBUTES.contains(&name.as_str()))
        .map(|(name, value)| match health_data {
            true => (name.as_str(), value.as_str()),
            false => (name.as_str(), masked_attribute(name, value)),
        })
        .collect()
}

fn way_back(queue: &DeadLetterQueue) -> String {
    match &queue.source {
        Some(source) => format!("redrive puts them into {source}"),
        None => "they were for no queue, so redrive has nowhere to put them".to_owned(),
    }
}

fn seconds(time: Timestamp) -> String {
    format!("{time:.0}")
}

/// The two largest units that say something.
fn age(since: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(since).as_secs().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
