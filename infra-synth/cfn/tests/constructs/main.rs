//! What a construct writes, as CloudFormation will read it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use indexmap::IndexMap;
use infra_synth_cfn::{
    Attributes, Mebibytes, Seconds, Stack, Template, Value,
    constructs::{FunctionSettings, LambdaFunction, Sender, WorkQueueSettings},
    resources::{
        Architecture, Code, EventSourceMapping, HttpApi, LogGroup, Queue, QueuePolicy, RouteAuthorization,
        Stage, Table, Topic, VpcConfig,
    },
};
use serde_json::{Value as Json, json};

mod api;

fn resource<'a>(template: &'a Template, id: &str) -> &'a Json {
    &template.as_value()["Resources"][id]["Properties"]
}

fn work_queue() -> WorkQueueSettings {
    WorkQueueSettings {
        name: "orders".to_owned(),
        dead_letter_name: "orders-dlq".to_owned(),
        consumer_timeout: Seconds(30),
        retention: Seconds::days(4),
        max_receive_count: 5,
        attributes: Attributes::default(),
    }
}

fn function() -> FunctionSettings {
    FunctionSettings {
        name: "shop-dev-bill".to_owned(),
        description: "Writes bills",
        code: Code {
            s3_bucket: Value::literal("assets"),
            s3_key: Value::literal("bill.zip"),
        },
        architecture: Architecture::Arm64,
        memory: Mebibytes(256),
        timeout: Seconds(30),
        environment: IndexMap::new(),
        vpc: None,
        attributes: Attributes::default(),
        log_group: LogGroup::default(),
        log_group_attributes: Attributes::default(),
    }
}

/// The statements of the function's role after `grant`.
fn statements(settings: FunctionSettings, grant: impl Fn(&mut Stack, &LambdaFunction)) -> Vec<Json> {
    let mut stack = Stack::new("");
    let function = stack.add_function("Bill", settings);
    grant(&mut stack, &function);
    let template = stack.synth().unwrap();
    let policy = &resource(&template, "BillRole")["Policies"][0]["PolicyDocument"];
    policy["Statement"].as_array().unwrap().clone()
}

#[test]
fn a_work_queue_hides_a_message_six_times_as_long_as_its_function_may_take() {
    let mut stack = Stack::new("");
    stack.add_work_queue("Orders", work_queue());
    let template = stack.synth().unwrap();
    assert_eq!(resource(&template, "Orders")["VisibilityTimeout"], 180);
}

#[test]
fn a_dead_letter_outlives_the_message_that_it_was_and_admits_its_own_source_alone() {
    let mut stack = Stack::new("");
    stack.add_work_queue("Orders", work_queue());
    let template = stack.synth().unwrap();
    let (source, dead) = (
        resource(&template, "Orders"),
        resource(&template, "OrdersDeadLetterQueue"),
    );
    assert_eq!(source["RedrivePolicy"]["maxReceiveCount"], 5);
    assert!(dead["MessageRetentionPeriod"].as_u64() > source["MessageRetentionPeriod"].as_u64());
    assert_eq!(dead["RedriveAllowPolicy"]["redrivePermission"], "byQueue");
    let arn = dead["RedriveAllowPolicy"]["sourceQueueArns"][0]["Fn::Sub"]
        .as_str()
        .unwrap();
    assert!(arn.ends_with(":orders"), "{arn}");
}

#[test]
fn a_constructs_resources_have_the_line_of_its_caller() {
    let mut stack = Stack::new("");
    let line = line!() + 1;
    stack.add_work_queue("Orders", work_queue());
    stack.add_function("Bill", function());
    let api = stack.add("Api", HttpApi::new("shop"));
    let bill = stack.add_function("Read", function());
    let bills = stack.add_integration("Bills", &api, &bill);
    stack.add_route("ReadBill", "GET /bills/{id}", &bills, RouteAuthorization::Anyone);
    stack.add_stage("Stage", Stage::default_of(api.id()), &[]);
    let template = stack.synth().unwrap();

    let expected = [
        ("Orders", line),
        ("OrdersDeadLetterQueue", line),
        ("OrdersDeadLetterQueuePolicy", line),
        ("BillLogGroup", line + 1),
        ("BillRole", line + 1),
        ("BillLambdaFunction", line + 1),
        ("BillsIntegration", line + 4),
        ("ReadBillRoute", line + 5),
        ("ReadBillPermission", line + 5),
        ("Stage", line + 6),
    ];
    for (id, line) in expected {
        let source = template.source_of(id).unwrap();
        assert_eq!((source.file, source.line), (file!(), line), "{id}");
    }
}

#[test]
fn a_queue_admits_its_sender_alone_and_refuses_plain_http() {
    let mut stack = Stack::new("");
    let topic = stack.add("Topic", Topic::default());
    let queue = stack.add("Queue", Queue::default());
    stack.add(
        "Policy",
        QueuePolicy::admitting(&queue, &Sender::topic(&topic.arn())),
    );
    let template = stack.synth().unwrap();
    let arn = json!({ "Fn::GetAtt": ["Queue", "Arn"] });
    let expected = json!([
        {
            "Effect": "Allow",
            "Principal": { "Service": "sns.amazonaws.com" },
            "Action": ["sqs:SendMessage"],
            "Resource": [arn],
            "Condition": {
                "ArnEquals": { "aws:SourceArn": { "Ref": "Topic" } },
                "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } },
            },
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["sqs:*"],
            "Resource": [arn],
            "Condition": { "Bool": { "aws:SecureTransport": "false" } },
        },
    ]);
    assert_eq!(
        resource(&template, "Policy")["PolicyDocument"]["Statement"],
        expected
    );
}

#[test]
fn a_function_may_write_its_own_log_and_nothing_else() {
    let expected = json!([{
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [{ "Fn::GetAtt": ["BillLogGroup", "Arn"] }],
    }]);
    assert_eq!(Json::Array(statements(function(), |_, _| {})), expected);
}

#[test]
fn a_grant_lands_in_the_functions_own_role() {
    let statements = statements(function(), |stack, function| {
        let table = stack.add("Table", Table::default());
        table.grant_query_index("ByDate", function);
    });
    let expected = json!({
        "Effect": "Allow",
        "Action": ["dynamodb:Query"],
        "Resource": [{ "Fn::Sub": "${Table.Arn}/index/ByDate" }],
    });
    assert_eq!(statements[1..], [expected]);
}

#[test]
fn a_mapping_lets_the_function_consume_its_queue() {
    let statements = statements(function(), |stack, function| {
        let queue = stack.add("Queue", Queue::default());
        stack.add("Mapping", EventSourceMapping::consuming(&queue, function));
    });
    assert_eq!(
        statements[1]["Action"],
        json!([
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes"
        ])
    );
    assert_eq!(
        statements[1]["Resource"],
        json!([{ "Fn::GetAtt": ["Queue", "Arn"] }])
    );
}

#[test]
fn in_a_vpc_lambda_gets_network_interfaces_and_the_code_does_not() {
    let vpc = VpcConfig {
        subnet_ids: Value::literal("subnet-1"),
        security_group_ids: Vec::new(),
    };
    let statements = statements(
        FunctionSettings {
            vpc: Some(vpc),
            ..function()
        },
        |_, _| {},
    );
    let (allowed, denied) = (&statements[1], &statements[2]);
    assert_eq!(
        (&allowed["Effect"], &denied["Effect"]),
        (&json!("Allow"), &json!("Deny"))
    );
    assert_eq!(allowed["Action"], denied["Action"]);
    let source = denied["Condition"]["ArnEquals"]["lambda:SourceFunctionArn"]["Fn::Sub"]
        .as_str()
        .unwrap();
    assert!(source.ends_with(":function:shop-dev-bill"), "{source}");
}
