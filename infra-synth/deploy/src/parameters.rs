use std::collections::BTreeMap;

use infra_synth_cfn::Template;

use crate::DeployedStack;

/// Why a stack's parameters have no values.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ParameterError {
    /// The template has no such parameter.
    #[error("the template has no parameter `{name}`; it has {}", .known.join(", "))]
    Unknown {
        /// What was given.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Nobody has said what they are.
    #[error(
        "these parameters have no value yet:{}\nsay them once, as --parameter {}=…; later deployments keep them",
        lines(.missing),
        .missing.first().map_or("NAME", |(name, _)| name)
    )]
    Missing {
        /// Their names, and what each is for.
        missing: Vec<(String, String)>,
    },
}

fn lines(missing: &[(String, String)]) -> String {
    missing
        .iter()
        .map(|(name, description)| format!("\n  {name}: {description}"))
        .collect()
}

/// A value for every parameter of a template: the one given, else (`None`) the one that the stack has, else its default.
///
/// # Errors
///
/// A value for a parameter that there is not, and parameters without a value.
pub fn resolve(
    template: &Template,
    given: &BTreeMap<String, String>,
    deployed: Option<&DeployedStack>,
) -> Result<BTreeMap<String, Option<String>>, ParameterError> {
    let declared = template.as_value()["Parameters"].as_object();
    if let Some(name) = given
        .keys()
        .find(|name| declared.is_none_or(|declared| !declared.contains_key(*name)))
    {
        return Err(ParameterError::Unknown {
            name: name.clone(),
            known: declared
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
        });
    }
    let mut values = BTreeMap::new();
    let mut missing = Vec::new();
    for (name, parameter) in declared.into_iter().flatten() {
        if let Some(value) = given.get(name) {
            values.insert(name.clone(), Some(value.clone()));
        } else if deployed.is_some_and(|stack| stack.parameters.contains_key(name)) {
            values.insert(name.clone(), None);
        } else if parameter.get("Default").is_none() {
            let description = parameter["Description"].as_str().unwrap_or("no description");
            missing.push((name.clone(), description.to_owned()));
        }
    }
    if missing.is_empty() {
        Ok(values)
    } else {
        Err(ParameterError::Missing { missing })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::StackStatus;

    fn template() -> Template {
        Template::from_value(json!({"Parameters": {
            "VpcId": {"Type": "String", "Description": "The VPC"},
            "Code": {"Type": "String"},
            "Size": {"Type": "String", "Default": "1"},
        }}))
    }

    fn given(values: &[(&str, &str)]) -> BTreeMap<String, String> {
        values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn deployed_with(parameters: &[(&str, &str)]) -> DeployedStack {
        DeployedStack {
            name: "s".to_owned(),
            id: "arn:s".to_owned(),
            status: "UPDATE_COMPLETE".parse::<StackStatus>().unwrap(),
            reason: None,
            changed_at: None,
            parameters: given(parameters),
            outputs: Vec::new(),
            is_protected: false,
        }
    }

    #[test]
    fn a_parameter_that_was_said_once_is_kept() {
        let deployed = deployed_with(&[("VpcId", "vpc-1"), ("Code", "old")]);
        let values = resolve(&template(), &given(&[("Code", "new")]), Some(&deployed)).unwrap();
        assert_eq!(
            values,
            BTreeMap::from([
                ("Code".to_owned(), Some("new".to_owned())),
                ("VpcId".to_owned(), None)
            ])
        );
    }

    #[test]
    fn every_parameter_without_a_value_is_named_with_what_it_is_for() {
        let error = resolve(&template(), &given(&[]), None).unwrap_err().to_string();
        assert!(
            error.contains("VpcId: The VPC") && error.contains("  Code:"),
            "{error}"
        );
        assert!(
            error.contains("--parameter VpcId=") && !error.contains("Size"),
            "{error}"
        );
    }

    #[test]
    fn a_value_for_no_parameter_is_refused() {
        let error = resolve(&template(), &given(&[("Vpc", "vpc-1")]), None)
            .unwrap_err()
            .to_string();
        assert!(error.contains("`Vpc`") && error.contains("VpcId"), "{error}");
    }
}
