use std::time::Duration;

use crate::{DeadLetterQueues, LetterId, Pace, QueueError, Selection, Work};

/// How many messages a second go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(u32);

/// A rate that moves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rate of `0` moves nothing; take 1 a second or more")]
pub struct RateError;

impl Rate {
    /// So many messages a second.
    ///
    /// # Errors
    ///
    /// When there are none.
    pub fn per_second(messages: u32) -> Result<Self, RateError> {
        if messages == 0 {
            Err(RateError)
        } else {
            Ok(Self(messages))
        }
    }

    fn gap(self) -> Duration {
        Duration::from_secs(1) / self.0
    }
}

/// What became of a redrive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// The messages that are back in their source queue.
    pub moved: Vec<LetterId>,
    /// Those that somebody else took out in the meantime.
    pub gone: Vec<LetterId>,
    /// Why it stopped before the end; what it did not come to lies where it lay.
    pub stopped: Option<QueueError>,
}

/// Puts the selected messages back into the queue that they come from, oldest first, at a rate.
///
/// A crash at any moment loses none: see [`DeadLetterQueues::return_to_source`]. Running it again goes on.
///
/// # Errors
///
/// When the queue cannot be read; a failure later ends it, and is in [`Moved::stopped`].
pub async fn redrive(
    queues: &impl DeadLetterQueues,
    pace: &impl Pace,
    queue: &str,
    work: Work,
    selection: &Selection,
    rate: Rate,
) -> Result<Moved, QueueError> {
    let letters = queues.letters(queue).await?;
    let mut result = Moved::default();
    let selected = letters.into_iter().filter(|letter| selection.takes(letter, work));
    for (place, letter) in selected.enumerate() {
        if place > 0 {
            pace.wait(rate.gap()).await;
        }
        match queues.return_to_source(queue, &letter.id).await {
            Ok(true) => result.moved.push(letter.id),
            Ok(false) => result.gone.push(letter.id),
            Err(error) => {
                result.stopped = Some(error);
                break;
            }
        }
    }
    Ok(result)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use schedule_core::Country;

    use super::*;
    use crate::{Body, CauseKind, DeadLetter};

    pub(crate) fn letter(id: &str, body: &str) -> DeadLetter {
        DeadLetter {
            id: LetterId(id.to_owned()),
            sent_at: Timestamp::from_second(id.parse().unwrap()).unwrap(),
            receive_count: 5,
            attributes: BTreeMap::new(),
            body: Body::new(body),
        }
    }

    /// A dead-letter queue and its source, in memory; the given call to move fails.
    struct Queues {
        dead: RefCell<Vec<DeadLetter>>,
        source: RefCell<Vec<DeadLetter>>,
        calls: RefCell<usize>,
        fails_at: Option<usize>,
    }

    impl Queues {
        fn holding(ids: &[&str], fails_at: Option<usize>) -> Self {
            Self {
                dead: RefCell::new(ids.iter().map(|id| letter(id, "x")).collect()),
                source: RefCell::default(),
                calls: RefCell::default(),
                fails_at,
            }
        }

        fn ids(letters: &RefCell<Vec<DeadLetter>>) -> Vec<String> {
            letters
                .borrow()
                .iter()
                .map(|letter| letter.id.0.clone())
                .collect()
        }
    }

    impl DeadLetterQueues for Queues {
        async fn letters(&self, _: &str) -> Result<Vec<DeadLetter>, QueueError> {
            Ok(self.dead.borrow().clone())
        }

        async fn return_to_source(&self, queue: &str, id: &LetterId) -> Result<bool, QueueError> {
            *self.calls.borrow_mut() += 1;
            if self.fails_at == Some(*self.calls.borrow()) {
                return Err(QueueError::NoSource(queue.to_owned()));
            }
            let mut dead = self.dead.borrow_mut();
            let Some(place) = dead.iter().position(|letter| letter.id == *id) else {
                return Ok(false);
            };
            self.source.borrow_mut().push(dead.remove(place));
            Ok(true)
        }
    }

    #[derive(Default)]
    struct Waits(RefCell<Vec<Duration>>);

    impl Pace for Waits {
        async fn wait(&self, time: Duration) {
            self.0.borrow_mut().push(time);
        }
    }

    async fn run(queues: &Queues, waits: &Waits, selection: &Selection) -> Moved {
        let work = Work::Appointments(Country::PE);
        let rate = Rate::per_second(4).unwrap();
        redrive(queues, waits, "dlq", work, selection, rate)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn all_go_back_in_order_with_a_gap_between_two() {
        let (queues, waits) = (Queues::holding(&["1", "2", "3"], None), Waits::default());
        run(&queues, &waits, &Selection::default()).await;
        assert_eq!(Queues::ids(&queues.source), ["1", "2", "3"]);
        assert!(queues.dead.borrow().is_empty());
        assert_eq!(*waits.0.borrow(), [Duration::from_millis(250); 2]);
    }

    #[tokio::test]
    async fn only_what_every_condition_takes_goes_back() {
        let queues = Queues::holding(&["1", "2", "3"], None);
        let mut selection = Selection {
            ids: vec![LetterId("1".to_owned()), LetterId("3".to_owned())],
            cause: Some(CauseKind::Processable),
            sent_before: Some(Timestamp::from_second(3).unwrap()),
        };
        assert_eq!(
            run(&queues, &Waits::default(), &selection).await,
            Moved::default()
        );
        selection.cause = Some(CauseKind::Malformed);
        run(&queues, &Waits::default(), &selection).await;
        assert_eq!(Queues::ids(&queues.source), ["1"]);
        assert_eq!(Queues::ids(&queues.dead), ["2", "3"]);
    }

    #[tokio::test]
    async fn a_failure_leaves_the_rest_where_it_lies_and_a_second_run_goes_on() {
        let queues = Queues::holding(&["1", "2", "3"], Some(2));
        let first = run(&queues, &Waits::default(), &Selection::default()).await;
        assert!(first.stopped.is_some());
        assert_eq!(Queues::ids(&queues.dead), ["2", "3"]);
        run(&queues, &Waits::default(), &Selection::default()).await;
        assert_eq!(Queues::ids(&queues.source), ["1", "2", "3"]);
    }

    #[test]
    fn a_rate_of_nothing_is_refused() {
        assert_eq!(Rate::per_second(0), Err(RateError));
    }
}
