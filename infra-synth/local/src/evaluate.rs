//! Intrinsic functions, evaluated.
//!
//! `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join` as CloudFormation documents them
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>).
//! Any other function is an error that names it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::naming;

#[cfg(test)]
mod properties;

/// The account and region that the local system pretends to be in.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Twelve digits.
    pub account_id: String,
    /// For example `us-east-1`.
    pub region: String,
    /// The stack's name, for `AWS::StackName`.
    pub stack_name: String,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            account_id: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            stack_name: "appointment-local".to_owned(),
        }
    }
}

#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub(crate) enum EvaluateError {
    #[error("`{function}` is not evaluated locally; supported are Ref, Fn::GetAtt, Fn::Sub and Fn::Join")]
    UnknownFunction { function: String },
    #[error("`{function}` has an argument of the wrong shape: {argument}")]
    BadArgument {
        function: &'static str,
        argument: String,
    },
    #[error("`{name}` is neither a parameter, a resource nor a pseudo parameter that is known locally")]
    UnknownName { name: String },
    #[error("parameter `{name}` has no value; give it a `Default`")]
    MissingParameter { name: String },
    #[error("resource type `{resource_type}` has no attribute `{attribute}` that is known locally")]
    UnknownAttribute {
        resource_type: String,
        attribute: String,
    },
    #[error("`{name}` refers to itself")]
    Circular { name: String },
}

/// Evaluates values of one template.
pub(crate) struct Evaluator<'a> {
    template: &'a Value,
    parameters: &'a BTreeMap<String, String>,
    pub(crate) environment: &'a Environment,
    /// Logical ids whose name is being computed, to stop at a circle.
    visiting: RefCell<Vec<String>>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(
        template: &'a Value,
        parameters: &'a BTreeMap<String, String>,
        environment: &'a Environment,
    ) -> Self {
        Self {
            template,
            parameters,
            environment,
            visiting: RefCell::new(Vec::new()),
        }
    }

    /// The value with every intrinsic replaced by what it stands for.
    pub(crate) fn evaluate(&self, value: &Value) -> Result<Value, EvaluateError> {
        match value {
            Value::Array(items) => items.iter().map(|item| self.evaluate(item)).collect(),
            Value::Object(fields) => match intrinsic(fields) {
                Some((function, argument)) => self.call(function, argument),
                None => {
                    let evaluated: Result<Map<String, Value>, _> = fields
                        .iter()
                        .map(|(key, value)| Ok((key.clone(), self.evaluate(value)?)))
                        .collect();
                    Ok(Value::Object(evaluated?))
                }
            },
            literal => Ok(literal.clone()),
        }
    }

    fn call(&self, function: &str, argument: &Value) -> Result<Value, EvaluateError> {
        match function {
            "Ref" => match argument {
                Value::String(name) => self.reference(name),
                other => Err(bad("Ref", other)),
            },
            "Fn::GetAtt" => {
                let (logical_id, attribute) = attribute_parts(argument)?;
                self.attribute(&logical_id, &attribute).map(Value::String)
            }
            "Fn::Sub" => self.substitute(argument).map(Value::String),
            "Fn::Join" => self.join(argument).map(Value::String),
            other => Err(EvaluateError::UnknownFunction {
                function: other.to_owned(),
            }),
        }
    }

    fn reference(&self, name: &str) -> Result<Value, EvaluateError> {
        if let Some(pseudo) = self.pseudo_parameter(name) {
            return Ok(Value::String(pseudo));
        }
        if let Some(parameter) = self.template.get("Parameters").and_then(|all| all.get(name)) {
            return self.parameter(name, parameter);
        }
        self.within(name, |resource| naming::reference(self, name, resource))
            .map(Value::String)
    }

    fn parameter(&self, name: &str, declaration: &Value) -> Result<Value, EvaluateError> {
        let given = self
            .parameters
            .get(name)
            .cloned()
            .or_else(|| declaration.get("Default").and_then(scalar))
            .ok_or_else(|| EvaluateError::MissingParameter {
                name: name.to_owned(),
            })?;
        let kind = declaration
            .get("Type")
            .and_then(Value::as_str)
            .unwrap_or("String");
        if kind.starts_with("List<") || kind == "CommaDelimitedList" {
            Ok(given
                .split(',')
                .map(|item| Value::String(item.trim().to_owned()))
                .collect())
        } else {
            Ok(Value::String(given))
        }
    }

    fn pseudo_parameter(&self, name: &str) -> Option<String> {
        Some(match name {
            "AWS::AccountId" => self.environment.account_id.clone(),
            "AWS::Region" => self.environment.region.clone(),
            "AWS::StackName" => self.environment.stack_name.clone(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            _ => return None,
        })
    }

    /// An attribute of a resource, as `Fn::GetAtt` gives it.
    pub(crate) fn attribute(&self, logical_id: &str, attribute: &str) -> Result<String, EvaluateError> {
        self.within(logical_id, |resource| {
            naming::attribute(self, logical_id, resource, attribute)
        })
    }

    fn within<T>(
        &self,
        logical_id: &str,
        compute: impl FnOnce(&Value) -> Result<T, EvaluateError>,
    ) -> Result<T, EvaluateError> {
        let resource = self
            .template
            .get("Resources")
            .and_then(|all| all.get(logical_id))
            .ok_or_else(|| EvaluateError::UnknownName {
                name: logical_id.to_owned(),
            })?;
        if self.visiting.borrow().iter().any(|name| name == logical_id) {
            return Err(EvaluateError::Circular {
                name: logical_id.to_owned(),
            });
        }
        self.visiting.borrow_mut().push(logical_id.to_owned());
        let result = compute(resource);
        self.visiting.borrow_mut().pop();
        result
    }

    fn substitute(&self, argument: &Value) -> Result<String, EvaluateError> {
        let (text, variables) = match argument {
            Value::String(text) => (text, None),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(text), Value::Object(variables)] => (text, Some(variables)),
                _ => return Err(bad("Fn::Sub", argument)),
            },
            other => return Err(bad("Fn::Sub", other)),
        };
        let mut result = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find("${") {
            result.push_str(&rest[..start]);
            let after = &rest[start + 2..];
            let end = after.find('}').ok_or_else(|| bad("Fn::Sub", argument))?;
            let name = &after[..end];
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str("${");
                result.push_str(literal);
                result.push('}');
            } else {
                result.push_str(&self.substituted(name, variables)?);
            }
            rest = &after[end + 1..];
        }
        result.push_str(rest);
        Ok(result)
    }

    fn substituted(
        &self,
        name: &str,
        variables: Option<&Map<String, Value>>,
    ) -> Result<String, EvaluateError> {
        if let Some(value) = variables.and_then(|variables| variables.get(name)) {
            let value = self.evaluate(value)?;
            return scalar(&value).ok_or_else(|| bad("Fn::Sub", &value));
        }
        match name.split_once('.') {
            Some((logical_id, attribute)) => self.attribute(logical_id, attribute),
            None => {
                let value = self.reference(name)?;
                scalar(&value).ok_or_else(|| bad("Fn::Sub", &value))
            }
        }
    }

    fn join(&self, argument: &Value) -> Result<String, EvaluateError> {
        let Value::Array(parts) = argument else {
            return Err(bad("Fn::Join", argument));
        };
        let [Value::String(delimiter), items] = parts.as_slice() else {
            return Err(bad("Fn::Join", argument));
        };
        let Value::Array(items) = self.evaluate(items)? else {
            return Err(bad("Fn::Join", argument));
        };
        let items: Option<Vec<String>> = items.iter().map(scalar).collect();
        items
            .map(|items| items.join(delimiter))
            .ok_or_else(|| bad("Fn::Join", argument))
    }
}

/// The function and its argument, when the object is a call: one key that is `Ref` or `Fn::…`.
fn intrinsic(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (key, argument) = fields.iter().next()?;
    (fields.len() == 1 && (key == "Ref" || key.starts_with("Fn::"))).then_some((key.as_str(), argument))
}

fn attribute_parts(argument: &Value) -> Result<(String, String), EvaluateError> {
    match argument {
        Value::String(text) => text
            .split_once('.')
            .map(|(logical_id, attribute)| (logical_id.to_owned(), attribute.to_owned()))
            .ok_or_else(|| bad("Fn::GetAtt", argument)),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(logical_id), Value::String(attribute)] => {
                Ok((logical_id.clone(), attribute.clone()))
            }
            _ => Err(bad("Fn::GetAtt", argument)),
        },
        other => Err(bad("Fn::GetAtt", other)),
    }
}

/// A string, number or boolean as CloudFormation writes it into a string.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn bad(function: &'static str, argument: &Value) -> EvaluateError {
    EvaluateError::BadArgument {
        function,
        argument: argument.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: &Value, expected: &Result<Value, EvaluateError>) {
        let template = json!({
            "Parameters": {
                "Size": {"Type": "Number", "Default": 3},
                "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"},
                "Unset": {"Type": "String"},
            },
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "q-${AWS::Region}"}}},
                "Loop": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Loop"}}},
            },
        });
        let parameters = BTreeMap::from([("Subnets".to_owned(), "a, b".to_owned())]);
        let environment = Environment::default();
        assert_eq!(
            &Evaluator::new(&template, &parameters, &environment).evaluate(value),
            expected
        );
    }

    #[test]
    fn references_give_parameters_names_and_pseudo_parameters() {
        check(&json!({"Ref": "Size"}), &Ok(json!("3")));
        check(&json!({"Ref": "Subnets"}), &Ok(json!(["a", "b"])));
        check(&json!({"Ref": "AWS::AccountId"}), &Ok(json!("000000000000")));
        check(
            &json!([{"Fn::GetAtt": ["Queue", "Arn"]}, {"Fn::GetAtt": "Queue.QueueName"}]),
            &Ok(json!([
                "arn:aws:sqs:us-east-1:000000000000:q-us-east-1",
                "q-us-east-1"
            ])),
        );
    }

    #[test]
    fn substitution_reads_variables_attributes_and_escapes() {
        check(
            &json!({"Fn::Sub": ["${A}/${Queue.QueueName}/${!Kept}/${Size}", {"A": {"Ref": "AWS::Partition"}}]}),
            &Ok(json!("aws/q-us-east-1/${Kept}/3")),
        );
    }

    #[test]
    fn a_join_takes_a_list_parameter() {
        check(&json!({"Fn::Join": ["-", {"Ref": "Subnets"}]}), &Ok(json!("a-b")));
    }

    #[test]
    fn what_is_not_understood_is_an_error_by_name() {
        check(
            &json!({"Fn::Select": [0, ["a"]]}),
            &Err(EvaluateError::UnknownFunction {
                function: "Fn::Select".to_owned(),
            }),
        );
        check(
            &json!({"Ref": "Nothing"}),
            &Err(EvaluateError::UnknownName {
                name: "Nothing".to_owned(),
            }),
        );
        check(
            &json!({"Ref": "Unset"}),
            &Err(EvaluateError::MissingParameter {
                name: "Unset".to_owned(),
            }),
        );
        check(
            &json!({"Ref": "Loop"}),
            &Err(EvaluateError::Circular {
                name: "Loop".to_owned(),
            }),
        );
        check(
            &json!({"Fn::GetAtt": ["Queue", "Colour"]}),
            &Err(EvaluateError::UnknownAttribute {
                resource_type: "AWS::SQS::Queue".to_owned(),
                attribute: "Colour".to_owned(),
            }),
        );
    }
}
