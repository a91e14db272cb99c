use infra_synth_cfn::resources::name_property;
use serde_json::Value as Json;

/// One resource of a template.
#[derive(Clone, Copy)]
pub struct Resource<'a> {
    /// Its logical id.
    pub id: &'a str,
    /// Its type, for example `AWS::SQS::Queue`; empty when the template does not say.
    pub kind: &'a str,
    /// All that the template says of it.
    pub body: &'a Json,
}

impl<'a> Resource<'a> {
    /// Reads a resource's declaration.
    pub fn new(id: &'a str, body: &'a Json) -> Self {
        let kind = body.get("Type").and_then(Json::as_str).unwrap_or_default();
        Self { id, kind, body }
    }

    /// The property at a path of names joined by dots.
    pub fn property(&self, path: &str) -> Option<&'a Json> {
        path.split('.')
            .try_fold(self.body.get("Properties")?, |json, name| json.get(name))
    }

    /// The property at a path, if it is a plain text.
    pub fn text(&self, path: &str) -> Option<&'a str> {
        self.property(path).and_then(Json::as_str)
    }

    /// The property at a path, if it is a number.
    pub fn number(&self, path: &str) -> Option<f64> {
        self.property(path).and_then(number)
    }

    /// Whether the property is `true`, as a boolean or, as CloudFormation allows too, in words.
    pub fn flag(&self, path: &str) -> bool {
        self.property(path)
            .is_some_and(|json| json == &Json::Bool(true) || json.as_str() == Some("true"))
    }

    /// The items of a list property; a single value counts as a list of one.
    pub fn list(&self, path: &str) -> Vec<&'a Json> {
        self.property(path).map(items).unwrap_or_default()
    }

    /// The service as ARNs name it: `sqs` of `AWS::SQS::Queue`.
    pub fn service(&self) -> String {
        self.kind.split("::").nth(1).unwrap_or_default().to_lowercase()
    }

    /// The name that it has outside the template, if the template says it in plain text.
    pub fn physical_name(&self) -> Option<&'a str> {
        self.text(name_property(self.kind).unwrap_or("Name"))
    }
}

/// The items of a list; anything else counts as a list of one, as it does in policies.
pub fn items(json: &Json) -> Vec<&Json> {
    match json {
        Json::Array(items) => items.iter().collect(),
        single => vec![single],
    }
}

/// A number, as one or as CloudFormation allows too in a text.
pub fn number(json: &Json) -> Option<f64> {
    json.as_f64().or_else(|| json.as_str()?.parse().ok())
}
