//! A scheduled rule beside the project's own template, in virtual time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infra_synth_cfn::Template;
use schedule_handlers::Invocation;
use schedule_stacks::{StageSettings, appointment_stack, stand_in_parameters};
use serde_json::{Value, json};

use crate::{DatabaseServer, Handler, HandlerFuture, Options, Running, start};

const FUNCTION: &str = "GetAppointmentLambdaFunction";
const DEAD_LETTERS: &str = "tick-dlq";

/// What becomes of a call.
#[derive(Clone, Copy)]
enum End {
    Answer,
    Failure,
    None,
}

/// Remembers what it was called with, and ends as it is told.
struct Called {
    events: Mutex<Vec<Value>>,
    end: End,
}

impl Called {
    fn new(end: End) -> Arc<Self> {
        Arc::new(Self {
            events: Mutex::new(Vec::new()),
            end,
        })
    }

    fn times(&self) -> usize {
        self.events.lock().unwrap().len()
    }
}

impl Handler for Called {
    fn handle<'a>(&'a self, payload: &'a [u8], _: &'a Invocation) -> HandlerFuture<'a> {
        self.events
            .lock()
            .unwrap()
            .push(serde_json::from_slice(payload).unwrap());
        Box::pin(async move {
            match self.end {
                End::Answer => Ok(b"null".to_vec()),
                End::Failure => Err("broken".to_owned()),
                End::None => std::future::pending().await,
            }
        })
    }
}

/// The project's template with a rule that calls a function every two minutes.
fn template(permitted: bool, retries: Option<Value>) -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    let template = appointment_stack(&StageSettings::load(&stages, "dev").unwrap()).unwrap();
    let mut template = template.to_value();
    let resources = template["Resources"].as_object_mut().unwrap();
    let arn = json!({ "Fn::GetAtt": [FUNCTION, "Arn"] });
    resources.insert(
        "Tick".to_owned(),
        json!({ "Type": "AWS::Events::Rule", "Properties": {
            "Name": "tick",
            "ScheduleExpression": "rate(2 minutes)",
            "Targets": [{
                "Id": "function",
                "Arn": arn,
                "DeadLetterConfig": { "Arn": { "Fn::GetAtt": ["TickDeadLetters", "Arn"] } },
            }],
        }}),
    );
    resources.insert(
        "TickDeadLetters".to_owned(),
        json!({ "Type": "AWS::SQS::Queue", "Properties": { "QueueName": DEAD_LETTERS } }),
    );
    resources.insert(
        "TickDeadLettersPolicy".to_owned(),
        json!({ "Type": "AWS::SQS::QueuePolicy", "Properties": {
            "Queues": [{ "Ref": "TickDeadLetters" }],
            "PolicyDocument": { "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": "events.amazonaws.com" },
                "Action": "sqs:SendMessage",
                "Resource": { "Fn::GetAtt": ["TickDeadLetters", "Arn"] },
                "Condition": { "ArnEquals": { "aws:SourceArn": { "Fn::GetAtt": ["Tick", "Arn"] } } },
            }]},
        }}),
    );
    if permitted {
        resources.insert(
            "TickPermission".to_owned(),
            json!({ "Type": "AWS::Lambda::Permission", "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": arn,
                "Principal": "events.amazonaws.com",
                "SourceArn": { "Fn::GetAtt": ["Tick", "Arn"] },
            }}),
        );
    }
    if let Some(retries) = retries {
        let mut properties = retries;
        properties["FunctionName"] = json!({ "Ref": FUNCTION });
        properties["Qualifier"] = json!("$LATEST");
        resources.insert(
            "TickEventInvokeConfig".to_owned(),
            json!({ "Type": "AWS::Lambda::EventInvokeConfig", "Properties": properties }),
        );
    }
    Template::from_value(template)
}

async fn system(called: &Arc<Called>, permitted: bool) -> Running {
    running(
        called,
        &template(permitted, Some(json!({ "MaximumRetryAttempts": 0 }))),
    )
    .await
}

async fn running(called: &Arc<Called>, template: &Template) -> Running {
    let database = DatabaseServer::stand_in();
    let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
    let handler: Arc<dyn Handler> = Arc::clone(called) as Arc<dyn Handler>;
    let options = Options {
        handlers: BTreeMap::from([("get-appointment".to_owned(), handler)]),
        ..Options::in_memory(parameters, database)
    };
    start(template, options).await.unwrap()
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn the_first_call_comes_one_period_after_the_start_and_then_one_a_period() {
    let called = Called::new(End::Answer);
    let running = system(&called, true).await;
    pass(119).await;
    assert_eq!(called.times(), 0);
    pass(2).await;
    assert_eq!(called.times(), 1);
    pass(240).await;
    assert_eq!(called.times(), 3);
    running.stop().await.unwrap();
    assert_eq!(called.times(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_function_is_given_the_event_that_eventbridge_makes() {
    let called = Called::new(End::Answer);
    let running = system(&called, true).await;
    pass(121).await;
    running.stop().await.unwrap();
    let event = called.events.lock().unwrap()[0].clone();
    assert_eq!(event["detail-type"], "Scheduled Event");
    assert_eq!(event["source"], "aws.events");
    assert_eq!(event["detail"], json!({}));
    assert_eq!(
        event["resources"],
        json!(["arn:aws:events:us-east-1:000000000000:rule/tick"])
    );
    let time = event["time"].as_str().unwrap();
    assert!(
        time.len() == "2026-05-20T15:30:00Z".len() && time.ends_with('Z'),
        "{time}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_never_ends_holds_up_neither_the_next_one_nor_the_end() {
    let called = Called::new(End::None);
    let running = system(&called, true).await;
    pass(361).await;
    assert_eq!(called.times(), 3);
    running.stop().await.unwrap();
}

/// How many calls one event leads to when all of them fail; the rule goes off again after 120 s.
async fn calls_of_a_failing_function(retries: Option<Value>, seconds: u64) -> usize {
    let called = Called::new(End::Failure);
    let running = running(&called, &template(true, retries)).await;
    pass(120 + seconds).await;
    let times = called.times();
    running.stop().await.unwrap();
    assert_eq!(called.times(), times, "nothing is repeated after the end");
    times
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_repeated_after_one_minute_and_after_two_more() {
    assert_eq!(calls_of_a_failing_function(None, 59).await, 1);
    assert_eq!(calls_of_a_failing_function(None, 61).await, 2);
    // With the second event's own call and repetition, and the first one's second.
    assert_eq!(calls_of_a_failing_function(None, 121).await, 3);
    assert_eq!(calls_of_a_failing_function(None, 181).await, 5);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_is_repeated_as_often_as_its_function_says() {
    let attempts = |attempts: u64| Some(json!({ "MaximumRetryAttempts": attempts }));
    assert_eq!(calls_of_a_failing_function(attempts(0), 119).await, 1);
    assert_eq!(calls_of_a_failing_function(attempts(1), 119).await, 2);
    assert_eq!(calls_of_a_failing_function(attempts(1), 181).await, 4);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_not_kept_longer_than_its_function_says() {
    let age = |seconds: u64| Some(json!({ "MaximumEventAgeInSeconds": seconds }));
    assert_eq!(calls_of_a_failing_function(age(179), 181).await, 4);
    assert_eq!(calls_of_a_failing_function(age(180), 181).await, 5);
}

#[tokio::test(start_paused = true)]
async fn a_function_that_does_not_admit_the_rule_is_not_called_and_the_event_is_kept() {
    let called = Called::new(End::Answer);
    let running = system(&called, false).await;
    pass(121).await;
    let kept = running.messages(DEAD_LETTERS).unwrap().unwrap();
    running.stop().await.unwrap();
    assert_eq!(called.times(), 0);
    let [event] = &kept[..] else { panic!("{kept:?}") };
    let event: Value = serde_json::from_str(event).unwrap();
    assert_eq!(event["detail-type"], "Scheduled Event");
}
