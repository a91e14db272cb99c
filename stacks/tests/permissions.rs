//! Each function's role allows exactly its own calls, and nothing reaches a queue that has no business there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;

use infra_synth_cfn::Template;
use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::{Map, Value as Json, json};

fn dev() -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("stages");
    appointment_stack(&StageSettings::load(&stages, "dev").unwrap()).unwrap()
}

fn resources(template: &Template) -> &Map<String, Json> {
    template.as_value()["Resources"].as_object().unwrap()
}

/// Every resource of a type, with its id.
fn of_type<'a>(template: &'a Template, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Json)> {
    resources(template)
        .iter()
        .filter(move |(_, resource)| resource["Type"] == kind)
        .map(|(id, resource)| (id, &resource["Properties"]))
}

fn statements<'a>(template: &'a Template, function: &str) -> &'a Vec<Json> {
    let role = &resources(template)[&format!("{function}Role")]["Properties"];
    assert_eq!(role["Policies"].as_array().unwrap().len(), 1, "{function}");
    assert_eq!(role.get("ManagedPolicyArns"), None, "{function}");
    role["Policies"][0]["PolicyDocument"]["Statement"]
        .as_array()
        .unwrap()
}

/// What a role allows: a call, and the resource as text.
fn allowed(template: &Template, function: &str) -> Vec<(String, String)> {
    let mut allowed = Vec::new();
    for statement in statements(template, function)
        .iter()
        .filter(|statement| statement["Effect"] == "Allow")
    {
        for action in statement["Action"].as_array().unwrap() {
            for resource in statement["Resource"].as_array().unwrap() {
                allowed.push((action.as_str().unwrap().to_owned(), arn(resource)));
            }
        }
    }
    allowed
}

fn arn(resource: &Json) -> String {
    match resource {
        Json::String(text) => text.clone(),
        _ => match (&resource["Ref"], &resource["Fn::Sub"], &resource["Fn::GetAtt"]) {
            (Json::String(id), _, _) | (_, Json::String(id), _) => id.clone(),
            (_, _, Json::Array(parts)) => {
                format!("{}.{}", parts[0].as_str().unwrap(), parts[1].as_str().unwrap())
            }
            _ => panic!("no ARN: {resource}"),
        },
    }
}

fn check(function: &str, own: &[(&str, &str)]) {
    let template = dev();
    let log = format!("{function}LogGroup.Arn");
    let mut expected = vec![
        ("logs:CreateLogStream".to_owned(), log.clone()),
        ("logs:PutLogEvents".to_owned(), log),
    ];
    expected.extend(
        own.iter()
            .map(|&(action, resource)| (action.to_owned(), resource.to_owned())),
    );
    assert_eq!(allowed(&template, function), expected, "{function}");
}

#[test]
fn create_appointment_may_put_and_read_an_item_and_publish() {
    check(
        "CreateAppointment",
        &[
            ("dynamodb:PutItem", "AppointmentTable.Arn"),
            ("dynamodb:GetItem", "AppointmentTable.Arn"),
            ("sns:Publish", "AppointmentTopic"),
        ],
    );
}

#[test]
fn get_appointment_may_query_its_index_read_an_item_and_the_secret_of_its_cursors() {
    check(
        "GetAppointment",
        &[
            ("dynamodb:Query", "${AppointmentTable.Arn}/index/InsuredIdIndex"),
            ("dynamodb:GetItem", "AppointmentTable.Arn"),
            ("secretsmanager:GetSecretValue", "CursorSecret"),
        ],
    );
}

#[test]
fn process_confirmation_may_update_an_item_and_consume_its_queue() {
    let queue = "AppointmentConfirmationQueue.Arn";
    check(
        "ProcessConfirmation",
        &[
            ("dynamodb:UpdateItem", "AppointmentTable.Arn"),
            ("sqs:ReceiveMessage", queue),
            ("sqs:DeleteMessage", queue),
            ("sqs:GetQueueAttributes", queue),
        ],
    );
}

#[test]
fn republish_pending_may_query_its_index_claim_an_item_and_publish() {
    check(
        "RepublishPending",
        &[
            ("dynamodb:Query", "${AppointmentTable.Arn}/index/PendingIndex"),
            ("dynamodb:UpdateItem", "AppointmentTable.Arn"),
            ("sns:Publish", "AppointmentTopic"),
        ],
    );
}

#[test]
fn only_its_own_rule_may_call_republish_pending_once_a_minute() {
    let template = dev();
    let rule = &resources(&template)["RepublishPendingRule"]["Properties"];
    assert_eq!(rule["ScheduleExpression"], "rate(1 minute)");
    assert_eq!(rule.get("EventBusName"), None);
    let target = &rule["Targets"][0];
    assert_eq!(
        target["RetryPolicy"],
        json!({ "MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60 })
    );
    assert_eq!(
        target["DeadLetterConfig"]["Arn"],
        json!({ "Fn::GetAtt": ["RepublishPendingRuleDeadLetterQueue", "Arn"] })
    );
    let function = json!({ "Fn::GetAtt": ["RepublishPendingLambdaFunction", "Arn"] });
    let callers: Vec<&Json> = of_type(&template, "AWS::Lambda::Permission")
        .filter(|(_, permission)| permission["FunctionName"] == function)
        .map(|(_, permission)| permission)
        .collect();
    let [permission] = callers[..] else {
        panic!("{callers:?}")
    };
    assert_eq!(permission["Principal"], "events.amazonaws.com");
    assert_eq!(
        permission["SourceArn"],
        json!({ "Fn::GetAtt": ["RepublishPendingRule", "Arn"] })
    );
}

#[test]
fn a_run_of_republish_pending_that_fails_is_left_to_the_next_one() {
    let template = dev();
    let configs: Vec<&Json> = of_type(&template, "AWS::Lambda::EventInvokeConfig")
        .map(|(_, config)| config)
        .collect();
    assert_eq!(
        configs,
        [&json!({
            "FunctionName": { "Ref": "RepublishPendingLambdaFunction" },
            "Qualifier": "$LATEST",
            "MaximumRetryAttempts": 0,
            "MaximumEventAgeInSeconds": 60,
        })]
    );
}

#[test]
fn a_country_function_may_reach_its_own_queue_its_database_user_and_the_bus() {
    for country in ["PE", "CL"] {
        let queue = format!("AppointmentQueue{country}.Arn");
        check(
            &format!("ProcessAppointment{country}"),
            &[
                ("ec2:CreateNetworkInterface", "*"),
                ("ec2:DescribeNetworkInterfaces", "*"),
                ("ec2:DescribeSubnets", "*"),
                ("ec2:DeleteNetworkInterface", "*"),
                ("ec2:AssignPrivateIpAddresses", "*"),
                ("ec2:UnassignPrivateIpAddresses", "*"),
                ("events:PutEvents", "AppointmentEventBus.Arn"),
                (
                    "rds-db:connect",
                    "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:${DatabaseResourceId}/appointment_functions",
                ),
                ("sqs:ReceiveMessage", &queue),
                ("sqs:DeleteMessage", &queue),
                ("sqs:GetQueueAttributes", &queue),
            ],
        );
    }
}

#[test]
fn a_function_in_the_vpc_is_denied_network_interfaces_for_its_own_code() {
    let template = dev();
    for country in ["PE", "CL"] {
        let denied: Vec<&Json> = statements(&template, &format!("ProcessAppointment{country}"))
            .iter()
            .filter(|statement| statement["Effect"] == "Deny")
            .collect();
        let [denied] = denied[..] else {
            panic!("{denied:?}")
        };
        let source = &denied["Condition"]["ArnEquals"]["lambda:SourceFunctionArn"]["Fn::Sub"];
        let function = format!(":function:appointment-dev-processAppointment{country}");
        assert!(source.as_str().unwrap().ends_with(&function), "{source}");
    }
}

#[test]
fn every_queue_has_one_policy_that_refuses_plain_http() {
    let template = dev();
    let policies: Vec<&Json> = of_type(&template, "AWS::SQS::QueuePolicy")
        .map(|(_, policy)| policy)
        .collect();
    for (id, _) in of_type(&template, "AWS::SQS::Queue") {
        let own: Vec<_> = policies
            .iter()
            .filter(|policy| policy["Queues"] == json!([{ "Ref": id }]))
            .collect();
        let [policy] = own[..] else {
            panic!("`{id}` has {} policies", own.len())
        };
        let statements = policy["PolicyDocument"]["Statement"].as_array().unwrap();
        let refusal = statements
            .iter()
            .find(|statement| statement["Effect"] == "Deny")
            .unwrap();
        assert_eq!(
            refusal["Condition"],
            json!({ "Bool": { "aws:SecureTransport": "false" } }),
            "{id}"
        );
    }
}

#[test]
fn a_queue_admits_its_own_topic_or_rule_and_no_one_else() {
    let template = dev();
    let topic = json!({ "Ref": "AppointmentTopic" });
    let rule = json!({ "Fn::GetAtt": ["AppointmentConfirmationRule", "Arn"] });
    let schedule = json!({ "Fn::GetAtt": ["RepublishPendingRule", "Arn"] });
    let (sns, events) = ("sns.amazonaws.com", "events.amazonaws.com");
    let expected = [
        ("AppointmentQueuePE", Some((sns, &topic))),
        ("AppointmentQueueCL", Some((sns, &topic))),
        ("SubscriptionPEDeadLetterQueue", Some((sns, &topic))),
        ("SubscriptionCLDeadLetterQueue", Some((sns, &topic))),
        ("AppointmentConfirmationQueue", Some((events, &rule))),
        (
            "AppointmentConfirmationRuleDeadLetterQueue",
            Some((events, &rule)),
        ),
        ("RepublishPendingRuleDeadLetterQueue", Some((events, &schedule))),
        ("AppointmentQueuePEDeadLetterQueue", None),
        ("AppointmentQueueCLDeadLetterQueue", None),
        ("AppointmentConfirmationQueueDeadLetterQueue", None),
    ];
    assert_eq!(of_type(&template, "AWS::SQS::Queue").count(), expected.len());
    for (queue, sender) in expected {
        let (_, policy) = of_type(&template, "AWS::SQS::QueuePolicy")
            .find(|(_, policy)| policy["Queues"] == json!([{ "Ref": queue }]))
            .unwrap();
        let admitted: Vec<&Json> = policy["PolicyDocument"]["Statement"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|statement| statement["Effect"] == "Allow")
            .collect();
        let wanted: Vec<Json> = sender
            .into_iter()
            .map(|(service, arn)| {
                json!({
                    "Effect": "Allow",
                    "Principal": { "Service": service },
                    "Action": ["sqs:SendMessage"],
                    "Resource": [{ "Fn::GetAtt": [queue, "Arn"] }],
                    "Condition": {
                        "ArnEquals": { "aws:SourceArn": arn },
                        "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } },
                    },
                })
            })
            .collect();
        assert_eq!(admitted, wanted.iter().collect::<Vec<_>>(), "{queue}");
    }
}

#[test]
fn a_queue_keeps_a_dead_letter_longer_than_a_message_and_tries_five_times() {
    let template = dev();
    let resources = resources(&template);
    for queue in [
        "AppointmentQueuePE",
        "AppointmentQueueCL",
        "AppointmentConfirmationQueue",
    ] {
        let source = &resources[queue]["Properties"];
        let dead_id = source["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            .as_str()
            .unwrap();
        let dead = &resources[dead_id]["Properties"];
        assert_eq!(source["RedrivePolicy"]["maxReceiveCount"], 5, "{queue}");
        assert_eq!(dead["MessageRetentionPeriod"], 14 * 24 * 60 * 60, "{queue}");
        assert!(
            source["MessageRetentionPeriod"].as_u64() < dead["MessageRetentionPeriod"].as_u64(),
            "{queue}"
        );
    }
}

#[test]
fn a_message_stays_hidden_six_times_as_long_as_its_function_may_take() {
    let template = dev();
    let resources = resources(&template);
    let mut mappings = 0;
    for (id, mapping) in of_type(&template, "AWS::Lambda::EventSourceMapping") {
        let named = |property: &str| mapping[property]["Fn::GetAtt"][0].as_str().unwrap().to_owned();
        let queue = &resources[&named("EventSourceArn")]["Properties"];
        let function = &resources[&named("FunctionName")]["Properties"];
        assert_eq!(
            queue["VisibilityTimeout"].as_u64(),
            function["Timeout"].as_u64().map(|t| 6 * t),
            "{id}"
        );
        assert_eq!(mapping["BatchSize"], 10, "{id}");
        assert_eq!(
            mapping["FunctionResponseTypes"],
            json!(["ReportBatchItemFailures"]),
            "{id}"
        );
        mappings += 1;
    }
    assert_eq!(mappings, 3);
}

#[test]
fn only_the_country_functions_are_in_the_vpc_and_lead_to_mysql_and_the_endpoints_alone() {
    let template = dev();
    let inside: Vec<&str> = of_type(&template, "AWS::Lambda::Function")
        .filter(|(_, function)| function.get("VpcConfig").is_some())
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(
        inside,
        [
            "ProcessAppointmentPELambdaFunction",
            "ProcessAppointmentCLLambdaFunction"
        ]
    );

    for function in inside {
        assert_eq!(
            resources(&template)[function]["DependsOn"],
            json!(["DatabaseIngress", "EndpointIngress", "EventBridgeVpcEndpoint"]),
            "{function}"
        );
    }

    let egress =
        &resources(&template)["ProcessAppointmentSecurityGroup"]["Properties"]["SecurityGroupEgress"];
    let ways: Vec<(u64, &Json)> = egress
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            (
                rule["FromPort"].as_u64().unwrap(),
                &rule["DestinationSecurityGroupId"],
            )
        })
        .collect();
    let database = json!({ "Ref": "DatabaseSecurityGroupId" });
    let endpoints = json!({ "Fn::GetAtt": ["EndpointSecurityGroup", "GroupId"] });
    assert_eq!(ways, [(3306, &database), (443, &endpoints)]);
}
