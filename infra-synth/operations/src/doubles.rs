//! A dead-letter queue and its source in memory, for the tests of this crate.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::Timestamp;
use schedule_core::Country;

use crate::{
    Body, DeadLetter, DeadLetterQueue, DeadLetterQueues, LetterId, Letters, Origin, QueueError, Work,
};

pub(crate) fn letter(id: &str, body: &str) -> DeadLetter {
    DeadLetter {
        id: LetterId(id.to_owned()),
        sent_at: Timestamp::from_second(id.parse().unwrap()).unwrap(),
        receive_count: 5,
        attributes: BTreeMap::new(),
        body: Body::new(body),
    }
}

pub(crate) fn queue(name: &str) -> DeadLetterQueue {
    DeadLetterQueue {
        name: name.to_owned(),
        origin: Origin::Queue,
        source: Some("source".to_owned()),
        work: Some(Work::Appointments(Country::PE)),
    }
}

/// One dead-letter queue and its source; the given call to change them fails.
pub(crate) struct Queues {
    pub(crate) dead: RefCell<Vec<DeadLetter>>,
    pub(crate) source: RefCell<Vec<DeadLetter>>,
    pub(crate) calls: RefCell<usize>,
    pub(crate) fails_at: Option<usize>,
}

impl Queues {
    pub(crate) fn holding(ids: &[&str]) -> Self {
        Self {
            dead: RefCell::new(ids.iter().map(|id| letter(id, "x")).collect()),
            source: RefCell::default(),
            calls: RefCell::default(),
            fails_at: None,
        }
    }

    pub(crate) fn ids(letters: &RefCell<Vec<DeadLetter>>) -> Vec<String> {
        letters
            .borrow()
            .iter()
            .map(|letter| letter.id.0.clone())
            .collect()
    }

    fn take(&self, id: &LetterId) -> Result<Option<DeadLetter>, QueueError> {
        *self.calls.borrow_mut() += 1;
        if self.fails_at == Some(*self.calls.borrow()) {
            return Err(QueueError::Unavailable("it does not answer".to_owned()));
        }
        let mut dead = self.dead.borrow_mut();
        let place = dead.iter().position(|letter| letter.id == *id);
        Ok(place.map(|place| dead.remove(place)))
    }
}

impl DeadLetterQueues for Queues {
    async fn queues(&self) -> Result<Vec<DeadLetterQueue>, QueueError> {
        Ok(vec![queue("dlq")])
    }

    async fn letters(&self, _: &str) -> Result<Letters, QueueError> {
        Ok(Letters {
            seen: self.dead.borrow().clone(),
            unseen: 0,
        })
    }

    async fn return_to_source(&self, _: &str, id: &LetterId) -> Result<bool, QueueError> {
        let letter = self.take(id)?;
        let moved = letter.is_some();
        self.source.borrow_mut().extend(letter);
        Ok(moved)
    }

    async fn remove(&self, _: &str, ids: &[LetterId]) -> Vec<Result<bool, QueueError>> {
        ids.iter()
            .map(|id| self.take(id).map(|letter| letter.is_some()))
            .collect()
    }
}
