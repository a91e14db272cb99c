//! Values for parameters that only an AWS account can give: its VPC, subnets and security groups.

use std::collections::BTreeMap;

use serde_json::Value;

/// The given parameters, and a stand-in for each one of AWS's own types that has neither value nor default.
pub(crate) fn complete(template: &Value, given: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut parameters = given.clone();
    for (name, declaration) in template
        .get("Parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let kind = declaration
            .get("Type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let prefix = match kind {
            "AWS::EC2::VPC::Id" => "vpc",
            "AWS::EC2::Subnet::Id" | "List<AWS::EC2::Subnet::Id>" => "subnet",
            "AWS::EC2::SecurityGroup::Id" | "List<AWS::EC2::SecurityGroup::Id>" => "sg",
            _ => continue,
        };
        if declaration.get("Default").is_none() {
            parameters
                .entry(name.clone())
                .or_insert_with(|| format!("{prefix}-{}", name.to_ascii_lowercase()));
        }
    }
    parameters
}
