use jiff::Timestamp;

use crate::{Cause, CauseKind, DeadLetter, DeadLetterQueue, DeadLetterQueues, LetterId, QueueError};

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

/// Why nothing was selected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// A queue could not be read.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A message that was asked for is not there.
    #[error(
        "no dead-letter queue that was looked at has a message `{0}` that fits; see what is there: infra-synth dead-letters list"
    )]
    NoSuchLetter(LetterId),
}

/// The selected messages of all queues, oldest first in each.
///
/// # Errors
///
/// When a queue cannot be read, or an id that was asked for is in none: whoever names a message means it.
pub async fn choose(
    queues: &impl DeadLetterQueues,
    selection: &Selection,
) -> Result<Vec<Chosen>, SelectionError> {
    let mut known = queues.queues().await?;
    if let Some(name) = &selection.queue {
        known.retain(|queue| queue.name == *name);
        if known.is_empty() {
            return Err(QueueError::NoSuchQueue(name.clone()).into());
        }
    }
    let mut chosen = Vec::new();
    for queue in known {
        let letters = queues.letters(&queue.name).await?;
        chosen.extend(
            letters
                .into_iter()
                .filter(|letter| selection.takes(letter, &queue))
                .map(|letter| Chosen {
                    queue: queue.clone(),
                    letter,
                }),
        );
    }
    match selection
        .ids
        .iter()
        .find(|id| chosen.iter().all(|one| one.letter.id != **id))
    {
        Some(missing) => Err(SelectionError::NoSuchLetter(missing.clone())),
        None => Ok(chosen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doubles::Queues;

    async fn ids(selection: Selection) -> Result<Vec<String>, SelectionError> {
        let chosen = choose(&Queues::holding(&["1", "2", "3"]), &selection).await?;
        Ok(chosen.into_iter().map(|one| one.letter.id.0).collect())
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
