//! Event source mappings over functions that misbehave, in virtual time: hours of visibility pass at once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infra_synth_cfn::Template;
use schedule_handlers::Invocation;
use schedule_stacks::{StageSettings, appointment_stack, stand_in_parameters};
use serde_json::{Value, json};

use crate::queue::Message;
use crate::store::Batch;
use crate::{DatabaseServer, Handler, HandlerFuture, Options, Running, start};

const QUEUE: &str = "appointment-queue-pe";
const DEAD_LETTERS: &str = "appointment-queue-pe-dlq";

/// What a function does with the bodies of a batch; it is also told when.
type Behaviour = Box<dyn Fn(&[String]) -> Answer + Send + Sync>;

enum Answer {
    Json(Value),
    Error,
    Panic,
    Never,
}

struct Misbehaving {
    behaviour: Behaviour,
    calls: Mutex<Vec<Vec<String>>>,
}

impl Handler for Misbehaving {
    fn handle<'a>(&'a self, payload: &'a [u8], _: &'a Invocation) -> HandlerFuture<'a> {
        let event: Value = serde_json::from_slice(payload).unwrap();
        let records = event["Records"].as_array().unwrap();
        let bodies: Vec<String> = records
            .iter()
            .map(|record| record["body"].as_str().unwrap().to_owned())
            .collect();
        self.calls.lock().unwrap().push(bodies.clone());
        let ids: BTreeMap<String, Value> = bodies
            .iter()
            .cloned()
            .zip(records.iter().map(|record| record["messageId"].clone()))
            .collect();
        Box::pin(async move {
            match (self.behaviour)(&bodies) {
                Answer::Json(answer) => Ok(with_ids(&answer, &ids).to_string().into_bytes()),
                Answer::Error => Err("it said no".to_owned()),
                Answer::Panic => panic!("a function that panics"),
                Answer::Never => std::future::pending().await,
            }
        })
    }
}

/// Bodies stand for message ids in what a behaviour answers.
fn with_ids(answer: &Value, ids: &BTreeMap<String, Value>) -> Value {
    match answer {
        Value::String(text) => ids.get(text).cloned().unwrap_or_else(|| answer.clone()),
        Value::Array(items) => items.iter().map(|item| with_ids(item, ids)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (key.clone(), with_ids(value, ids)))
            .collect(),
        other => other.clone(),
    }
}

pub(crate) fn template() -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    appointment_stack(&StageSettings::load(&stages, "dev").unwrap()).unwrap()
}

async fn system(handler: &Arc<Misbehaving>) -> Running {
    let database = DatabaseServer::stand_in();
    let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
    let handler: Arc<dyn Handler> = Arc::clone(handler) as Arc<dyn Handler>;
    let options = Options {
        handlers: BTreeMap::from([("process-appointment".to_owned(), handler)]),
        ..Options::in_memory(parameters, database)
    };
    start(&template(), options).await.unwrap()
}

/// Puts the bodies into the queue in one step, so that they make one batch.
fn send(running: &Running, bodies: &[&str]) {
    let queue = running
        .cloud
        .queues()
        .find(|queue| queue.config.name == QUEUE)
        .unwrap();
    let mut batch = Batch::default();
    let pending: Vec<_> = bodies
        .iter()
        .map(|body| queue.prepare(&Message::new((*body).to_owned()), &mut batch))
        .collect();
    running.cloud.store.commit(batch).unwrap();
    for message in pending {
        message.deliver();
    }
}

/// Runs the behaviour on the bodies for a virtual day; what is left in the queue and in its dead-letter queue.
async fn after_a_day(behaviour: Behaviour, bodies: &[&str]) -> (Vec<String>, Vec<String>, Vec<Vec<String>>) {
    let handler = Arc::new(Misbehaving {
        behaviour,
        calls: Mutex::new(Vec::new()),
    });
    let running = system(&handler).await;
    send(&running, bodies);
    tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
    let left = |queue: &str| running.messages(queue).unwrap().unwrap();
    let result = (
        left(QUEUE),
        left(DEAD_LETTERS),
        handler.calls.lock().unwrap().clone(),
    );
    running.stop().await.unwrap();
    result
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_succeeds_is_deleted_and_delivered_once() {
    let (left, dead, calls) = after_a_day(
        Box::new(|_| Answer::Json(json!({"batchItemFailures": []}))),
        &["a", "b"],
    )
    .await;
    assert!(left.is_empty() && dead.is_empty());
    assert_eq!(calls, [["a", "b"]]);
}

#[tokio::test(start_paused = true)]
async fn one_bad_message_goes_to_the_dead_letter_queue_alone_after_five_tries() {
    let bad = |bodies: &[String]| {
        let failures: Vec<Value> = bodies
            .iter()
            .filter(|body| *body == "bad")
            .map(|body| json!({"itemIdentifier": body}))
            .collect();
        Answer::Json(json!({"batchItemFailures": failures}))
    };
    let (left, dead, calls) = after_a_day(Box::new(bad), &["a", "bad", "b"]).await;
    assert!(left.is_empty());
    assert_eq!(dead, ["bad"]);
    assert_eq!(calls[0], ["a", "bad", "b"]);
    assert_eq!(calls[1..], vec![vec!["bad".to_owned()]; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_fails_its_batch() {
    let (left, dead, calls) = after_a_day(Box::new(|_| Answer::Panic), &["a", "b"]).await;
    assert!(left.is_empty());
    assert_eq!((dead.len(), calls.len()), (2, 5));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_fails_fails_its_batch() {
    let (left, dead, calls) = after_a_day(Box::new(|_| Answer::Error), &["a"]).await;
    assert!(left.is_empty());
    assert_eq!((dead.len(), calls.len()), (1, 5));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_overruns_its_timeout_is_ended_and_fails_its_batch() {
    let (left, dead, calls) = after_a_day(Box::new(|_| Answer::Never), &["a"]).await;
    assert!(left.is_empty());
    assert_eq!((dead.len(), calls.len()), (1, 5));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_batch_response_deletes_nothing() {
    for answer in [
        json!("done"),
        json!({"batchItemFailures": [{"itemIdentifier": ""}]}),
        json!({"batchItemFailures": 1}),
    ] {
        let (left, dead, _) = after_a_day(Box::new(move |_| Answer::Json(answer.clone())), &["a"]).await;
        assert!(left.is_empty());
        assert_eq!(dead, ["a"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_answer_is_success_as_lambda_has_it() {
    for answer in [json!({}), json!(null), json!({"batchItemFailures": null})] {
        let (left, dead, calls) = after_a_day(Box::new(move |_| Answer::Json(answer.clone())), &["a"]).await;
        assert!(left.is_empty() && dead.is_empty());
        assert_eq!(calls.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_never_larger_than_the_mapping_says() {
    let bodies: Vec<String> = (0..25).map(|number| number.to_string()).collect();
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let (left, _, calls) = after_a_day(Box::new(|_| Answer::Json(json!({}))), &bodies).await;
    assert!(left.is_empty());
    assert_eq!(calls.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
}

#[tokio::test(start_paused = true)]
async fn no_more_batches_run_at_once_than_the_mapping_says() {
    let handler = Arc::new(Misbehaving {
        behaviour: Box::new(|_| Answer::Never),
        calls: Mutex::new(Vec::new()),
    });
    let running = system(&handler).await;
    let bodies: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    send(&running, &bodies.iter().map(String::as_str).collect::<Vec<_>>());
    // Every batch hangs until its timeout of 30 s; stage `dev` allows five at once.
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(handler.calls.lock().unwrap().len(), 5);
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(handler.calls.lock().unwrap().len(), 10);
}
