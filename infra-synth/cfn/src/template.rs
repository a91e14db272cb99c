use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::{Exception, SourceLine};

/// A CloudFormation template, and which line declared what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    json: Json,
    sources: IndexMap<String, SourceLine>,
    exceptions: Vec<Exception>,
}

impl Template {
    /// A template that comes from elsewhere (a file, a deployed stack), with no source lines.
    ///
    /// Short tags (`!Ref`) must have been written out as `{"Ref": …}` before.
    pub fn from_value(json: Json) -> Self {
        Self {
            json,
            sources: IndexMap::new(),
            exceptions: Vec::new(),
        }
    }

    /// The template as JSON text, indented by two, with a final newline.
    pub fn to_json(&self) -> String {
        format!("{:#}\n", self.json)
    }

    /// The template as YAML text.
    ///
    /// Every text that YAML 1.1, which CloudFormation reads, would take for something else
    /// (`2012-10-17`, `yes`, `12:30:45`) is quoted.
    #[expect(
        clippy::expect_used,
        reason = "a JSON value has no shape that YAML lacks, and a String takes any write"
    )]
    pub fn to_yaml(&self) -> String {
        let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
        serde_saphyr::to_string_with_options(&self.json, options).expect("a JSON value is always YAML")
    }

    /// The template as a JSON value, its keys in the order of declaration.
    pub fn to_value(&self) -> Json {
        self.json.clone()
    }

    /// The template as a JSON value, borrowed.
    pub fn as_value(&self) -> &Json {
        &self.json
    }

    /// The line that declared a parameter or resource; `None` if nothing here is called so or nobody knows.
    pub fn source_of(&self, logical_id: &str) -> Option<&SourceLine> {
        self.sources.get(logical_id)
    }

    /// The rules that resources here need not keep, in the order of declaration.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    pub(crate) fn new(json: Json, sources: IndexMap<String, SourceLine>, exceptions: Vec<Exception>) -> Self {
        Self {
            json,
            sources,
            exceptions,
        }
    }
}
