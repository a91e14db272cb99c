//! What cannot be judged is said to be so, and no gate lets it pass.

use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Narrowing, Unjudged};
use infra_synth_review::diff::{json as to_json, markdown, text};
use serde_json::{Value as Json, json};

use super::{all, check};
use crate::edit::{Push, Set, review_of_one};

/// A property behind `Fn::If` before and after, or from nothing to that.
#[test]
fn what_is_behind_a_condition_is_not_taken_for_nothing() {
    let cases = [
        (
            "AWS::Lambda::Function",
            "VpcConfig",
            json!({"SubnetIds": ["a"]}),
            json!({"SubnetIds": ["b"]}),
        ),
        (
            "AWS::Lambda::Function",
            "Code",
            json!({"S3Bucket": "a"}),
            json!({"S3Bucket": "b"}),
        ),
        (
            "AWS::ApiGatewayV2::Api",
            "CorsConfiguration",
            json!({"AllowOrigins": ["https://a"]}),
            json!({"AllowOrigins": ["*"]}),
        ),
        (
            "AWS::ApiGatewayV2::Authorizer",
            "JwtConfiguration",
            json!({"Issuer": "https://a"}),
            json!({"Issuer": "https://b"}),
        ),
        (
            "AWS::SQS::Queue",
            "RedrivePolicy",
            json!({"deadLetterTargetArn": "a"}),
            json!({"deadLetterTargetArn": "b"}),
        ),
        (
            "AWS::DynamoDB::Table",
            "PointInTimeRecoverySpecification",
            json!({"PointInTimeRecoveryEnabled": true}),
            json!({"PointInTimeRecoveryEnabled": false}),
        ),
        (
            "AWS::S3::Bucket",
            "PublicAccessBlockConfiguration",
            json!({"BlockPublicAcls": true}),
            json!({"BlockPublicAcls": false}),
        ),
        (
            "AWS::Events::Rule",
            "Targets",
            json!([]),
            json!([{"Id": "spy", "Arn": "arn:aws:sqs:us-east-1:999999999999:spy"}]),
        ),
    ];
    let resource = |kind: &str, property: &str, value: Option<&Json>| {
        let mut resource = json!({"Type": kind, "Properties": {}});
        if let Some(value) = value {
            resource["Properties"][property] = json!({"Fn::If": ["C", value, {"Ref": "AWS::NoValue"}]});
        }
        resource
    };
    for (kind, property, before, after) in cases {
        let new = resource(kind, property, Some(&after));
        for old in [
            resource(kind, property, Some(&before)),
            resource(kind, property, None),
        ] {
            let review = review_of_one(&old, &new);
            assert!(
                review.verdicts().contains(&Unjudged),
                "{kind}.{property}: {}",
                text(&review, false)
            );
        }
    }
}

#[test]
fn a_switch_that_is_neither_on_nor_off_cannot_be_judged() {
    let mapping = "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue/Properties/Enabled";
    all(&[
        (Set(mapping, json!("no")), &[Unjudged], "`Enabled` is no"),
        (
            Set(mapping, json!({"Ref": "Switch"})),
            &[Unjudged],
            "what goes through cannot be seen",
        ),
        (Set(mapping, json!(false)), &[Destructive], "no longer reach"),
        (Set(mapping, json!(true)), &[Harmless], "Enabled"),
        (
            Set(
                "AppointmentConfirmationRule/Properties/State",
                json!({"Ref": "Switch"}),
            ),
            &[Unjudged],
            "`State` is ${Switch}",
        ),
        (
            Set(
                "RepublishPendingRule/Properties/ScheduleExpression",
                json!("rate(2 minutes)"),
            ),
            &[Unjudged],
            "called at other times",
        ),
    ]);
}

#[test]
fn other_code_is_not_the_same_from_somewhere_else() {
    let code = "CreateAppointmentLambdaFunction/Properties/Code/S3Key";
    all(&[
        (
            Set(code, json!({"Ref": "ProcessConfirmationCode"})),
            &[Unjudged],
            "perhaps another function's",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Handler",
                json!("evil.main"),
            ),
            &[Unjudged],
            "starts at another place",
        ),
    ]);
    let image =
        |uri: &str| json!({"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ImageUri": uri}}});
    let review = |old: &str, new: &str| review_of_one(&image(old), &image(new)).verdicts();
    let home = "111111111111.dkr.ecr.us-east-1.amazonaws.com/app";
    assert!(!review(&format!("{home}:1"), &format!("{home}:2")).contains(&Unjudged));
    let elsewhere = "999999999999.dkr.ecr.us-east-1.amazonaws.com/app:1";
    assert!(review(&format!("{home}:1"), elsewhere).contains(&Unjudged));
}

#[test]
fn a_key_that_is_not_ours_cannot_be_judged() {
    let foreign = json!("arn:aws:kms:us-east-1:999999999999:key/x");
    all(&[
        (
            Set(
                "AppointmentQueuePE/Properties/KmsMasterKeyId",
                json!("alias/aws/sqs"),
            ),
            &[Unjudged],
            "not in the template",
        ),
        (
            Set("AppointmentQueuePE/Properties/KmsMasterKeyId", foreign.clone()),
            &[Unjudged],
            "take it away",
        ),
        (
            Set("ApiAccessLogGroup/Properties/KmsKeyId", foreign),
            &[Unjudged],
            "take it away",
        ),
    ]);
}

#[test]
fn two_policies_of_one_queue_overwrite_each_other() {
    let policy = json!({"Type": "AWS::SQS::QueuePolicy", "Properties": {
        "Queues": [{"Ref": "AppointmentQueuePE"}],
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": {"Fn::GetAtt": ["AppointmentQueuePE", "Arn"]},
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }]},
    }});
    check(
        &[Set("QueuePolicyPE2", policy)],
        &[Unjudged],
        "the later of the two overwrites the other",
    );
}

#[test]
fn a_role_without_the_boundary_of_the_old_one_cannot_be_compared() {
    let template = |role: &str| {
        let policies = json!([{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        ]}}]);
        let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"}}]});
        infra_synth_cfn::Template::from_value(json!({"Resources": {
            "Bound": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": policies,
                "PermissionsBoundary": "arn:aws:iam::000000000000:policy/boundary"}},
            "Free": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": policies}},
            "It": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": [role, "Arn"]}}},
        }}))
    };
    let verdicts =
        |old: &str, new: &str| infra_synth_review::diff::compare(&template(old), &template(new)).verdicts();
    assert!(verdicts("Bound", "Free").contains(&Unjudged));
    assert!(!verdicts("Free", "Bound").contains(&Unjudged));
}

#[test]
fn a_secret_inside_a_function_or_in_json_is_found_and_never_repeated() {
    for value in [
        json!({"Fn::Base64": "hunter2pass"}),
        json!({"Fn::Select": [0, ["hunter2pass", "b"]]}),
        json!({"Fn::If": ["C", "hunter2pass", "b"]}),
    ] {
        let edit = Set(
            "CreateAppointmentLambdaFunction/Properties/Environment/Variables/DB_PASSWORD",
            value,
        );
        never_repeated(&edit);
    }
    never_repeated(&Set(
        "CreateAppointmentLambdaFunction/Properties/Environment/Variables/CONFIG",
        json!("{\"password\": \"hunter2pass\"}"),
    ));
    never_repeated(&Set(
        "CreateAppointmentLambdaFunction/Properties/Environment/Variables/DB_PASS",
        json!("hunter2pass"),
    ));
}

#[track_caller]
fn never_repeated(edit: &crate::edit::Edit) {
    let review = crate::edit::review_of(std::slice::from_ref(edit));
    assert!(
        review.verdicts().contains(&Broadening),
        "{edit:?}\n{}",
        text(&review, false)
    );
    for shown in [
        text(&review, false),
        markdown(&review),
        to_json(&review, &[]).unwrap(),
    ] {
        assert!(!shown.contains("hunter2pass"), "{shown}");
    }
}

#[test]
fn what_is_not_there_to_guard_is_no_guard() {
    // Reading a secret is an access, and no longer reading it opens nothing.
    let statement = json!({"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"Fn::GetAtt": ["AppointmentTable", "Arn"]},
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}});
    let statements = "GetAppointmentRole/Properties/Policies/0/PolicyDocument/Statement";
    check(&[Push(statements, statement)], &[Harmless], "GetAppointmentRole");
    // The same queue, spelled as an ARN.
    let arn = json!({"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppointmentQueuePEDeadLetterQueue.QueueName}"});
    check(
        &[Set(
            "AppointmentQueuePE/Properties/RedrivePolicy/deadLetterTargetArn",
            arn,
        )],
        &[Harmless],
        "deadLetterTargetArn",
    );
    let foreign = json!({"Fn::Sub": "arn:aws:sqs:us-east-1:999999999999:${AppointmentQueuePEDeadLetterQueue.QueueName}"});
    check(
        &[Set(
            "AppointmentQueuePE/Properties/RedrivePolicy/deadLetterTargetArn",
            foreign,
        )],
        &[Broadening],
        "outside this stack",
    );
}

#[test]
fn what_could_be_anothers_is_not_ours() {
    let path = "AppointmentQueuePE/Properties/RedrivePolicy/deadLetterTargetArn";
    for elsewhere in [
        "arn:aws:sqs:${AWS::Region}:${AssetBucket}:${AppointmentQueuePEDeadLetterQueue.QueueName}",
        "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:evil-${AppointmentQueuePEDeadLetterQueue.QueueName}",
        "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:evil",
    ] {
        check(
            &[Set(path, json!({"Fn::Sub": elsewhere}))],
            &[Broadening],
            "outside this stack",
        );
    }
}

#[test]
fn one_of_two_schedules_that_goes_is_lost() {
    let rule = |rate: &str| {
        json!({"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": rate,
            "Targets": [{"Id": "f", "Arn": {"Fn::GetAtt": ["F", "Arn"]}}]}})
    };
    let template = |rules: &[(&str, &str)]| {
        let mut template = json!({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {}}}});
        for (id, rate) in rules {
            template["Resources"][id] = rule(rate);
        }
        infra_synth_cfn::Template::from_value(template)
    };
    let both = template(&[("A", "rate(1 minute)"), ("B", "rate(1 day)")]);
    let verdicts = |new: &[(&str, &str)]| infra_synth_review::diff::compare(&both, &template(new)).verdicts();
    assert!(verdicts(&[("B", "rate(1 day)")]).contains(&Destructive));
    assert!(!verdicts(&[("A", "rate(2 minutes)"), ("B", "rate(1 day)")]).contains(&Destructive));
}

#[test]
fn a_setting_of_a_function_that_was_there_takes_the_place_of_its_default() {
    let config = json!({"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {
        "FunctionName": {"Ref": "CreateAppointmentLambdaFunction"}, "Qualifier": "$LATEST", "MaximumRetryAttempts": 0,
    }});
    check(
        &[Set("CreateAppointmentInvokeConfig", config)],
        &[Destructive],
        "dropped after fewer attempts",
    );
}

#[test]
fn icmp_has_types_and_codes_and_no_ports() {
    let group = |from: i32, to: i32, protocol: &str| {
        json!({"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g", "SecurityGroupIngress": [
            {"IpProtocol": protocol, "FromPort": from, "ToPort": to, "CidrIp": "0.0.0.0/0"},
        ]}})
    };
    let verdicts = |old: (i32, i32), new: (i32, i32)| {
        review_of_one(&group(old.0, old.1, "icmp"), &group(new.0, new.1, "icmp")).verdicts()
    };
    assert!(verdicts((3, 4), (8, 0)).contains(&Broadening));
    assert!(verdicts((8, 0), (8, -1)).contains(&Broadening));
    assert_eq!(
        verdicts((8, -1), (8, 0)).into_iter().collect::<Vec<_>>(),
        [Narrowing]
    );
    let numbered = review_of_one(&group(8, 0, "icmp"), &group(8, 0, "1")).verdicts();
    assert!(!numbered.contains(&Broadening), "{numbered:?}");
}

#[test]
fn a_limit_of_nothing_refuses_everything_and_a_key_guards_no_http_api() {
    let settings = json!({"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0});
    check(
        &[Set("HttpApiStage/Properties/DefaultRouteSettings", settings)],
        &[Destructive],
        "every call is refused",
    );
    let open = [
        Set(
            "CreateAppointmentRoute/Properties/AuthorizationType",
            json!("NONE"),
        ),
        Set("CreateAppointmentRoute/Properties/ApiKeyRequired", json!(true)),
    ];
    let review = crate::edit::review_of_edited(&crate::edit::prod(), &open);
    let words = text(&review, false);
    assert!(
        words.contains("everybody") && !words.contains("with an API key"),
        "{words}"
    );
    check(
        &[Set(
            "AppointmentEventBus/Properties/LogConfig",
            json!({"IncludeDetail": "FULL", "Level": "TRACE"}),
        )],
        &[Broadening],
        "goes into a log",
    );
}
