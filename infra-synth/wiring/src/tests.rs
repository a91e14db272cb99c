use serde_json::json;

use crate::*;

fn template() -> Template {
    Template::from_value(json!({"Resources": {
        "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
        "News": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "jobs"}},
    }}))
}

#[test]
fn a_resource_is_found_by_reference_by_arn_and_by_name() {
    let template = template();
    let wiring = Wiring::new(&template);
    for (value, id) in [
        (json!({"Ref": "News"}), "News"),
        (json!({"Fn::GetAtt": ["Jobs", "Arn"]}), "Jobs"),
        (json!({"Fn::Join": ["/", ["x", {"Ref": "News"}]]}), "News"),
        (
            json!({"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs"}),
            "Jobs",
        ),
        (json!({"Fn::Sub": "arn:aws:sns:${AWS::Region}:1:jobs"}), "News"),
        (json!({"Fn::Sub": ["${Q}", {"Q": {"Ref": "News"}}]}), "News"),
        (json!("jobs"), "Jobs"),
    ] {
        assert_eq!(wiring.target(&value).map(|found| found.id), Some(id), "{value}");
    }
}

#[test]
fn what_is_elsewhere_is_not_found() {
    let template = template();
    let wiring = Wiring::new(&template);
    for value in [
        json!("arn:aws:sqs:us-east-1:1:other"),
        json!({"Ref": "AWS::Region"}),
        json!("*"),
    ] {
        assert!(wiring.target(&value).is_none(), "{value}");
    }
}
