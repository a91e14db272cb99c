use std::collections::BTreeMap;

use infra_synth_matching::{EventPattern, FilterPolicy, MessageAttribute, PatternError};
use serde_json::Value as Json;

use crate::check::rule::{Looks, Rule, Severity};
use crate::check::{Event, Facts, Message};
use infra_synth_wiring::{Resource, Wiring};

pub(super) static FILTER_MATCHES_PUBLISHED: Rule = Rule {
    id: "filter-matches-a-message",
    severity: Severity::Error,
    title: "Every subscription's filter lets some message of ours through",
    why: "A filter that matches nothing looks like a quiet day",
    mend: "Filter on attributes and values that `core` publishes",
    also_known_as: &[],
    look: filter_matches_published,
};

pub(super) static MESSAGE_HAS_ONE_SUBSCRIBER: Rule = Rule {
    id: "message-has-one-subscriber",
    severity: Severity::Error,
    title: "Every message that we publish reaches exactly one queue",
    why: "With none an appointment stays pending for ever; with two it is booked in two countries",
    mend: "Give every country one subscription, and no subscription two countries' messages",
    also_known_as: &[],
    look: message_has_one_subscriber,
};

pub(super) static PATTERN_MATCHES_EMITTED: Rule = Rule {
    id: "pattern-matches-an-event",
    severity: Severity::Error,
    title: "Every rule's pattern matches an event that we emit",
    why: "A pattern that matches nothing looks like a quiet day",
    mend: "Match on `source` and `detail-type` as `core` writes them",
    also_known_as: &[],
    look: pattern_matches_emitted,
};

pub(super) static EVENT_HAS_RULE: Rule = Rule {
    id: "event-has-a-rule",
    severity: Severity::Error,
    title: "Every event that we emit is matched by a rule",
    why: "EventBridge drops what no rule matches, without a word",
    mend: "Add a rule for the event, or stop emitting it",
    also_known_as: &[],
    look: event_has_rule,
};

fn filter_matches_published(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    if facts.messages.is_empty() {
        return;
    }
    for subscription in wiring.of("AWS::SNS::Subscription") {
        let published = facts
            .messages
            .iter()
            .filter(|message| is_on(wiring, subscription, message));
        let matched = any(published, |message| lets_through(subscription, message));
        say(
            looks,
            matched,
            subscription,
            "FilterPolicy",
            "no message that we publish gets through this filter",
        );
    }
}

fn message_has_one_subscriber(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    for message in &facts.messages {
        let Some(topic) = wiring.get(&message.topic) else {
            let has_topics = wiring.of("AWS::SNS::Topic").next().is_some();
            if has_topics {
                looks.expect_of(
                    false,
                    &message.topic,
                    "",
                    "we publish to a topic that is not in the template",
                );
            }
            continue;
        };
        let mut subscribers = Vec::new();
        let mut unknown = None;
        for subscription in wiring
            .of("AWS::SNS::Subscription")
            .filter(|one| is_on(wiring, *one, message))
        {
            match lets_through(subscription, message) {
                Ok(true) => subscribers.push(subscription.id),
                Ok(false) => {}
                Err(condition) => unknown = Some(condition),
            }
        }
        let said: Vec<String> = message
            .attributes
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let said = said.join(", ");
        match (unknown, &subscribers[..]) {
            (Some(condition), _) => looks.unsure(
                topic,
                "",
                format!("who gets the message with {said}: {condition}"),
            ),
            (None, []) => looks.expect(false, topic, "", format!("nobody gets the message with {said}")),
            (None, [_]) => looks.expect(true, topic, "", ""),
            (None, several) => {
                let what = format!("`{}` all get the message with {said}", several.join("`, `"));
                looks.expect(false, topic, "", what);
            }
        }
    }
}

fn is_on(wiring: &Wiring<'_>, subscription: Resource<'_>, message: &Message) -> bool {
    let topic = subscription
        .property("TopicArn")
        .and_then(|arn| wiring.target(arn));
    topic.is_some_and(|topic| topic.id == message.topic)
}

/// What cannot be judged, and why.
#[derive(Debug, thiserror::Error)]
enum Unknown {
    #[error(transparent)]
    Pattern(#[from] PatternError),
    #[error("filters on `MessageBody` are not judged: nobody said what is in the bodies")]
    MessageBody,
}

fn lets_through(subscription: Resource<'_>, message: &Message) -> Result<bool, Unknown> {
    let Some(filter) = subscription.property("FilterPolicy") else {
        return Ok(true);
    };
    if subscription.text("FilterPolicyScope") == Some("MessageBody") {
        return Err(Unknown::MessageBody);
    }
    let text = |value: &String| MessageAttribute {
        data_type: "String".to_owned(),
        value: value.clone(),
    };
    let attributes: BTreeMap<String, MessageAttribute> = message
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    Ok(FilterPolicy::parse(filter)?.matches(&attributes))
}

fn takes(pattern: &Json, event: &Event) -> Result<bool, Unknown> {
    Ok(EventPattern::parse(pattern)?.matches(&event.envelope()))
}

fn pattern_matches_emitted(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    if facts.events.is_empty() {
        return;
    }
    for rule in wiring.of("AWS::Events::Rule") {
        let Some(pattern) = rule.property("EventPattern") else {
            continue;
        };
        let emitted = facts.events.iter().filter(|event| is_of(wiring, rule, event));
        let matched = any(emitted, |event| takes(pattern, event));
        say(
            looks,
            matched,
            rule,
            "EventPattern",
            "no event that we emit matches this pattern",
        );
    }
}

fn event_has_rule(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    for event in &facts.events {
        let Some(bus) = wiring.get(&event.bus) else {
            continue;
        };
        let rules = wiring.of("AWS::Events::Rule").filter(|rule| {
            is_of(wiring, *rule, event)
                && rule.text("State") != Some("DISABLED")
                && !rule.list("Targets").is_empty()
        });
        let patterns = rules.filter_map(|rule| rule.property("EventPattern"));
        let matched = any(patterns, |pattern| takes(pattern, event));
        let what = format!(
            "no rule takes the event `{}` of `{}`",
            event.detail_type, event.source
        );
        say(looks, matched, bus, "", &what);
    }
}

fn is_of(wiring: &Wiring<'_>, rule: Resource<'_>, event: &Event) -> bool {
    let bus = rule.property("EventBusName").and_then(|name| wiring.target(name));
    bus.is_some_and(|bus| bus.id == event.bus)
}

/// Whether any holds; an unknown condition counts only when nothing known does.
fn any<T>(
    items: impl Iterator<Item = T>,
    holds: impl Fn(T) -> Result<bool, Unknown>,
) -> Result<bool, Unknown> {
    let mut result = Ok(false);
    for item in items {
        match holds(item) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(unknown) => result = Err(unknown),
        }
    }
    result
}

fn say(looks: &mut Looks, kept: Result<bool, Unknown>, at: Resource<'_>, path: &str, what: &str) {
    match kept {
        Ok(kept) => looks.expect(kept, at, path, what),
        Err(unknown) => looks.unsure(at, path, unknown.to_string()),
    }
}
