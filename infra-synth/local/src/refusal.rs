//! What a template asks for that cannot be honoured here.
//!
//! Nothing is guessed: a resource type, a property or a value without a local meaning is refused before the
//! first request is served, all of them at once, each with the line that declared it.

use std::fmt;

use infra_synth_cfn::Template;

/// One thing in the template that cannot be run locally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The resource's logical id, or `Outputs` and the like for what is not a resource.
    pub logical_id: String,
    /// Where the resource was declared, `stacks/src/storage.rs:12`; absent for a template read from a file.
    pub source: Option<String>,
    /// What cannot be honoured and what could be.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.logical_id)?;
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Gathers refusals while a template is read, so that all are shown in one go.
pub(crate) struct Refusals<'a> {
    template: &'a Template,
    found: Vec<Refusal>,
}

impl<'a> Refusals<'a> {
    pub(crate) fn new(template: &'a Template) -> Self {
        Self {
            template,
            found: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, logical_id: &str, reason: impl Into<String>) {
        self.found.push(Refusal {
            logical_id: logical_id.to_owned(),
            source: self.template.source_of(logical_id).map(ToString::to_string),
            reason: reason.into(),
        });
    }

    pub(crate) fn into_result<T>(self, value: T) -> Result<T, Vec<Refusal>> {
        if self.found.is_empty() {
            Ok(value)
        } else {
            Err(self.found)
        }
    }
}
