//! A template read as a system: what is in it, and which resource names which.
#![warn(missing_docs)]

use indexmap::IndexMap;
use infra_synth_cfn::Template;
use serde_json::{Map, Value as Json};

mod compute;
mod delivery;
mod policy;
mod resource;

pub use compute::Call;
pub use delivery::{DeadLetters, Feed, Giver, Mapping};
pub use policy::{Condition, Statement, covers, statements};
pub use resource::{Resource, items, number};

/// The resources of a template, in the order of declaration.
pub struct Wiring<'a> {
    template: &'a Template,
    resources: IndexMap<&'a str, Resource<'a>>,
}

impl<'a> Wiring<'a> {
    /// Reads a template; what is no map of resources is none.
    pub fn new(template: &'a Template) -> Self {
        let section = template.as_value().get("Resources").and_then(Json::as_object);
        let resources = section
            .into_iter()
            .flatten()
            .map(|(id, body)| (id.as_str(), Resource::new(id, body)))
            .collect();
        Self { template, resources }
    }

    /// The whole of it.
    pub fn template(&self) -> &'a Json {
        self.template.as_value()
    }

    /// Its parameters, by name.
    pub fn parameters(&self) -> impl Iterator<Item = (&'a str, &'a Json)> {
        let section: Option<&Map<String, Json>> = self
            .template
            .as_value()
            .get("Parameters")
            .and_then(Json::as_object);
        section
            .into_iter()
            .flatten()
            .map(|(id, body)| (id.as_str(), body))
    }

    /// All resources.
    pub fn all(&self) -> impl Iterator<Item = Resource<'a>> {
        self.resources.values().copied()
    }

    /// The resources of one type, for example `AWS::SQS::Queue`.
    pub fn of(&self, kind: &str) -> impl Iterator<Item = Resource<'a>> {
        self.all().filter(move |resource| resource.kind == kind)
    }

    /// The resource of a logical id.
    pub fn get(&self, id: &str) -> Option<Resource<'a>> {
        self.resources.get(id).copied()
    }

    /// The resource that a value names: by `Ref` or `Fn::GetAtt`, inside a text, or by its physical name.
    pub fn target(&self, value: &Json) -> Option<Resource<'a>> {
        let text = text(value);
        variables(&text)
            .find_map(|name| self.get(name))
            .or_else(|| self.by_physical_name(&text))
    }

    /// The resource that a value is the name or the ARN of: nothing of another's name stands beside the reference.
    pub fn whole_target(&self, value: &Json) -> Option<Resource<'a>> {
        let text = text(value);
        let reference = text.rfind("${").and_then(|start| {
            let is_first = start == 0 || text[..start].ends_with([':', '/']);
            let name = text[start + 2..].strip_suffix('}')?;
            is_first.then(|| name.split_once('.').map_or(name, |(id, _)| id))
        });
        match reference {
            Some(id) => self.get(id),
            None => self.by_physical_name(&text),
        }
    }

    fn by_physical_name(&self, text: &str) -> Option<Resource<'a>> {
        // `${AWS::Region}` has colons of its own, which part nothing of an ARN.
        let flat = text.replace("AWS::", "AWS");
        let parts: Vec<&str> = flat.split(':').collect();
        let (service, name) = match parts[..] {
            ["arn", _, service, _, _, .., name] => (Some(service), name),
            [name] => (None, name),
            _ => return None,
        };
        // ARNs may have a kind before the name (`table/appointments`); names of log groups are paths.
        let last = name.rsplit('/').next().unwrap_or(name);
        self.all().find(|resource| {
            service.is_none_or(|service| service == resource.service())
                && resource
                    .physical_name()
                    .is_some_and(|own| own == name || own == last)
        })
    }
}

/// A value as text, each reference in the notation of `Fn::Sub`; the same value always gives the same text.
pub fn text(value: &Json) -> String {
    let intrinsic = value.as_object().filter(|fields| fields.len() == 1);
    let Some((function, argument)) = intrinsic.and_then(|fields| fields.iter().next()) else {
        return match value {
            Json::String(literal) => literal.clone(),
            other => other.to_string(),
        };
    };
    match (function.as_str(), argument) {
        ("Ref", Json::String(id)) => format!("${{{id}}}"),
        ("Fn::GetAtt", Json::String(dotted)) => format!("${{{dotted}}}"),
        ("Fn::GetAtt", Json::Array(parts)) => {
            let parts: Vec<String> = parts.iter().map(text).collect();
            format!("${{{}}}", parts.join("."))
        }
        ("Fn::Sub", Json::String(literal)) => literal.clone(),
        ("Fn::Sub", Json::Array(parts)) => substituted(parts),
        ("Fn::Join", Json::Array(parts)) => {
            let separator = parts.first().and_then(Json::as_str).unwrap_or_default();
            let pieces: Vec<String> = parts
                .get(1)
                .map(items)
                .unwrap_or_default()
                .iter()
                .map(|v| text(v))
                .collect();
            pieces.join(separator)
        }
        _ => value.to_string(),
    }
}

fn substituted(parts: &[Json]) -> String {
    let mut whole = parts
        .first()
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned();
    for (name, value) in parts.get(1).and_then(Json::as_object).into_iter().flatten() {
        whole = whole.replace(&format!("${{{name}}}"), &text(value));
    }
    whole
}

/// The logical ids in a text; pseudo parameters are among them, but name no resource.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| {
        let name = &rest[..rest.find('}')?];
        Some(name.split_once('.').map_or(name, |(id, _)| id))
    })
}

#[cfg(test)]
mod tests;
