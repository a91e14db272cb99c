//! The picture shows what the template wires, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;

use infra_synth_cfn::Template;
use infra_synth_review::graph::{dot, mermaid};
use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::json;

fn dev() -> Template {
    stage("dev")
}

fn stage(name: &str) -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    appointment_stack(&StageSettings::load(&stages, name).unwrap()).unwrap()
}

fn lines(template: &Template) -> Vec<String> {
    mermaid(template)
        .lines()
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn an_appointment_can_be_followed_from_the_client_to_the_table() {
    let lines = lines(&dev());
    for edge in [
        "the_client --> HttpApi",
        "the_alarms --> AlarmTopic",
        "HttpApi -->|\"POST /appointments\"| CreateAppointmentLambdaFunction",
        "CreateAppointmentLambdaFunction -->|\"PutItem, GetItem\"| AppointmentTable",
        "CreateAppointmentLambdaFunction -->|\"Publish\"| AppointmentTopic",
        "AppointmentTopic -->|\"country = PE\"| AppointmentQueuePE",
        "AppointmentQueuePE -->|\"batches of 10, at most 5 at once\"| ProcessAppointmentPELambdaFunction",
        "ProcessAppointmentPELambdaFunction -->|\"port 3306\"| the_database",
        "ProcessAppointmentPELambdaFunction -->|\"PutEvents\"| EventBridgeVpcEndpoint",
        "EventBridgeVpcEndpoint --> AppointmentEventBus",
        "AppointmentConfirmationRule --> AppointmentConfirmationQueue",
        "ProcessConfirmationLambdaFunction -->|\"UpdateItem\"| AppointmentTable",
        "AppointmentQueuePE -.->|\"received 5 times\"| AppointmentQueuePEDeadLetterQueue",
        "AppointmentTopic -.->|\"undelivered\"| SubscriptionPEDeadLetterQueue",
        "HttpApi -->|\"GET /appointments/{insuredId}\"| GetAppointmentLambdaFunction",
        "HttpApi -->|\"GET /appointments/{insuredId}/{appointmentId}\"| GetAppointmentLambdaFunction",
        "GetAppointmentLambdaFunction -->|\"Query InsuredIdIndex, GetItem\"| AppointmentTable",
        "GetAppointmentLambdaFunction -->|\"GetSecretValue\"| CursorSecret",
    ] {
        assert_eq!(lines.iter().filter(|line| *line == edge).count(), 1, "{edge}");
    }
}

#[test]
fn a_route_says_the_token_and_the_scope_that_it_asks_for() {
    let lines = lines(&stage("prod"));
    for edge in [
        "the_client -->|\"token of https://identity.prod.invalid\"| HttpApi",
        "HttpApi -->|\"POST /appointments for appointments:write\"| CreateAppointmentLambdaFunction",
        "HttpApi -->|\"GET /appointments/{insuredId} for appointments:read\"| GetAppointmentLambdaFunction",
        "HttpApi -->|\"$default\"| GetAppointmentLambdaFunction",
    ] {
        assert_eq!(lines.iter().filter(|line| *line == edge).count(), 1, "{edge}");
    }
}

#[test]
fn the_vpc_has_the_country_functions_the_endpoint_and_the_database_inside() {
    let lines = lines(&dev());
    let start = lines
        .iter()
        .position(|line| line.starts_with("subgraph"))
        .unwrap();
    let end = lines.iter().position(|line| line == "end").unwrap();
    let inside: Vec<&str> = lines[start + 1..end]
        .iter()
        .filter_map(|line| line.split(['[', '(']).next())
        .collect();
    assert_eq!(
        inside,
        [
            "EventBridgeVpcEndpoint",
            "ProcessAppointmentPELambdaFunction",
            "ProcessAppointmentCLLambdaFunction",
            "the_database"
        ]
    );
}

#[test]
fn every_queue_is_drawn_and_hangs_on_something() {
    let template = dev();
    let lines = lines(&template);
    for (id, resource) in template.as_value()["Resources"].as_object().unwrap() {
        if resource["Type"] == "AWS::SQS::Queue" {
            assert!(
                lines.iter().any(|line| line.starts_with(&format!("{id}["))),
                "{id}"
            );
            assert!(lines.iter().any(|line| line.ends_with(&format!(" {id}"))), "{id}");
        }
    }
}

#[test]
fn without_its_endpoint_a_call_is_drawn_straight_out_of_the_vpc() {
    let mut json = dev().to_value();
    json["Resources"]
        .as_object_mut()
        .unwrap()
        .remove("EventBridgeVpcEndpoint");
    let lines = lines(&Template::from_value(json));
    assert!(
        lines.contains(
            &"ProcessAppointmentPELambdaFunction -->|\"PutEvents\"| AppointmentEventBus".to_owned()
        )
    );
}

#[test]
fn both_notations_draw_the_same_edges_and_are_the_same_every_time() {
    let (one, other) = (dev(), dev());
    assert_eq!(mermaid(&one), mermaid(&other));
    assert_eq!(dot(&one), dot(&other));
    let edges = |text: &str, arrows: &[&str]| {
        text.lines()
            .filter(|line| arrows.iter().any(|arrow| line.contains(arrow)))
            .count()
    };
    assert_eq!(
        edges(&mermaid(&one), &[" -->", " -.->"]),
        edges(&dot(&one), &[" -> "])
    );
}

#[test]
fn a_template_without_a_system_is_an_empty_picture() {
    let empty = Template::from_value(json!({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}));
    assert_eq!(mermaid(&empty), "flowchart LR\n");
}
