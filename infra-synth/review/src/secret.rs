//! What in a template is a secret, for everything that judges one and everything that must not repeat one.

mod shape;

use serde_json::Value as Json;

pub(crate) use shape::{is_secret_name, looks_secret, without_references};

/// Fields by which an entry of a list says what its value is called.
const NAMES: [&str; 4] = ["Name", "Key", "ParameterName", "ParameterKey"];

/// Fields that hold what something else is called by.
pub(crate) fn is_value_field(field: &str) -> bool {
    matches!(field, "Value" | "Default" | "AllowedValues" | "ParameterValue")
}

/// Whether a text that is called so is a secret in plain text.
pub(crate) fn is_exposed(name: &str, text: &str) -> bool {
    let literal = without_references(text);
    if literal.eq_ignore_ascii_case("true") || literal.eq_ignore_ascii_case("false") {
        return false;
    }
    is_secret_name(name) && literal.chars().any(char::is_alphanumeric)
        || !is_fingerprint(name) && looks_secret(&literal)
        || holds_exposed(&literal)
}

/// Whether a text is JSON with a secret in it.
fn holds_exposed(text: &str) -> bool {
    if !text.trim_start().starts_with(['{', '[']) {
        return false;
    }
    let Ok(inside) = serde_json::from_str::<Json>(text) else {
        return false;
    };
    let mut found = false;
    // What is inside is shorter, save a function, which is told as it stands.
    walk(&inside, "", "", &mut |name, _, part| {
        found |= part.len() < text.len() && is_exposed(name, part);
    });
    found
}

/// The texts of a function's argument that may come out of it as they are: not what it refers to, nor what it decides by.
pub(crate) fn handed_on(argument: &Json) -> Vec<String> {
    match argument {
        Json::String(text) => vec![text.clone()],
        Json::Number(number) => vec![number.to_string()],
        Json::Array(items) => items.iter().flat_map(handed_on).collect(),
        Json::Object(fields) => {
            let call = fields
                .iter()
                .next()
                .filter(|(key, _)| fields.len() == 1 && is_function(key));
            match call {
                None => fields.values().flat_map(handed_on).collect(),
                Some((name, argument)) => passed(name, argument).into_iter().flat_map(handed_on).collect(),
            }
        }
        Json::Null | Json::Bool(_) => Vec::new(),
    }
}

fn is_function(key: &str) -> bool {
    key == "Ref" || key.starts_with("Fn::")
}

/// The parts of a function's argument that may come out of it.
fn passed<'a>(function: &str, argument: &'a Json) -> Vec<&'a Json> {
    match function {
        "Fn::If" => argument.as_array().into_iter().flatten().skip(1).collect(),
        "Fn::Base64" | "Fn::Sub" | "Fn::Join" => vec![argument],
        "Fn::Select" | "Fn::Split" => argument.get(1).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Calls `seen` with the name, the path and the text of every value; `name` is what the whole is called.
pub(crate) fn walk(value: &Json, name: &str, path: &str, seen: &mut impl FnMut(&str, &str, &str)) {
    match value {
        Json::Object(fields) => {
            let call = fields
                .iter()
                .next()
                .filter(|(key, _)| fields.len() == 1 && is_function(key));
            if let Some((function, argument)) = call {
                // A text in it is told as a whole; what is chosen or made of texts, by each of them.
                if matches!(
                    function.as_str(),
                    "Fn::If" | "Fn::Base64" | "Fn::Select" | "Fn::Split"
                ) {
                    for part in passed(function, argument) {
                        walk(part, name, path, seen);
                    }
                } else {
                    seen(name, path, &infra_synth_wiring::text(value));
                }
                return;
            }
            let beside = NAMES.iter().find_map(|key| fields.get(*key)?.as_str());
            for (key, field) in fields {
                let called = if is_value_field(key) {
                    beside
                        .or(Some(name))
                        .filter(|name| !name.is_empty())
                        .unwrap_or(key)
                } else {
                    key
                };
                walk(field, called, &join(path, key), seen);
            }
        }
        Json::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                walk(item, name, &join(path, &position.to_string()), seen);
            }
        }
        Json::String(text) => seen(name, path, text),
        Json::Number(number) => seen(name, path, &number.to_string()),
        Json::Null | Json::Bool(_) => {}
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Properties that hold hashes of code, which look as random as secrets.
fn is_fingerprint(name: &str) -> bool {
    matches!(
        name,
        "S3Key" | "CodeSha256" | "TemplateURL" | "ImageUri" | "ZipFile"
    )
}
