use serde_json::{Value, json};

use crate::{
    database::Database,
    server::{MiniStack, with_parameters},
    system::{api, appointments},
};

/// The stack that Serverless made, by its logical ids and physical names.
const RUNNING: &str = include_str!("serverless.yaml");

/// The mappings of the running stack, which stay, and the queues that they read.
const MAPPINGS: [(&str, &str); 3] = [
    (
        "ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE",
        "appointment-queue-pe",
    ),
    (
        "ProcessAppointmentCLEventSourceMappingSQSAppointmentQueueCL",
        "appointment-queue-cl",
    ),
    (
        "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue",
        "appointment-confirmation-queue",
    ),
];

#[test]
fn the_running_stack_is_taken_over_with_its_appointments_and_messages() {
    let aws = MiniStack::bootstrapped();
    let before = running_stack(&aws);
    for number in 0..30 {
        store(&aws, &old_appointment(number, "PE"));
    }
    aws.send_message("appointment-queue-pe", "{}");

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
        "CreateAppointmentLogGroup",
    ]
    .into_iter()
    .chain(MAPPINGS.map(|(mapping, _)| mapping))
    {
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
    assert_eq!(aws.messages_in("appointment-queue-pe"), 1);
}

#[test]
#[ignore = "builds the functions for Lambda, which takes minutes: make e2e"]
fn what_was_in_flight_when_the_stack_was_taken_over_is_completed() {
    let database = Database::start();
    let aws = MiniStack::start_with(&[("DB_URL", database.url())]);
    aws.infra_synth(&["bootstrap", "--yes"]).succeeded();
    aws.infra_synth(&["migrate", "--database-url", database.url()])
        .succeeded();
    let mappings = running_stack(&aws);

    // Announced in either country, and confirmed but not yet marked so: wherever the old system may be stopped.
    let announced: Vec<_> = (0..12)
        .map(|number| old_appointment(number, ["PE", "CL"][number % 2]))
        .collect();
    let confirmed: Vec<_> = (12..20).map(|number| old_appointment(number, "PE")).collect();
    for appointment in announced.iter().chain(&confirmed) {
        store(&aws, appointment);
    }
    for appointment in &announced {
        let queue = match appointment["countryISO"] == "PE" {
            true => "appointment-queue-pe",
            false => "appointment-queue-cl",
        };
        aws.send_message(queue, &old_announcement(appointment));
    }
    for appointment in &confirmed {
        aws.send_message("appointment-confirmation-queue", &old_confirmation(appointment));
    }

    aws.infra_synth(&with_parameters(&[
        "deploy",
        "--yes",
        "--allow-destructive",
        "--stack-name",
        "appointment-dev",
    ]))
    .succeeded();
    for (mapping, queue) in MAPPINGS {
        assert!(aws.messages_in(queue) > 0, "{queue} waits until it is read");
        aws.enable_mapping(mappings[mapping].as_str().unwrap());
    }

    let api = api(&aws);
    aws.until("all that was in flight is completed", || {
        let found = appointments(&aws, &api, "00123");
        assert_eq!(found.len(), 20, "every appointment is there");
        found
            .iter()
            .all(|appointment| appointment["status"] == "COMPLETED")
    });
    for appointment in &announced {
        let table = match appointment["countryISO"] == "PE" {
            true => "appointment_pe",
            false => "appointment_cl",
        };
        assert_eq!(
            database.rows(table, appointment["appointmentId"].as_str().unwrap()),
            1
        );
    }
    for (_, queue) in MAPPINGS {
        assert_eq!(aws.messages_in(&format!("{queue}-dlq")), 0, "{queue}");
    }
}

/// Deploys the running system as Serverless did; gives the physical ids.
fn running_stack(aws: &MiniStack) -> Value {
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
    physical_ids(aws)
}

/// As the running system writes it: no comments, and no `updatedAt` yet.
fn old_appointment(number: usize, country: &str) -> Value {
    json!({
        "appointmentId": format!("00000000-0000-4000-8000-{number:012}"),
        "insuredId": "00123",
        "countryISO": country,
        "dateSchedule": format!("2036-01-{:02}T10:00:00Z", number % 28 + 1),
        "dateCreated": "2025-01-01T10:00:00.000Z",
        "status": "PENDING",
    })
}

fn store(aws: &MiniStack, appointment: &Value) {
    let fields = appointment.as_object().unwrap();
    let item: serde_json::Map<_, _> = fields
        .iter()
        .map(|(name, text)| (name.clone(), json!({"S": text})))
        .collect();
    let item = json!({"TableName": "appointments", "Item": item});
    aws.json("dynamodb", "DynamoDB_20120810.PutItem", &item);
}

/// What SNS has put into a country's queue.
fn old_announcement(appointment: &Value) -> String {
    let message = json!({
        "event": "APPOINTMENT_CREATED",
        "timestamp": "2025-01-01T10:00:00.000Z",
        "data": appointment,
    });
    json!({
        "Type": "Notification",
        "MessageId": "5a3b8e21-9f4c-5d67-b0e1-d1a2c3f45e60",
        "TopicArn": "arn:aws:sns:us-east-1:000000000000:appointment-notifications-topic",
        "Message": message.to_string(),
        "Timestamp": "2025-01-01T10:00:00.000Z",
        "MessageAttributes": {
            "eventType": {"Type": "String", "Value": "APPOINTMENT_CREATED"},
            "country": {"Type": "String", "Value": appointment["countryISO"]},
        },
    })
    .to_string()
}

/// What EventBridge has put into the confirmation queue.
fn old_confirmation(appointment: &Value) -> String {
    json!({
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "AppointmentConfirmation",
        "source": "appointment.service",
        "account": "000000000000",
        "time": "2025-01-01T10:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {
            "appointmentId": appointment["appointmentId"],
            "insuredId": appointment["insuredId"],
            "status": "CONFIRMED",
            "countryISO": appointment["countryISO"],
            "processingDate": "2025-01-01T10:00:01.000Z",
            "appointmentData": appointment,
        },
    })
    .to_string()
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
