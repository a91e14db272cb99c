use std::ops::Range;

use infra_synth_cfn::Template;
use infra_synth_operations::{DeadLetterQueues, LetterId, QueueError};
use infra_synth_operations_aws::{SqsDeadLetterQueues, StackQueues};
use serde_json::{Value, json};

use crate::service::{Answer, Service, error, ok};

const DEAD: &str = "appointment-queue-pe-dlq";

fn url(name: &str) -> String {
    format!("https://sqs.us-east-1.amazonaws.com/123456789012/{name}")
}

/// The queue of Peru and its dead-letter queue, at the service.
fn queues(service: &Service) -> SqsDeadLetterQueues {
    let template = Template::from_value(json!({"Resources": {
        "Peru": {"Type": "AWS::SQS::Queue", "Properties": {
            "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}}}},
        "Dead": {"Type": "AWS::SQS::Queue"},
    }}));
    let ids = [("Peru", "appointment-queue-pe"), ("Dead", DEAD)];
    let physical_ids = ids.map(|(id, name)| (id.to_owned(), url(name))).into();
    SqsDeadLetterQueues::new(&service.config(), StackQueues::of(&template, &physical_ids))
}

fn counted(visible: usize, in_others_hands: usize) -> Answer {
    ok(json!({"Attributes": {
        "ApproximateNumberOfMessages": visible.to_string(),
        "ApproximateNumberOfMessagesNotVisible": in_others_hands.to_string()}}))
}

/// The messages `m0`, `m1` and so on; the one with the highest number is the oldest.
fn messages(numbers: Range<i64>) -> Answer {
    let message = |number: i64| {
        json!({
            "MessageId": format!("m{number}"), "ReceiptHandle": format!("r{number}"), "Body": format!("body {number}"),
            "Attributes": {"SentTimestamp": (1_000_000 - number).to_string(), "ApproximateReceiveCount": "6"},
            "MessageAttributes": {
                "ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"},
                "country": {"DataType": "String", "StringValue": "PE"}},
        })
    };
    ok(json!({"Messages": numbers.map(message).collect::<Vec<Value>>()}))
}

fn nothing() -> Answer {
    ok(json!({}))
}

fn ids(numbers: Range<i64>) -> Vec<LetterId> {
    numbers.map(|number| LetterId(format!("m{number}"))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_look_follows_the_pages_gives_all_back_and_counts_what_others_have_in_hand() {
    let service = Service::answering([
        counted(13, 2),
        messages(0..10),
        messages(10..13),
        nothing(),
        nothing(),
        nothing(),
        nothing(),
    ]);
    let letters = queues(&service).letters(DEAD).await.unwrap();
    assert_eq!((letters.seen.len(), letters.unseen), (13, 2));
    assert_eq!(
        letters.seen[0].id,
        LetterId("m12".to_owned()),
        "the oldest is first"
    );
    assert_eq!(letters.seen[0].receive_count, 5, "this look is not counted");
    let calls = service.calls();
    let given_back: Vec<&Value> = calls
        .iter()
        .filter(|(call, _)| call == "ChangeMessageVisibilityBatch")
        .flat_map(|(_, asked)| asked["Entries"].as_array().unwrap())
        .collect();
    assert_eq!(given_back.len(), 13);
    assert!(given_back.iter().all(|entry| entry["VisibilityTimeout"] == 0));
    assert_eq!(calls[1].1["VisibilityTimeout"], 60);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_comes_twice_in_a_look_is_one() {
    let service = Service::answering([
        counted(3, 0),
        messages(0..2),
        messages(1..3),
        nothing(),
        nothing(),
    ]);
    let letters = queues(&service).letters(DEAD).await.unwrap();
    assert_eq!((letters.seen.len(), letters.unseen), (3, 0));
}

/// So slow that what is in hand comes back before the look is over.
#[tokio::test(start_paused = true)]
async fn a_look_that_is_slower_than_its_hold_comes_to_an_end() {
    let again = std::iter::repeat_with(|| messages(0..2)).take(20);
    let service = Service::answering([counted(3, 0)].into_iter().chain(again))
        .taking(std::time::Duration::from_secs(61));
    let letters = queues(&service).letters(DEAD).await.unwrap();
    assert_eq!((letters.seen.len(), letters.unseen), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_message_is_in_its_queue_before_it_is_taken_out_and_goes_without_the_reason() {
    let sent = ok(json!({"MessageId": "new"}));
    let service = Service::answering([messages(0..3), sent, nothing(), nothing()]);
    let queues = queues(&service);
    let moved = queues.return_to_source(DEAD, &LetterId("m1".to_owned())).await;
    assert_eq!(moved, Ok(true));
    queues.release().await;
    let calls = service.calls();
    let names: Vec<&str> = calls.iter().map(|(call, _)| call.as_str()).collect();
    assert_eq!(
        names,
        [
            "ReceiveMessage",
            "SendMessage",
            "DeleteMessage",
            "ChangeMessageVisibilityBatch"
        ]
    );
    let sent = &calls[1].1;
    assert_eq!(sent["QueueUrl"], url("appointment-queue-pe"));
    assert_eq!(sent["MessageBody"], "body 1");
    assert_eq!(sent["MessageAttributes"]["country"]["StringValue"], "PE");
    assert_eq!(sent["MessageAttributes"].as_object().unwrap().len(), 1);
    assert_eq!(calls[2].1["ReceiptHandle"], "r1");
    assert_eq!(calls[3].1["Entries"].as_array().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_its_queue_does_not_take_is_not_taken_out() {
    let service = Service::answering([messages(0..1), error(403, "AccessDeniedException")]);
    let moved = queues(&service)
        .return_to_source(DEAD, &LetterId("m0".to_owned()))
        .await;
    let Err(QueueError::Unavailable(said)) = moved else {
        panic!("{moved:?}")
    };
    assert!(
        said.contains("SendMessage") && said.contains("AccessDenied"),
        "{said}"
    );
    assert_eq!(service.call_names(), ["ReceiveMessage", "SendMessage"]);
}

#[tokio::test(start_paused = true)]
async fn throttling_is_waited_out_and_what_lasts_is_said_without_the_message() {
    let throttled = || error(400, "ThrottlingException");
    let service = Service::answering([
        throttled(),
        counted(1, 0),
        throttled(),
        messages(0..1),
        nothing(),
        nothing(),
    ]);
    let letters = queues(&service).letters(DEAD).await.unwrap();
    assert_eq!(letters.seen.len(), 1);

    let service = Service::answering((0..3).map(|_| throttled()));
    let said = queues(&service).letters(DEAD).await.unwrap_err().to_string();
    assert!(said.contains("throttled") && !said.contains("00123"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_not_deleted_is_told_apart_from_its_neighbours() {
    let deleted = ok(json!({
        "Successful": [{"Id": "0"}, {"Id": "2"}],
        "Failed": [{"Id": "1", "Code": "InternalError", "SenderFault": false}]}));
    let service = Service::answering([messages(0..3), nothing(), nothing(), deleted]);
    let results = queues(&service).remove(DEAD, &ids(0..4)).await;
    assert_eq!((&results[0], &results[2]), (&Ok(true), &Ok(true)));
    let said = results[1].as_ref().unwrap_err().to_string();
    assert!(
        said.contains("DeleteMessageBatch") && said.contains("InternalError"),
        "{said}"
    );
    assert_eq!(results[3], Ok(false), "what is gone is not asked for");
}

#[tokio::test(start_paused = true)]
async fn what_was_in_hand_too_long_is_received_anew_before_it_goes() {
    let sent = || ok(json!({"MessageId": "new"}));
    let service = Service::answering([
        messages(0..2),
        sent(),
        nothing(),
        messages(1..2),
        sent(),
        nothing(),
    ]);
    let queues = queues(&service);
    let back = |id: &str| LetterId(id.to_owned());
    assert_eq!(queues.return_to_source(DEAD, &back("m0")).await, Ok(true));
    tokio::time::advance(std::time::Duration::from_secs(55)).await;
    assert_eq!(queues.return_to_source(DEAD, &back("m1")).await, Ok(true));
    let names = service.call_names();
    assert_eq!(names.iter().filter(|call| *call == "ReceiveMessage").count(), 2);
}
