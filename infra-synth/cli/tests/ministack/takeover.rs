use serde_json::{Value, json};

use crate::server::MiniStack;

/// The stack that Serverless made, by its logical ids and physical names.
const RUNNING: &str = include_str!("serverless.yaml");

#[test]
fn the_running_stack_is_taken_over_with_its_appointments_and_messages() {
    let aws = MiniStack::bootstrapped();
    let created = aws.form(
        "cloudformation",
        &[
            ("Action", "CreateStack"),
            ("Version", "2010-05-15"),
            ("StackName", "appointment-dev"),
            ("TemplateBody", RUNNING),
            ("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
        ],
    );
    assert!(created.contains("StackId"), "{created}");
    aws.infra_synth(&["status", "--follow"]).succeeded();
    let before = physical_ids(&aws);
    for number in 0..30 {
        aws.json("dynamodb", "DynamoDB_20120810.PutItem", &old_item(number));
    }
    let queue = json!({"QueueUrl": before["AppointmentQueuePE"], "MessageBody": "{}"});
    aws.json("sqs", "AmazonSQS.SendMessage", &queue);

    aws.first_deploy(&["--no-execute", "--stack-name", "appointment-dev"])
        .succeeded()
        .says(&[
            "deletes ApiGatewayRestApi",
            "deletes IamRoleLambdaExecution",
            "creates HttpApi",
        ]);
    // What goes is the old API and the old role; no data do.
    aws.first_deploy(&["--yes", "--allow-destructive", "--stack-name", "appointment-dev"])
        .succeeded();

    let after = physical_ids(&aws);
    for kept in [
        "AppointmentTable",
        "AppointmentTopic",
        "AppointmentQueuePE",
        "AppointmentQueueCL",
        "AppointmentConfirmationQueue",
        "AppointmentEventBus",
        "AppointmentConfirmationRule",
        "EventBridgeVpcEndpoint",
        "CreateAppointmentLambdaFunction",
        "ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE",
        "CreateAppointmentLogGroup",
    ] {
        assert!(before[kept].is_string(), "{kept} was there");
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    assert!(after["ApiGatewayRestApi"].is_null() && after["IamRoleLambdaExecution"].is_null());
    let items = aws.json(
        "dynamodb",
        "DynamoDB_20120810.Scan",
        &json!({"TableName": "appointments"}),
    );
    assert_eq!(items["Count"], 30);
    assert_eq!(
        waiting(&aws, "appointment-queue-pe") + waiting(&aws, "appointment-queue-pe-dlq"),
        1
    );
}

/// As the running system writes it: no comments, and no `updatedAt` yet.
fn old_item(number: u32) -> Value {
    json!({"TableName": "appointments", "Item": {
        "appointmentId": {"S": format!("00000000-0000-4000-8000-{number:012}")},
        "insuredId": {"S": "00123"},
        "countryISO": {"S": "PE"},
        "dateSchedule": {"S": format!("2030-01-{:02}T10:00:00Z", number + 1)},
        "dateCreated": {"S": "2025-01-01T10:00:00.000Z"},
        "status": {"S": "PENDING"},
    }})
}

fn physical_ids(aws: &MiniStack) -> Value {
    let status = aws
        .infra_synth(&["status", "--format", "json"])
        .succeeded()
        .json();
    let resources = status["resources"].as_array().unwrap();
    resources
        .iter()
        .filter(|resource| resource["status"] != "DELETE_COMPLETE")
        .map(|resource| {
            (
                resource["logicalId"].as_str().unwrap().to_owned(),
                resource["physicalId"].clone(),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn waiting(aws: &MiniStack, queue: &str) -> u64 {
    let url = aws.json("sqs", "AmazonSQS.GetQueueUrl", &json!({"QueueName": queue}));
    let attributes = aws.json(
        "sqs",
        "AmazonSQS.GetQueueAttributes",
        &json!({"QueueUrl": url["QueueUrl"], "AttributeNames": ["All"]}),
    );
    [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
    ]
    .iter()
    .filter_map(|name| attributes["Attributes"][name].as_str()?.parse::<u64>().ok())
    .sum()
}
