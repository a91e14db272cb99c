use std::panic::Location;

use indexmap::{IndexMap, map::Entry};
use serde_json::{Map, Value as Json, json};

use crate::{
    Exception, Fault, Handle, SourceLine, SynthError, Template, Value,
    kind::{ParameterKind, Text},
};

mod check;
mod declaration;

use declaration::Declaration;
pub(crate) use declaration::to_json;
pub use declaration::{Attributes, DeletionPolicy, Parameter, Resource};

/// A stack in the making: parameters, resources and outputs, in the order of their declaration.
///
/// Declaring never fails, so that a stack reads as a list; [`synth`](Self::synth) reports every fault at once.
pub struct Stack {
    description: String,
    parameters: IndexMap<String, Json>,
    resources: IndexMap<String, Declaration>,
    outputs: IndexMap<String, Json>,
    sources: IndexMap<String, SourceLine>,
    output_sources: IndexMap<String, SourceLine>,
    exceptions: Vec<Exception>,
    faults: Vec<Fault>,
}

impl Stack {
    /// An empty stack with the description that the console shows.
    pub fn new(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            parameters: IndexMap::new(),
            resources: IndexMap::new(),
            outputs: IndexMap::new(),
            sources: IndexMap::new(),
            output_sources: IndexMap::new(),
            exceptions: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Declares a resource; the caller's line is remembered as its source.
    ///
    /// A construct that declares resources for its caller is `#[track_caller]` too, so that the line named is
    /// the one in the stack.
    #[track_caller]
    pub fn add<R: Resource>(&mut self, logical_id: &str, resource: R) -> Handle<R> {
        self.add_with(logical_id, resource, Attributes::default())
    }

    /// Declares a resource with what stands beside its properties.
    #[track_caller]
    pub fn add_with<R: Resource>(
        &mut self,
        logical_id: &str,
        resource: R,
        attributes: Attributes,
    ) -> Handle<R> {
        self.declare_resource(
            logical_id,
            Declaration {
                resource: Box::new(resource),
                attributes,
            },
        );
        Handle::new(logical_id)
    }

    /// Declares a parameter, and gives the value that it will have.
    #[track_caller]
    pub fn parameter<T: ParameterKind>(&mut self, logical_id: &str, parameter: &Parameter) -> Value<T> {
        self.declare_parameter(logical_id, T::TYPE, parameter);
        Value::reference(logical_id)
    }

    /// Declares something that a person or a tool needs to know of the deployed stack.
    #[track_caller]
    pub fn output(&mut self, logical_id: &str, description: &str, value: &Value<Text>) {
        let at = Location::caller().into();
        if is_new(&mut self.output_sources, &mut self.faults, logical_id, at) {
            let output = json!({ "Description": description, "Value": value });
            self.outputs.insert(logical_id.to_owned(), output);
        }
    }

    /// Says that a resource need not keep a rule of the review, and why.
    ///
    /// Whoever reviews the template lists it; once nothing needs it any more, the review says so as an error.
    #[track_caller]
    pub fn except(&mut self, logical_id: &str, rule: &'static str, reason: &'static str) {
        self.exceptions.push(Exception {
            logical_id: logical_id.to_owned(),
            rule,
            reason,
            at: Location::caller().into(),
        });
    }

    /// The template.
    ///
    /// # Errors
    ///
    /// Every name declared twice or refused by CloudFormation, every reference to something not declared, and
    /// a circle of references, each with its source line.
    pub fn synth(self) -> Result<Template, SynthError> {
        let resources: Map<String, Json> = self
            .resources
            .iter()
            .map(|(id, declaration)| (id.clone(), declaration.to_json()))
            .collect();

        let mut faults = self.faults;
        faults.extend(check::unknown_references(
            &resources,
            &self.sources,
            &self.sources,
        ));
        let outputs: Map<String, Json> = self.outputs.into_iter().collect();
        faults.extend(check::unknown_references(
            &outputs,
            &self.output_sources,
            &self.sources,
        ));
        faults.extend(check::circle(&resources, &self.sources));
        if !faults.is_empty() {
            return Err(SynthError::new(faults));
        }

        let mut template = Map::new();
        template.insert("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09"));
        template.insert("Description".to_owned(), Json::String(self.description));
        let sections = [
            ("Parameters", self.parameters.into_iter().collect()),
            ("Resources", resources),
            ("Outputs", outputs),
        ];
        for (name, section) in sections {
            // CloudFormation takes an empty section, but its linter does not.
            if !section.is_empty() {
                template.insert(name.to_owned(), Json::Object(section));
            }
        }
        Ok(Template::new(
            Json::Object(template),
            self.sources,
            self.exceptions,
        ))
    }

    #[track_caller]
    fn declare_resource(&mut self, logical_id: &str, declaration: Declaration) {
        let at = Location::caller().into();
        if is_new(&mut self.sources, &mut self.faults, logical_id, at) {
            self.resources.insert(logical_id.to_owned(), declaration);
        }
    }

    #[track_caller]
    fn declare_parameter(&mut self, logical_id: &str, parameter_type: &str, parameter: &Parameter) {
        let at = Location::caller().into();
        if is_new(&mut self.sources, &mut self.faults, logical_id, at) {
            self.parameters
                .insert(logical_id.to_owned(), parameter.to_json(parameter_type));
        }
    }
}

fn is_new(
    sources: &mut IndexMap<String, SourceLine>,
    faults: &mut Vec<Fault>,
    logical_id: &str,
    at: SourceLine,
) -> bool {
    let fits =
        (1..=255).contains(&logical_id.len()) && logical_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits {
        faults.push(Fault::BadLogicalId {
            id: logical_id.to_owned(),
            at,
        });
    }
    match sources.entry(logical_id.to_owned()) {
        Entry::Occupied(first) => {
            faults.push(Fault::Duplicate {
                id: logical_id.to_owned(),
                first: *first.get(),
                second: at,
            });
            false
        }
        Entry::Vacant(free) => {
            free.insert(at);
            true
        }
    }
}
