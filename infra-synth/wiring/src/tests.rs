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

#[test]
fn a_queue_that_is_named_within_anothers_name_is_not_meant() {
    let template = template();
    let wiring = Wiring::new(&template);
    let found = |value: serde_json::Value| wiring.whole_target(&value).map(|found| found.id);
    for whole in [
        json!({"Fn::GetAtt": ["Jobs", "Arn"]}),
        json!({"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs.QueueName}"}),
        json!({"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs"}),
    ] {
        assert_eq!(found(whole.clone()), Some("Jobs"), "{whole}");
    }
    for part in [
        "arn:aws:sqs:eu-west-1:1:${Jobs.QueueName}-dlq",
        "arn:aws:sqs:eu-west-1:1:old-${Jobs.QueueName}",
    ] {
        assert_eq!(found(json!({"Fn::Sub": part})), None, "{part}");
    }
}

#[test]
fn dead_letters_are_known_of_a_topic_elsewhere_too() {
    let arn = |id: &str| json!({"Fn::GetAtt": [id, "Arn"]});
    let template = Template::from_value(json!({"Resources": {
        "Jobs": {"Type": "AWS::SQS::Queue"},
        "Lost": {"Type": "AWS::SQS::Queue"},
        "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": {
            "TopicArn": "arn:aws:sns:eu-west-1:1:anothers", "Endpoint": arn("Jobs"),
            "RedrivePolicy": {"deadLetterTargetArn": arn("Lost")}}},
    }}));
    let wiring = Wiring::new(&template);
    let [letters] = &wiring.dead_letters()[..] else {
        panic!("one queue of dead letters")
    };
    assert_eq!(letters.queue.id, "Lost");
    let givers: Vec<_> = letters
        .givers
        .iter()
        .map(|(giver, queue)| (*giver, queue.map(|queue| queue.id)))
        .collect();
    assert_eq!(givers, [(Giver::Subscription, Some("Jobs"))]);
    assert!(wiring.feeds().is_empty(), "who sends is not in the template");
}
