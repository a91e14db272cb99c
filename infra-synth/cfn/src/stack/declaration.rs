use serde::Serialize;
use serde_json::{Value as Json, json};

/// Something that CloudFormation creates: a struct in [`resources`](crate::resources).
pub trait Resource: 'static {
    /// Its type in a template, for example `AWS::SQS::Queue`.
    fn resource_type(&self) -> &'static str;

    /// Its properties, as CloudFormation reads them; a `null` in them means "not said" and is left out.
    fn properties(&self) -> Json;
}

/// What CloudFormation does with a resource that the stack no longer wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum DeletionPolicy {
    /// Deletes it, with what is in it.
    Delete,
    /// Keeps it, outside any stack.
    Retain,
    /// Keeps it, unless the very stack operation that creates it fails: then a second try finds the name free.
    RetainExceptOnCreate,
}

/// What stands beside a resource's properties.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    /// What happens when the resource leaves the stack or the stack is deleted.
    pub deletion_policy: Option<DeletionPolicy>,
    /// What happens to the old one when an update needs a new one.
    pub update_replace_policy: Option<DeletionPolicy>,
    /// Logical ids that must exist first, though no property names them.
    pub depends_on: Vec<String>,
}

impl Attributes {
    /// One policy for deletion, and the nearest that replacement allows.
    pub fn on_removal(policy: DeletionPolicy) -> Self {
        let on_replacement = match policy {
            DeletionPolicy::Delete => DeletionPolicy::Delete,
            DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate => DeletionPolicy::Retain,
        };
        Self {
            deletion_policy: Some(policy),
            update_replace_policy: Some(on_replacement),
            ..Self::default()
        }
    }

    /// Creation only after these resources.
    pub fn depends_on(logical_ids: &[&str]) -> Self {
        Self {
            depends_on: logical_ids.iter().map(|&id| id.to_owned()).collect(),
            ..Self::default()
        }
    }
}

/// What whoever deploys is asked for.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameter {
    /// What it is for.
    pub description: &'static str,
    /// A regular expression that the whole value must match.
    pub allowed_pattern: Option<&'static str>,
    /// What CloudFormation says when the value does not match.
    pub constraint_description: Option<&'static str>,
}

impl Parameter {
    pub(super) fn to_json(&self, parameter_type: &str) -> Json {
        let mut json = json!({ "Type": parameter_type });
        let mut said = to_json(self);
        drop_nulls(&mut said);
        if let (Json::Object(json), Json::Object(said)) = (&mut json, said) {
            json.extend(said);
        }
        json
    }
}

pub(super) struct Declaration {
    pub(super) resource: Box<dyn Resource>,
    pub(super) attributes: Attributes,
}

impl Declaration {
    pub(super) fn to_json(&self) -> Json {
        let mut json = json!({ "Type": self.resource.resource_type() });
        let attributes = &self.attributes;
        if !attributes.depends_on.is_empty() {
            json["DependsOn"] = json!(attributes.depends_on);
        }
        if let Some(policy) = attributes.deletion_policy {
            json["DeletionPolicy"] = json!(policy);
        }
        if let Some(policy) = attributes.update_replace_policy {
            json["UpdateReplacePolicy"] = json!(policy);
        }
        let mut properties = self.resource.properties();
        drop_nulls(&mut properties);
        if properties
            .as_object()
            .is_some_and(|properties| !properties.is_empty())
        {
            json["Properties"] = properties;
        }
        json
    }
}

/// A resource struct's fields as JSON.
#[expect(
    clippy::expect_used,
    reason = "every struct here has text for keys, and JSON has a shape for the rest"
)]
pub(crate) fn to_json(fields: &impl Serialize) -> Json {
    serde_json::to_value(fields).expect("a struct with text for keys is always JSON")
}

fn drop_nulls(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(drop_nulls),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
