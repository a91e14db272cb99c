//! IAM's decision on one request, as plainly as it can be written.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value as Json;

/// Who calls what, on which resource, with which keys known.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `AWS:…` or `Service:…`.
    principal: &'static str,
    action: &'static str,
    resource: &'static str,
    context: BTreeMap<&'static str, &'static str>,
}

impl Request {
    /// Every combination of a few of each.
    pub(crate) fn samples() -> &'static [Self] {
        static SAMPLES: LazyLock<Vec<Request>> = LazyLock::new(Request::combined);
        &SAMPLES
    }

    fn combined() -> Vec<Self> {
        let mut samples = Vec::new();
        for principal in [
            "AWS:arn:aws:iam::1:role/r",
            "AWS:arn:aws:iam::1:role/s",
            "Service:sns.amazonaws.com",
        ] {
            for action in ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteQueue"] {
                for resource in [
                    "arn:aws:sqs:us-east-1:1:a",
                    "arn:aws:sqs:us-east-1:1:b",
                    "arn:aws:sqs:us-east-1:1:ab",
                ] {
                    for context in contexts() {
                        samples.push(Self {
                            principal,
                            action,
                            resource,
                            context,
                        });
                    }
                }
            }
        }
        samples
    }
}

fn contexts() -> Vec<BTreeMap<&'static str, &'static str>> {
    let keys: [(&str, &[Option<&str>]); 4] = [
        ("aws:sourceaccount", &[None, Some("1"), Some("2")]),
        ("aws:principaltag/team", &[None, Some("team"), Some("x")]),
        ("aws:securetransport", &[Some("true"), Some("false")]),
        (
            "aws:sourcearn",
            &[
                None,
                Some("arn:aws:sns:us-east-1:1:t"),
                Some("arn:aws:sns:us-east-1:2:u"),
            ],
        ),
    ];
    let mut contexts = vec![BTreeMap::new()];
    for (key, values) in keys {
        contexts = contexts
            .into_iter()
            .flat_map(|context| {
                values.iter().map(move |value| {
                    let mut context = context.clone();
                    context.extend(value.map(|value| (key, value)));
                    context
                })
            })
            .collect();
    }
    contexts
}

/// Allowed by one statement and denied by none.
pub(crate) fn allows(statements: &[Json], request: &Request) -> bool {
    let said = |effect: &str| {
        statements
            .iter()
            .any(|statement| statement["Effect"] == effect && applies(statement, request))
    };
    said("Allow") && !said("Deny")
}

fn applies(statement: &Json, request: &Request) -> bool {
    let either = |name: &str, test: &dyn Fn(&Json) -> bool| match statement.get(name) {
        Some(list) => test(list),
        None => !test(&statement[format!("Not{name}")]),
    };
    let action = request.action.to_lowercase();
    either("Principal", &|list| {
        principals(list)
            .iter()
            .any(|principal| principal == "AWS:*" || principal == request.principal)
    }) && either("Action", &|list| {
        texts(list)
            .iter()
            .any(|pattern| glob(&pattern.to_lowercase(), &action))
    }) && either("Resource", &|list| {
        texts(list).iter().any(|pattern| glob(pattern, request.resource))
    }) && statement
        .get("Condition")
        .is_none_or(|condition| holds(condition, request))
}

fn principals(list: &Json) -> Vec<String> {
    match list {
        Json::Object(kinds) => kinds
            .iter()
            .flat_map(|(kind, list)| texts(list).into_iter().map(move |text| format!("{kind}:{text}")))
            .collect(),
        other => texts(other)
            .into_iter()
            .map(|text| format!("AWS:{text}"))
            .collect(),
    }
}

fn holds(condition: &Json, request: &Request) -> bool {
    let operators = condition.as_object().unwrap();
    operators.iter().all(|(operator, keys)| {
        keys.as_object().unwrap().iter().all(|(key, expected)| {
            compare(
                operator,
                request.context.get(key.to_lowercase().as_str()).copied(),
                &texts(expected),
            )
        })
    })
}

fn compare(operator: &str, found: Option<&str>, expected: &[String]) -> bool {
    let any = |test: &dyn Fn(&str, &str) -> bool| {
        found.is_some_and(|found| expected.iter().any(|pattern| test(pattern, found)))
    };
    match operator {
        "StringEquals" | "Bool" => any(&|pattern, text| pattern == text),
        "StringEqualsIfExists" => found.is_none() || any(&|pattern, text| pattern == text),
        "StringNotEquals" => !any(&|pattern, text| pattern == text),
        "StringLike" => any(&glob),
        "StringLikeIfExists" => found.is_none() || any(&glob),
        "StringNotLike" => !any(&glob),
        "ArnLike" | "ArnEquals" => any(&arn_glob),
        "ArnNotLike" | "ArnNotEquals" => !any(&arn_glob),
        "Null" => expected
            .iter()
            .any(|expected| (expected == "true") == found.is_none()),
        other => panic!("no such operator: {other}"),
    }
}

/// Part by part: a wildcard does not reach over a colon.
fn arn_glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<&str>, Vec<&str>) =
        (pattern.splitn(6, ':').collect(), text.splitn(6, ':').collect());
    pattern.len() == text.len()
        && pattern
            .iter()
            .zip(&text)
            .all(|(pattern, text)| glob(pattern, text))
}

fn texts(json: &Json) -> Vec<String> {
    match json {
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        Json::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            glob(&pattern[1..], text)
                || text
                    .chars()
                    .next()
                    .is_some_and(|first| glob(pattern, &text[first.len_utf8()..]))
        }
        Some(expected) => text.chars().next().is_some_and(|first| {
            (expected == '?' || expected == first)
                && glob(&pattern[expected.len_utf8()..], &text[first.len_utf8()..])
        }),
    }
}
