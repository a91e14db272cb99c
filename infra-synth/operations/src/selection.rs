use futures_util::future::try_join_all;
use jiff::Timestamp;

use crate::{Cause, CauseKind, DeadLetter, DeadLetterQueue, DeadLetterQueues, LetterId, Letters, QueueError};

/// Which messages are meant; each condition that is given has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those in the queue of this name; in any without one.
    pub queue: Option<String>,
    /// Those with these ids; any where there are none.
    pub ids: Vec<LetterId>,
    /// Those that failed for this cause.
    pub cause: Option<CauseKind>,
    /// Those that were sent before this time.
    pub sent_before: Option<Timestamp>,
}

impl Selection {
    /// Whether a message is meant.
    #[must_use]
    pub fn takes(&self, letter: &DeadLetter, queue: &DeadLetterQueue) -> bool {
        self.queue.as_ref().is_none_or(|name| *name == queue.name)
            && (self.ids.is_empty() || self.ids.contains(&letter.id))
            && self
                .cause
                .is_none_or(|kind| Cause::of(letter, queue).kind() == kind)
            && self.sent_before.is_none_or(|time| letter.sent_at < time)
    }
}

/// A message that was selected, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Where it lies.
    pub queue: DeadLetterQueue,
    /// The message.
    pub letter: DeadLetter,
}

impl Chosen {
    /// Why it lies there.
    #[must_use]
    pub fn cause(&self) -> Cause {
        Cause::of(&self.letter, &self.queue)
    }
}

/// What was selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The messages, oldest first in each queue.
    pub chosen: Vec<Chosen>,
    /// About how many messages of these queues could not be looked at, see [`Letters::unseen`](crate::Letters::unseen).
    pub unseen: usize,
}

/// Why nothing was selected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// A queue could not be read.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A message that was asked for is not there.
    #[error(
        "no dead-letter queue that was looked at has a message `{0}` that fits; see what is there with `dead-letters list` and the same \
         options"
    )]
    NoSuchLetter(LetterId),
}

/// What lies in each queue, or in the one of this name. They are looked at all at once, since one may take a while.
///
/// # Errors
///
/// When there is no queue of that name, or one cannot be read.
pub async fn contents(
    queues: &impl DeadLetterQueues,
    name: Option<&str>,
) -> Result<Vec<(DeadLetterQueue, Letters)>, QueueError> {
    let mut known = queues.queues().await?;
    if let Some(name) = name {
        known.retain(|queue| queue.name == name);
        if known.is_empty() {
            return Err(QueueError::NoSuchQueue(name.to_owned()));
        }
    }
    try_join_all(known.into_iter().map(async |queue| {
        let letters = queues.letters(&queue.name).await?;
        Ok((queue, letters))
    }))
    .await
}

/// The selected messages of all queues.
///
/// # Errors
///
/// When a queue cannot be read, or an id that was asked for is in none: whoever names a message means it.
pub async fn choose(queues: &impl DeadLetterQueues, selection: &Selection) -> Result<Choice, SelectionError> {
    let mut choice = Choice::default();
    for (queue, letters) in contents(queues, selection.queue.as_deref()).await? {
        choice.unseen += letters.unseen;
        let taken = letters
            .seen
            .into_iter()
            .filter(|letter| selection.takes(letter, &queue));
        choice.chosen.extend(taken.map(|letter| Chosen {
            queue: queue.clone(),
            letter,
        }));
    }
    match selection
        .ids
        .iter()
        .find(|id| choice.chosen.iter().all(|one| one.letter.id != **id))
    {
        Some(missing) => Err(SelectionError::NoSuchLetter(missing.clone())),
        None => Ok(choice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doubles::Queues;

    async fn ids(selection: Selection) -> Result<Vec<String>, SelectionError> {
        let choice = choose(&Queues::holding(&["1", "2", "3"]), &selection).await?;
        Ok(choice.chosen.into_iter().map(|one| one.letter.id.0).collect())
    }

    fn named(ids: &[&str]) -> Vec<LetterId> {
        ids.iter().map(|id| LetterId((*id).to_owned())).collect()
    }

    #[tokio::test]
    async fn only_what_every_condition_takes_is_chosen() {
        let mut selection = Selection {
            cause: Some(CauseKind::Malformed),
            sent_before: Some(Timestamp::from_second(3).unwrap()),
            ..Selection::default()
        };
        assert_eq!(ids(selection.clone()).await.unwrap(), ["1", "2"]);
        selection.ids = named(&["2"]);
        assert_eq!(ids(selection.clone()).await.unwrap(), ["2"]);
        selection.cause = Some(CauseKind::Processable);
        assert_eq!(
            ids(selection).await,
            Err(SelectionError::NoSuchLetter(LetterId("2".to_owned())))
        );
    }

    #[tokio::test]
    async fn a_message_or_a_queue_that_is_not_there_is_said() {
        let selection = Selection {
            ids: named(&["1", "9"]),
            ..Selection::default()
        };
        assert_eq!(
            ids(selection).await,
            Err(SelectionError::NoSuchLetter(LetterId("9".to_owned())))
        );
        let selection = Selection {
            queue: Some("other".to_owned()),
            ..Selection::default()
        };
        assert_eq!(
            ids(selection).await,
            Err(QueueError::NoSuchQueue("other".to_owned()).into())
        );
    }
}
