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
}

/// Calls `seen` with the name, the path and the text of every value; `name` is what the whole is called.
pub(crate) fn walk(value: &Json, name: &str, path: &str, seen: &mut impl FnMut(&str, &str, &str)) {
    match value {
        Json::Object(fields) => {
            if fields.len() == 1 && fields.keys().any(|key| key == "Ref" || key.starts_with("Fn::")) {
                seen(name, path, &crate::wiring::text(value));
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
