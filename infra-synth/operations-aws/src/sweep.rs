use std::collections::HashSet;

use aws_sdk_sqs::{
    Client,
    types::{ChangeMessageVisibilityBatchRequestEntry, MessageSystemAttributeName, QueueAttributeName},
};
use infra_synth_operations::{AT_ONCE, LetterId, QueueError};
use schedule_aws::fault;
use tokio::time::Instant;

use crate::in_hand::{HOLD, Hand, InHand};

/// How many messages of a queue are looked at; the rest is counted.
const MOST: usize = 10_000;
/// With this, SQS asks all its servers before it says that there is nothing.
const LONG_POLL_SECONDS: i32 = 1;

/// Receives into `hand` until all of `wanted` are there, or the queue has no more to give; where it names none, until
/// there are very many.
///
/// What is in hand already is not given again, unless its time is up: then its receipt is replaced.
pub(crate) async fn receive(
    client: &Client,
    url: &str,
    hand: &mut Hand,
    wanted: &[LetterId],
    expected: usize,
) -> Result<(), QueueError> {
    let is_complete = |hand: &Hand| {
        let is_there = |id| hand.get(id).is_some_and(InHand::is_held);
        if wanted.is_empty() {
            hand.len() >= MOST
        } else {
            wanted.iter().all(is_there)
        }
    };
    let mut empty_answers = 0;
    let mut renewed = HashSet::new();
    while !is_complete(hand) {
        let asked = Instant::now();
        let answer = client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(i32::try_from(AT_ONCE).unwrap_or(i32::MAX))
            .visibility_timeout(i32::try_from(HOLD.as_secs()).unwrap_or(i32::MAX))
            .wait_time_seconds(LONG_POLL_SECONDS)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await
            .map_err(|error| unavailable(&fault::from_sdk("ReceiveMessage", &error)))?;
        let messages = answer.messages.unwrap_or_default();
        let mut is_new = false;
        for message in messages
            .into_iter()
            .filter_map(|message| InHand::of(message, asked))
        {
            let id = message.letter.id.clone();
            // One whose time was up counts once, and only if it is wanted: all that is in hand comes again for ever.
            is_new |= match hand.insert(id.clone(), message) {
                None => true,
                Some(before) => !before.is_held() && wanted.contains(&id) && renewed.insert(id),
            };
        }
        // What is in hand comes again only after everything else has.
        if !is_new {
            empty_answers += 1;
            if empty_answers > 1 || hand.len() >= expected {
                break;
            }
        } else {
            empty_answers = 0;
        }
    }
    Ok(())
}

/// How many messages a queue has, in hand or not; SQS counts them roughly.
pub(crate) async fn count(client: &Client, url: &str) -> Result<usize, QueueError> {
    use QueueAttributeName::{ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible};
    let answer = client
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(ApproximateNumberOfMessages)
        .attribute_names(ApproximateNumberOfMessagesNotVisible)
        .send()
        .await
        .map_err(|error| unavailable(&fault::from_sdk("GetQueueAttributes", &error)))?;
    let counts = answer.attributes.unwrap_or_default();
    Ok(
        [ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible]
            .iter()
            .filter_map(|name| counts.get(name)?.parse::<usize>().ok())
            .sum(),
    )
}

/// Lets others see what is in hand at once. What is refused here comes back when its time is up.
pub(crate) async fn give_back(client: &Client, url: &str, hand: Hand) {
    let held: Vec<InHand> = hand.into_values().collect();
    for together in held.chunks(AT_ONCE) {
        let mut call = client.change_message_visibility_batch().queue_url(url);
        for (place, message) in together.iter().enumerate() {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(place.to_string())
                .receipt_handle(&message.receipt)
                .visibility_timeout(0)
                .build();
            if let Ok(entry) = entry {
                call = call.entries(entry);
            }
        }
        let _ = call.send().await;
    }
}

/// A call that failed, in words that hold nothing of a message.
pub(crate) fn unavailable(error: &schedule_core::ports::PortError) -> QueueError {
    QueueError::Unavailable(error.to_string())
}
