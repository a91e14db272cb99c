use std::time::Duration;

use crate::{AT_ONCE, Chosen, DeadLetterQueues, LetterId, Pace, QueueError};

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

    /// The time between two.
    pub(crate) fn gap(self) -> Duration {
        Duration::from_secs(1) / self.0
    }
}

/// What became of the chosen messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Those that are where they were to be.
    pub done: Vec<LetterId>,
    /// Those that somebody else took out in the meantime.
    pub gone: Vec<LetterId>,
    /// Why it stopped before the end; what it did not come to lies where it lay.
    pub stopped: Option<QueueError>,
}

impl Outcome {
    /// Notes what became of one; whether to go on.
    fn note(&mut self, id: &LetterId, result: Result<bool, QueueError>) -> bool {
        match result {
            Ok(true) => self.done.push(id.clone()),
            Ok(false) => self.gone.push(id.clone()),
            Err(error) => {
                self.stopped.get_or_insert(error);
            }
        }
        self.stopped.is_none()
    }
}

/// Puts the chosen messages back into the queues that they come from, at a rate.
///
/// A crash at any moment loses none: see [`DeadLetterQueues::return_to_source`]. Choosing and running again goes on.
pub async fn redrive(
    queues: &impl DeadLetterQueues,
    pace: &impl Pace,
    chosen: &[Chosen],
    rate: Rate,
) -> Outcome {
    let mut outcome = Outcome::default();
    for (place, one) in chosen.iter().enumerate() {
        if place > 0 {
            pace.wait(rate.gap()).await;
        }
        let moved = queues.return_to_source(&one.queue.name, &one.letter.id).await;
        if !outcome.note(&one.letter.id, moved) {
            break;
        }
    }
    queues.release().await;
    outcome
}

/// Takes the chosen messages away for good.
pub async fn purge(queues: &impl DeadLetterQueues, chosen: &[Chosen]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut calls = chosen
        .chunk_by(|one, next| one.queue.name == next.queue.name)
        .flat_map(|of_a_queue| of_a_queue.chunks(AT_ONCE));
    while outcome.stopped.is_none()
        && let Some(together) = calls.next()
    {
        let ids: Vec<LetterId> = together.iter().map(|one| one.letter.id.clone()).collect();
        let results = queues.remove(&together[0].queue.name, &ids).await;
        // All of a call: one that failed says nothing of its neighbours.
        for (id, result) in ids.iter().zip(results) {
            outcome.note(id, result);
        }
    }
    queues.release().await;
    outcome
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::doubles::Queues;
    use crate::{Selection, choose};

    #[derive(Default)]
    struct Waits(RefCell<Vec<Duration>>);

    impl Pace for Waits {
        async fn wait(&self, time: Duration) {
            self.0.borrow_mut().push(time);
        }
    }

    async fn all(queues: &Queues) -> Vec<Chosen> {
        choose(queues, &Selection::default()).await.unwrap().chosen
    }

    async fn run(queues: &Queues, waits: &Waits) -> Outcome {
        redrive(queues, waits, &all(queues).await, Rate::per_second(4).unwrap()).await
    }

    #[tokio::test]
    async fn all_go_back_in_order_with_a_gap_between_two() {
        let (queues, waits) = (Queues::holding(&["1", "2", "3"]), Waits::default());
        run(&queues, &waits).await;
        assert_eq!(Queues::ids(&queues.source), ["1", "2", "3"]);
        assert!(queues.dead.borrow().is_empty());
        assert_eq!(*waits.0.borrow(), [Duration::from_millis(250); 2]);
    }

    #[tokio::test]
    async fn a_failure_leaves_the_rest_where_it_lies_and_a_second_run_goes_on() {
        let queues = Queues {
            fails_at: Some(2),
            ..Queues::holding(&["1", "2", "3"])
        };
        let first = run(&queues, &Waits::default()).await;
        assert!(first.stopped.is_some());
        assert_eq!(Queues::ids(&queues.dead), ["2", "3"]);
        run(&queues, &Waits::default()).await;
        assert_eq!(Queues::ids(&queues.source), ["1", "2", "3"]);
    }

    #[tokio::test]
    async fn what_is_purged_is_in_no_queue_and_what_was_gone_is_said() {
        let queues = Queues::holding(&["1", "2", "3"]);
        let chosen = all(&queues).await;
        queues.dead.borrow_mut().remove(0);
        let outcome = purge(&queues, &chosen[..2]).await;
        assert_eq!((outcome.done.len(), outcome.gone.len()), (1, 1));
        assert_eq!(Queues::ids(&queues.dead), ["3"]);
        assert!(queues.source.borrow().is_empty());
    }

    #[tokio::test]
    async fn a_message_that_cannot_be_taken_away_stops_the_rest_and_not_its_neighbours() {
        let ids: Vec<String> = (1..=25).map(|id| id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let queues = Queues {
            fails_at: Some(12),
            ..Queues::holding(&ids)
        };
        let outcome = purge(&queues, &all(&queues).await).await;
        assert!(outcome.stopped.is_some());
        assert_eq!(Queues::ids(&queues.dead), ["12", "21", "22", "23", "24", "25"]);
        assert_eq!(outcome.done.len(), 19);
    }

    #[test]
    fn a_rate_of_nothing_is_refused() {
        assert_eq!(Rate::per_second(0), Err(RateError));
    }
}
