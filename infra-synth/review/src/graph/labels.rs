use serde_json::Value as Json;

use infra_synth_wiring::{Resource, Wiring, items, text};

/// What a pattern or filter asks for, readable: `country = PE or CL`.
pub(super) fn conditions(pattern: &Json) -> String {
    let mut parts = Vec::new();
    collect(pattern, "", &mut parts);
    parts.join(", ")
}

fn collect(pattern: &Json, path: &str, parts: &mut Vec<String>) {
    for (name, wanted) in pattern.as_object().into_iter().flatten() {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        if wanted.is_object() {
            collect(wanted, &path, parts);
        } else {
            let values: Vec<String> = items(wanted).into_iter().map(text).collect();
            parts.push(format!("{path} = {}", values.join(" or ")));
        }
    }
}

/// What all functions' names begin with, up to a hyphen: the service and the stage, which a picture need not repeat.
pub(super) fn common_prefix(wiring: &Wiring<'_>) -> String {
    let names: Vec<&str> = wiring
        .functions()
        .filter_map(|function| function.physical_name())
        .collect();
    let [first, rest @ ..] = &names[..] else {
        return String::new();
    };
    if rest.is_empty() {
        return String::new();
    }
    let shared = first
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| rest.iter().all(|name| name.get(..*end) == first.get(..*end)))
        .last()
        .unwrap_or(0);
    let end = first[..shared].rfind('-').map_or(0, |hyphen| hyphen + 1);
    first[..end].to_owned()
}

/// The name outside the template, if it has one in plain text; else the logical id.
pub(super) fn name<'a>(resource: Resource<'a>) -> &'a str {
    resource.physical_name().unwrap_or(resource.id)
}
