use std::time::Duration;

use super::*;

fn config(name: &str, redrive: Option<model::messaging::Redrive>) -> model::Queue {
    model::Queue {
        logical_id: name.to_owned(),
        name: name.to_owned(),
        arn: format!("arn:{name}"),
        url: name.to_owned(),
        visibility: Duration::from_secs(180),
        delay: Duration::ZERO,
        retention: Duration::from_secs(3600),
        redrive,
        dead_letter_sources: None,
        policies: Vec::new(),
    }
}

fn queue_with_dead_letters() -> (Arc<Store>, Arc<Queue>, Arc<Queue>) {
    let store = Arc::new(Store::in_memory());
    let dead = Arc::new(Queue::open(config("q-dlq", None), Arc::clone(&store), None).unwrap());
    let redrive = model::messaging::Redrive {
        dead_letter_arn: "arn:q-dlq".to_owned(),
        max_receive_count: 2,
    };
    let queue = Queue::open(
        config("q", Some(redrive)),
        Arc::clone(&store),
        Some(Arc::clone(&dead)),
    )
    .unwrap();
    (store, Arc::new(queue), dead)
}

fn send(store: &Store, queue: &Arc<Queue>, body: &str) {
    let mut batch = Batch::default();
    let pending = queue.prepare(&Message::new(body.to_owned()), &mut batch);
    store.commit(batch).unwrap();
    pending.deliver();
}

#[tokio::test(start_paused = true)]
async fn a_received_message_is_hidden_until_its_visibility_ends() {
    let (store, queue, _) = queue_with_dead_letters();
    send(&store, &queue, "a");
    assert_eq!(queue.receive(10).await.unwrap().len(), 1);
    assert!(queue.receive_now(10).unwrap().is_empty());
    tokio::time::advance(Duration::from_secs(179)).await;
    assert!(queue.receive_now(10).unwrap().is_empty());
    let again = queue.receive(10).await.unwrap();
    assert_eq!(again[0].receive_count, 2);
}

#[tokio::test(start_paused = true)]
async fn a_message_received_too_often_lies_in_the_dead_letter_queue_alone() {
    let (store, queue, dead) = queue_with_dead_letters();
    send(&store, &queue, "poison");
    for _ in 0..2 {
        assert_eq!(queue.receive(10).await.unwrap().len(), 1);
        tokio::time::advance(Duration::from_secs(181)).await;
    }
    assert!(queue.receive_now(10).unwrap().is_empty());
    assert!(queue.messages().unwrap().is_empty());
    let letter = dead.messages().unwrap().remove(0);
    assert_eq!((letter.body.as_str(), letter.receive_count), ("poison", 2));
    let state = queue.lock();
    assert!(
        state.receipts.is_empty() && state.hidden.is_empty(),
        "nothing is kept of what is gone"
    );
}

#[tokio::test(start_paused = true)]
async fn a_receipt_of_an_earlier_receive_deletes_nothing() {
    let (store, queue, _) = queue_with_dead_letters();
    send(&store, &queue, "a");
    let first = queue.receive(1).await.unwrap();
    tokio::time::advance(Duration::from_secs(181)).await;
    let second = queue.receive(1).await.unwrap();
    queue.delete([first[0].receipt.as_str()]).unwrap();
    assert_eq!(queue.messages().unwrap().len(), 1);
    queue.delete([second[0].receipt.as_str()]).unwrap();
    assert!(queue.messages().unwrap().is_empty());
}

#[tokio::test]
async fn a_reopened_queue_shows_what_was_in_flight_and_counts_on() {
    let (store, queue, dead) = queue_with_dead_letters();
    send(&store, &queue, "a");
    send(&store, &queue, "b");
    assert_eq!(queue.receive(1).await.unwrap().len(), 1);
    let redrive = queue.config.redrive.clone();
    drop(queue);
    let queue = Queue::open(config("q", redrive), Arc::clone(&store), Some(dead)).unwrap();
    let received = queue.receive(10).await.unwrap();
    let counts: Vec<_> = received
        .iter()
        .map(|one| (one.message.body.as_str(), one.receive_count))
        .collect();
    assert_eq!(counts, [("a", 2), ("b", 1)]);
}

#[tokio::test]
async fn a_waiting_receiver_gets_a_message_that_arrives_later() {
    let (store, queue, _) = queue_with_dead_letters();
    let waiting = tokio::spawn({
        let queue = Arc::clone(&queue);
        async move { queue.receive(10).await.unwrap() }
    });
    tokio::task::yield_now().await;
    send(&store, &queue, "late");
    assert_eq!(waiting.await.unwrap()[0].message.body, "late");
}

#[tokio::test(start_paused = true)]
async fn a_redriven_message_is_in_its_source_queue_alone_and_counted_afresh() {
    let (store, queue, dead) = queue_with_dead_letters();
    send(&store, &dead, "poison");
    send(&store, &dead, "other");
    let id = dead.messages().unwrap()[0].id;
    assert!(dead.take_out(id, Some(&queue)).unwrap());
    assert!(
        !dead.take_out(id, Some(&queue)).unwrap(),
        "a second redrive finds nothing"
    );
    let bodies = |queue: &Queue| -> Vec<String> {
        let messages = queue.messages().unwrap();
        messages.into_iter().map(|message| message.body).collect()
    };
    assert_eq!(bodies(&queue), ["poison"]);
    assert_eq!(bodies(&dead), ["other"]);
    let received = queue.receive_now(10).unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].receive_count, 1);
    assert_eq!(dead.receive_now(10).unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_in_hand_moves_once_and_does_not_come_back() {
    let (store, queue, dead) = queue_with_dead_letters();
    send(&store, &dead, "poison");
    let received = dead.receive_now(1).unwrap().remove(0);
    assert!(dead.take_out(received.message.id, Some(&queue)).unwrap());
    dead.delete([received.receipt.as_str()]).unwrap();
    tokio::time::advance(Duration::from_secs(181)).await;
    assert!(dead.receive_now(10).unwrap().is_empty());
    assert_eq!(queue.receive_now(10).unwrap().len(), 1);
}

#[test]
fn an_undelivered_message_that_goes_back_is_as_it_was() {
    let message = Message::new("{}".to_owned());
    let kept = message.clone().undelivered("arn:rule", "arn:queue", "denied");
    assert_eq!(kept.attributes["ERROR_CODE"].value, "NO_PERMISSIONS");
    assert!(kept.afresh().attributes.is_empty());
}
