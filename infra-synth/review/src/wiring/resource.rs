use infra_synth_cfn::resources::name_property;
use serde_json::Value as Json;

/// One resource of a template.
#[derive(Clone, Copy)]
pub(crate) struct Resource<'a> {
    pub(crate) id: &'a str,
    /// Its type, for example `AWS::SQS::Queue`; empty when the template does not say.
    pub(crate) kind: &'a str,
    pub(crate) body: &'a Json,
}

impl<'a> Resource<'a> {
    pub(crate) fn new(id: &'a str, body: &'a Json) -> Self {
        let kind = body.get("Type").and_then(Json::as_str).unwrap_or_default();
        Self { id, kind, body }
    }

    /// The property at a path of names joined by dots.
    pub(crate) fn property(&self, path: &str) -> Option<&'a Json> {
        path.split('.')
            .try_fold(self.body.get("Properties")?, |json, name| json.get(name))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&'a str> {
        self.property(path).and_then(Json::as_str)
    }

    pub(crate) fn number(&self, path: &str) -> Option<f64> {
        self.property(path).and_then(number)
    }

    /// Whether the property is `true`, as a boolean or, as CloudFormation allows too, in words.
    pub(crate) fn flag(&self, path: &str) -> bool {
        self.property(path)
            .is_some_and(|json| json == &Json::Bool(true) || json.as_str() == Some("true"))
    }

    /// The items of a list property; a single value counts as a list of one.
    pub(crate) fn list(&self, path: &str) -> Vec<&'a Json> {
        self.property(path).map(items).unwrap_or_default()
    }

    /// The service as ARNs name it: `sqs` of `AWS::SQS::Queue`.
    pub(crate) fn service(&self) -> String {
        self.kind.split("::").nth(1).unwrap_or_default().to_lowercase()
    }

    /// The name that it has outside the template, if the template says it in plain text.
    pub(crate) fn physical_name(&self) -> Option<&'a str> {
        self.text(name_property(self.kind).unwrap_or("Name"))
    }
}

/// The items of a list; anything else counts as a list of one, as it does in policies.
pub(crate) fn items(json: &Json) -> Vec<&Json> {
    match json {
        Json::Array(items) => items.iter().collect(),
        single => vec![single],
    }
}

pub(crate) fn number(json: &Json) -> Option<f64> {
    json.as_f64().or_else(|| json.as_str()?.parse().ok())
}
