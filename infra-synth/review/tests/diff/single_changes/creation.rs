use infra_synth_cfn::Template;
use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Unjudged};
use infra_synth_review::diff::{Review, compare};
use serde_json::{Value as Json, json};

use super::all;
use crate::edit::{Set, dev};

#[test]
fn what_a_new_resource_opens_is_judged_as_a_change_would_be() {
    all(&[
        (
            Set(
                "Invocations",
                json!({"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {
                    "FunctionName": {"Ref": "GetAppointmentLambdaFunction"},
                    "Qualifier": "$LATEST",
                    "DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:sqs:us-east-1:2:theirs"}},
                }}),
            ),
            &[Broadening],
            "results go to",
        ),
        (
            Set(
                "Bucket",
                json!({"Type": "AWS::S3::Bucket", "Properties": {"PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": false, "BlockPublicPolicy": true,
                    "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
                }}}),
            ),
            &[Broadening],
            "`BlockPublicAcls` does not keep the public out",
        ),
        (
            Set(
                "Bucket",
                json!({"Type": "AWS::S3::Bucket", "Properties": {"WebsiteConfiguration": {"IndexDocument": "i"}}}),
            ),
            &[Unjudged],
            "what `WebsiteConfiguration` opens is not known here",
        ),
        (
            Set(
                "Bucket",
                json!({"Type": "AWS::S3::Bucket", "Properties": {"Colour": "red"}}),
            ),
            &[Unjudged],
            "what `Colour` is to a `AWS::S3::Bucket` is not known here",
        ),
        (
            Set(
                "Bucket",
                json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": {}}}),
            ),
            &[Harmless],
            "Bucket",
        ),
        (
            Set(
                "Jobs",
                json!({"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": {
                    "deadLetterTargetArn": "arn:aws:sqs:us-east-1:2:theirs", "maxReceiveCount": 3,
                }}}),
            ),
            &[Broadening],
            "outside this stack",
        ),
        (
            Set(
                "Jobs",
                json!({"Type": "AWS::Lambda::Function", "Properties": {"Role": "arn:aws:iam::1:role/x"}}),
            ),
            &[Unjudged],
            "is not in the template",
        ),
        (
            Set(
                "Path",
                json!({"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
                    "ApiId": {"Ref": "HttpApi"}, "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET",
                    "IntegrationUri": "https://elsewhere.example",
                }}),
            ),
            &[Broadening],
            "outside this stack",
        ),
    ]);
}

#[test]
fn all_of_a_new_stack_can_be_judged() {
    let review = compare(&Template::from_value(json!({"Resources": {}})), &dev());
    assert_eq!(review.reasons(Unjudged), [""; 0]);
    assert_eq!(review.reasons(Destructive), [""; 0]);
    assert!(review.reasons(Broadening).len() > 10);
}

#[test]
fn an_access_log_that_takes_in_the_path_broadens() {
    let format = |variable: &str| {
        json!({"DestinationArn": {"Fn::GetAtt": ["ApiAccessLogGroup", "Arn"]},
            "Format": format!("{{\"id\":\"$context.requestId\",\"x\":\"$context.{variable}\"}}")})
    };
    let place = "HttpApiStage/Properties/AccessLogSettings";
    all(&[
        (
            Set(place, format("path")),
            &[Broadening],
            "`$context.path` puts into the log",
        ),
        (
            Set(place, format("authorizer.claims.sub")),
            &[Broadening],
            "`$context.authorizer.claims.sub` puts into the log",
        ),
        (Set(place, format("routeKey")), &[Harmless], "Format"),
    ]);
}

/// The review of giving one resource of ours another logical id, and of nothing else.
fn renamed(logical_id: &str) -> Review {
    let old = dev().to_value();
    let text = old["Resources"].to_string();
    // Whoever refers to it follows.
    let mut resources: Json =
        serde_json::from_str(&text.replace(&format!("\"{logical_id}\""), "\"Renamed\"")).unwrap();
    if resources.get("Renamed").is_none() {
        let fields = resources.as_object_mut().unwrap();
        let moved = fields.shift_remove(logical_id).unwrap();
        fields.insert("Renamed".to_owned(), moved);
    }
    let mut new = old.clone();
    new["Resources"] = resources;
    compare(&Template::from_value(old), &Template::from_value(new))
}

#[test]
fn what_still_holds_a_name_stands_in_the_way_of_its_successor() {
    for logical_id in [
        "AppointmentTable",
        "AppointmentQueuePE",
        "AppointmentTopic",
        "AppointmentEventBus",
        "GetAppointmentLogGroup",
        "GetAppointmentLambdaFunction",
        "EventBridgeVpcEndpoint",
        "ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE",
        "GetAppointmentRoute",
    ] {
        let reasons = renamed(logical_id).reasons(Unjudged);
        let expected = format!("Renamed: it cannot be made: `{logical_id}` holds ");
        assert!(
            reasons.iter().any(|reason| reason.starts_with(&expected)),
            "{logical_id}: {reasons:?}"
        );
    }
}

#[test]
fn what_is_one_thing_outside_goes_with_the_logical_id_that_it_had() {
    for logical_id in ["QueuePolicyPE", "SubscriptionPE"] {
        let reasons = renamed(logical_id).reasons(Destructive);
        let expected = format!("Renamed: `{logical_id}` is the same thing by ");
        assert!(
            reasons.iter().any(|reason| reason.starts_with(&expected)),
            "{logical_id}: {reasons:?}"
        );
    }
}
