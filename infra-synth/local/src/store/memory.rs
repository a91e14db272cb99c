//! The store in memory, for `--ephemeral` and for tests.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::{Pair, Space};

type Pairs = BTreeMap<(Space, Vec<u8>), Vec<u8>>;

#[derive(Default)]
pub(crate) struct Memory {
    pairs: RwLock<Pairs>,
}

impl Memory {
    pub(super) fn get(&self, space: Space, key: &[u8]) -> Option<Vec<u8>> {
        self.read().get(&(space, key.to_vec())).cloned()
    }

    pub(super) fn scan(&self, space: Space, prefix: &[u8]) -> Vec<Pair> {
        self.read()
            .range((space, prefix.to_vec())..)
            .take_while(|((at, key), _)| *at == space && key.starts_with(prefix))
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect()
    }

    pub(super) fn scan_range(&self, space: Space, start: &[u8], end: &[u8], limit: usize) -> Vec<Pair> {
        self.read()
            .range((space, start.to_vec())..(space, end.to_vec()))
            .take(limit)
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect()
    }

    pub(super) fn page(&self, space: Space, prefix: &[u8], after: &[u8], limit: usize) -> Vec<Pair> {
        self.read()
            .range((Bound::Excluded((space, after.to_vec())), Bound::Unbounded))
            .take_while(|((at, key), _)| *at == space && key.starts_with(prefix))
            .take(limit)
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect()
    }

    pub(super) fn commit(&self, writes: Vec<(Space, Vec<u8>, Option<Vec<u8>>)>) {
        let mut pairs = self.pairs.write().unwrap_or_else(PoisonError::into_inner);
        for (space, key, value) in writes {
            match value {
                Some(value) => pairs.insert((space, key), value),
                None => pairs.remove(&(space, key)),
            };
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Pairs> {
        self.pairs.read().unwrap_or_else(PoisonError::into_inner)
    }
}
