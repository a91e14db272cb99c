use std::collections::BTreeSet;

use infra_synth_cfn::Template;

/// Types that a drift-aware change set does not compare with what is there, or does not set back: their handlers read
/// nothing, or take no change.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html>
const NOT_COMPARED: [&str; 4] = [
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
];

/// The types in the template of which CloudFormation does not see what was changed by hand.
pub fn not_compared(template: &Template) -> Vec<&'static str> {
    let resources = template.as_value()["Resources"].as_object();
    let declared: BTreeSet<&str> = resources
        .into_iter()
        .flatten()
        .filter_map(|(_, resource)| resource["Type"].as_str())
        .collect();
    NOT_COMPARED
        .into_iter()
        .filter(|kind| declared.contains(kind))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_declared_is_named() {
        let template = Template::from_value(json!({"Resources": {
            "Orders": {"Type": "AWS::SQS::Queue"},
            "OrdersPolicy": {"Type": "AWS::SQS::QueuePolicy"},
            "OthersPolicy": {"Type": "AWS::SQS::QueuePolicy"},
        }}));
        assert_eq!(not_compared(&template), ["AWS::SQS::QueuePolicy"]);
    }
}
