//! A template as the comparison reads it: every resource with its values resolved as far as the template goes.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use infra_synth_cfn::Template;
use serde_json::Value as Json;

use super::resolve::Resolver;
use super::rules;
use super::value::Value;

/// What a template declares.
pub(crate) struct Model<'t> {
    pub(crate) template: &'t Template,
    pub(crate) resources: IndexMap<String, Resource>,
    /// Parameters whose value must not be shown.
    pub(crate) no_echo: Vec<String>,
}

/// One resource.
pub(crate) struct Resource {
    pub(crate) id: String,
    pub(crate) resource_type: String,
    pub(crate) properties: BTreeMap<String, Value>,
    /// What stands beside the properties: `DeletionPolicy`, `DependsOn`, …
    pub(crate) attributes: BTreeMap<String, Value>,
    /// The section `Properties` is not a map of names to values.
    pub(crate) unreadable: bool,
}

impl<'t> Model<'t> {
    /// `other` is the template that it is compared to: what a reference means is spelled out where the two differ in it.
    pub(crate) fn read(template: &'t Template, other: &Template) -> Self {
        let json = template.as_value();
        let resolver = Resolver::new(json, other.as_value());
        let resources = section(json, "Resources")
            .map(|(id, declared)| (id.clone(), Resource::read(id, declared, &resolver)))
            .collect();
        let no_echo = section(json, "Parameters")
            .filter(|(_, parameter)| parameter["NoEcho"] == Json::Bool(true) || parameter["NoEcho"] == "true")
            .map(|(name, _)| name.clone())
            .collect();
        Self {
            template,
            resources,
            no_echo,
        }
    }

    /// The resources of a type.
    pub(crate) fn of_type<'m>(&'m self, resource_type: &'m str) -> impl Iterator<Item = &'m Resource> {
        self.resources
            .values()
            .filter(move |resource| resource.resource_type == resource_type)
    }

    /// Whether a hole names something that holds a secret.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        self.no_echo.iter().any(|parameter| parameter == name)
            || self.resources.get(name).is_some_and(|resource| {
                resource.resource_type.starts_with("AWS::SecretsManager::")
                    || resource.resource_type == "AWS::SSM::Parameter"
            })
    }
}

impl Resource {
    fn read(id: &str, declared: &Json, resolver: &Resolver<'_>) -> Self {
        let resource_type = declared["Type"].as_str().unwrap_or_default().to_owned();
        let ordered = !rules::knows(&resource_type);
        let mut properties = BTreeMap::new();
        let mut unreadable = declared["Type"].as_str().is_none();
        match declared
            .get("Properties")
            .map(|properties| resolver.value(properties, ordered))
        {
            Some(Some(Value::Map(fields))) => properties = fields,
            Some(Some(_)) => unreadable = true,
            Some(None) | None => {}
        }
        let attributes = declared
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !matches!(name.as_str(), "Type" | "Properties"))
            .filter_map(|(name, value)| {
                let value = if name == "Condition" {
                    Some(resolver.condition(value))
                } else {
                    resolver.value(value, false)
                };
                Some((name.clone(), value?))
            })
            .collect();
        Self {
            id: id.to_owned(),
            resource_type,
            properties,
            attributes,
            unreadable,
        }
    }

    /// The same resource as if nothing were said about it.
    pub(crate) fn without_properties(&self) -> Self {
        Self {
            id: self.id.clone(),
            resource_type: self.resource_type.clone(),
            properties: BTreeMap::new(),
            attributes: BTreeMap::new(),
            unreadable: false,
        }
    }

    pub(crate) fn property(&self, name: &str) -> Option<&Value> {
        self.properties.get(name)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_literal)
    }
}

/// The entries of a section; none if it is absent or no map.
pub(crate) fn section<'j>(template: &'j Json, name: &str) -> impl Iterator<Item = (&'j String, &'j Json)> {
    template.get(name).and_then(Json::as_object).into_iter().flatten()
}
