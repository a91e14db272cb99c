//! What the simulation takes for granted is what the stack declares, in every stage.

use std::path::Path;

use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::Value;

use crate::{
    Millis, SECOND, function,
    queue::{BATCH, MOST_RECEIVES, QueueName, VISIBILITY},
};

/// The resources of a stage's template.
struct Declared(Value);

impl Declared {
    fn all() -> impl Iterator<Item = Self> {
        let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
        ["dev", "prod"].into_iter().map(move |stage| {
            let template = appointment_stack(&StageSettings::load(&stages, stage).unwrap()).unwrap();
            Self(template.to_value()["Resources"].clone())
        })
    }

    /// The properties of the one resource of a type for which this holds, and its logical id.
    fn one(&self, kind: &str, holds: impl Fn(&Value) -> bool) -> (&str, &Value) {
        let resources = self.0.as_object().unwrap();
        let mut found = resources
            .iter()
            .filter(|(_, resource)| resource["Type"] == kind && holds(&resource["Properties"]));
        let (id, resource) = found.next().unwrap();
        assert_eq!(found.next(), None, "there is one");
        (id, &resource["Properties"])
    }

    fn queue(&self, queue: QueueName) -> (&str, &Value) {
        self.one("AWS::SQS::Queue", |properties| {
            let name = properties["QueueName"].as_str().unwrap();
            name.starts_with(queue.as_str()) && properties["RedrivePolicy"].is_object()
        })
    }

    fn function(&self, function: &str) -> (&str, &Value) {
        self.one("AWS::Lambda::Function", |properties| {
            let name = properties["FunctionName"].as_str().unwrap();
            name.split('-').any(|part| part == function)
        })
    }
}

fn milliseconds(seconds: &Value) -> Millis {
    seconds.as_i64().unwrap() * SECOND
}

#[test]
fn queues_hide_give_up_and_hand_out_messages_as_the_stack_declares_it() {
    for declared in Declared::all() {
        for queue in QueueName::ALL {
            let (id, properties) = declared.queue(queue);
            assert_eq!(milliseconds(&properties["VisibilityTimeout"]), VISIBILITY, "{id}");
            let most = &properties["RedrivePolicy"]["maxReceiveCount"];
            assert_eq!(most.as_u64(), Some(MOST_RECEIVES.into()), "{id}");
            let (function, _) = declared.function(queue.consumer());
            let (_, mapping) = declared.one("AWS::Lambda::EventSourceMapping", |properties| {
                properties["EventSourceArn"]["Fn::GetAtt"][0] == id
            });
            assert_eq!(mapping["FunctionName"]["Fn::GetAtt"][0], function);
            assert_eq!(mapping["BatchSize"].as_u64(), Some(BATCH as u64), "{id}");
            assert_eq!(
                mapping["FunctionResponseTypes"][0], "ReportBatchItemFailures",
                "{id}"
            );
        }
    }
}

#[test]
fn functions_are_ended_when_the_stack_ends_them() {
    let consumers = QueueName::ALL.map(QueueName::consumer);
    let others = [function::CREATE, function::GET, function::REPUBLISH];
    for declared in Declared::all() {
        for name in consumers.into_iter().chain(others) {
            let (_, properties) = declared.function(name);
            assert_eq!(
                milliseconds(&properties["Timeout"]),
                function::timeout(name),
                "{name}"
            );
        }
    }
}
