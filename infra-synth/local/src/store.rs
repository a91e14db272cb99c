//! Where the local system keeps its state: ordered keys in a few spaces, written in atomic batches.
//!
//! A batch is visible, whole, as soon as it is committed and durable a moment later: one thread syncs the journal for
//! all who wait at that time (group commit). Batches reach the journal in the order in which they were committed,
//! so what a crash leaves is always a prefix of the history: an effect is never kept without its cause. Only an
//! answer that leaves the process has to wait, by [`Store::durable`].

mod disk;
mod memory;

use std::path::PathBuf;

use thiserror::Error;

use disk::Disk;
use memory::Memory;

pub(crate) type Pair = (Vec<u8>, Vec<u8>);

/// A group of keys with one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Space {
    /// Table items by table and primary key, and values of secrets by ARN, which no table's name can be.
    Items,
    /// Index entries, pointing at items.
    Index,
    /// Messages in queues.
    Messages,
    /// How often a message was received.
    Receives,
    /// Rows of the country tables.
    Rows,
}

impl Space {
    pub(crate) const ALL: [Self; 5] = [
        Self::Items,
        Self::Index,
        Self::Messages,
        Self::Receives,
        Self::Rows,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Index => "index",
            Self::Messages => "messages",
            Self::Receives => "receives",
            Self::Rows => "rows",
        }
    }
}

/// Why the data folder cannot be used, or a write failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder cannot be created or written.
    #[error("cannot write the data folder `{path}`; choose another with --data-dir, or run with --ephemeral")]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another process holds the folder.
    #[error(
        "the data folder `{path}` is in use by another process; stop that one, or choose another with --data-dir"
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The folder was written by a version with another format.
    #[error(
        "the data folder `{path}` has format `{found}`, this version reads `{expected}`; \
         delete the folder or choose another with --data-dir"
    )]
    OtherVersion {
        /// The folder.
        path: PathBuf,
        /// What its `FORMAT` file says.
        found: String,
        /// What this version writes.
        expected: &'static str,
    },
    /// The folder holds something else.
    #[error(
        "the folder `{path}` is not empty and was not made by `infra-synth local`; choose another with --data-dir"
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers, and a secret has to be made of them")]
    NoRandomness,
    /// The storage engine failed.
    #[error("the data folder `{path}` cannot be read or written")]
    Engine {
        /// The folder.
        path: PathBuf,
        /// What the engine said.
        source: fjall::Error,
    },
}

/// Writes that happen together or not at all.
#[derive(Default)]
pub(crate) struct Batch {
    writes: Vec<(Space, Vec<u8>, Option<Vec<u8>>)>,
}

impl Batch {
    pub(crate) fn put(&mut self, space: Space, key: Vec<u8>, value: Vec<u8>) {
        self.writes.push((space, key, Some(value)));
    }

    pub(crate) fn remove(&mut self, space: Space, key: Vec<u8>) {
        self.writes.push((space, key, None));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}

pub(crate) enum Store {
    Disk(Disk),
    Memory(Memory),
}

impl Store {
    pub(crate) fn on_disk(path: PathBuf) -> Result<Self, StoreError> {
        Disk::open(path).map(Self::Disk)
    }

    pub(crate) fn in_memory() -> Self {
        Self::Memory(Memory::default())
    }

    pub(crate) fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self {
            Self::Disk(disk) => disk.get(space, key),
            Self::Memory(memory) => Ok(memory.get(space, key)),
        }
    }

    /// The pairs whose key starts with the prefix, in key order.
    pub(crate) fn scan(&self, space: Space, prefix: &[u8]) -> Result<Vec<Pair>, StoreError> {
        match self {
            Self::Disk(disk) => disk.scan(space, prefix),
            Self::Memory(memory) => Ok(memory.scan(space, prefix)),
        }
    }

    /// The first pairs whose key is `start` or after it, and before `end`, in key order.
    pub(crate) fn scan_range(
        &self,
        space: Space,
        start: &[u8],
        end: &[u8],
        limit: usize,
    ) -> Result<Vec<Pair>, StoreError> {
        if start >= end {
            return Ok(Vec::new());
        }
        match self {
            Self::Disk(disk) => disk.scan_range(space, start, end, limit),
            Self::Memory(memory) => Ok(memory.scan_range(space, start, end, limit)),
        }
    }

    /// At most `limit` pairs whose key starts with the prefix and comes after `after`, in key order.
    pub(crate) fn page(
        &self,
        space: Space,
        prefix: &[u8],
        after: &[u8],
        limit: usize,
    ) -> Result<Vec<Pair>, StoreError> {
        match self {
            Self::Disk(disk) => disk.page(space, prefix, after, limit),
            Self::Memory(memory) => Ok(memory.page(space, prefix, after, limit)),
        }
    }

    /// Makes the batch visible; it is durable after the next [`Store::durable`].
    pub(crate) fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        match self {
            Self::Disk(disk) => disk.commit(batch.writes),
            Self::Memory(memory) => {
                memory.commit(batch.writes);
                Ok(())
            }
        }
    }

    /// Returns once everything committed before this call would survive a kill or a power cut.
    pub(crate) async fn durable(&self) -> Result<(), StoreError> {
        match self {
            Self::Disk(disk) => disk.durable().await,
            Self::Memory(_) => Ok(()),
        }
    }
}

/// A key of parts that sorts part by part: each part is ended by a zero byte, which no part contains.
pub(crate) fn key(parts: &[&str]) -> Vec<u8> {
    let mut key = Vec::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts {
        key.extend(part.bytes().filter(|byte| *byte != 0));
        key.push(0);
    }
    key
}

/// The one part of a key that follows a prefix.
pub(crate) fn last_part(key: &[u8], prefix: &[u8]) -> String {
    let part = key.strip_prefix(prefix).unwrap_or(key);
    String::from_utf8_lossy(part.strip_suffix(&[0]).unwrap_or(part)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stores() -> Vec<(Store, Option<crate::testing::TestFolder>)> {
        let folder = crate::testing::TestFolder::new();
        let disk = Store::on_disk(folder.path().join("data")).unwrap();
        vec![(Store::in_memory(), None), (disk, Some(folder))]
    }

    #[tokio::test]
    async fn both_backends_read_back_what_was_committed_in_key_order() {
        for (store, _folder) in stores() {
            let mut batch = Batch::default();
            batch.put(Space::Items, key(&["t", "b"]), b"2".to_vec());
            batch.put(Space::Items, key(&["t", "a"]), b"1".to_vec());
            batch.put(Space::Items, key(&["tt", "a"]), b"other table".to_vec());
            batch.put(Space::Rows, key(&["t", "a"]), b"other space".to_vec());
            store.commit(batch).unwrap();
            store.durable().await.unwrap();
            let values: Vec<_> = store
                .scan(Space::Items, &key(&["t"]))
                .unwrap()
                .into_iter()
                .map(|(_, value)| value)
                .collect();
            assert_eq!(values, [b"1".to_vec(), b"2".to_vec()]);
            let first = store.page(Space::Items, &key(&["t"]), &key(&["t"]), 1).unwrap();
            assert_eq!(first[0].1, b"1");
            let rest = store.page(Space::Items, &key(&["t"]), &first[0].0, 9).unwrap();
            assert_eq!(
                rest,
                [(key(&["t", "b"]), b"2".to_vec())],
                "neither the first again nor another table"
            );
            let mut batch = Batch::default();
            batch.remove(Space::Items, key(&["t", "a"]));
            store.commit(batch).unwrap();
            assert_eq!(store.get(Space::Items, &key(&["t", "a"])).unwrap(), None);
            assert_eq!(
                store.get(Space::Items, &key(&["t", "b"])).unwrap(),
                Some(b"2".to_vec())
            );
        }
    }

    #[test]
    fn a_batch_is_seen_whole_or_not_at_all() {
        for (store, _folder) in stores() {
            let (kept, home, away) = (key(&["t", "kept"]), key(&["t", "home"]), key(&["t", "away"]));
            // One pair moves to and fro, the other is taken out and put back in one batch.
            let moved = |from: &[u8], to: &[u8]| {
                let mut batch = Batch::default();
                batch.remove(Space::Index, from.to_vec());
                batch.remove(Space::Index, kept.clone());
                batch.put(Space::Index, to.to_vec(), Vec::new());
                batch.put(Space::Index, kept.clone(), Vec::new());
                store.commit(batch).unwrap();
            };
            moved(&away, &home);
            std::thread::scope(|scope| {
                let writer = scope.spawn(|| {
                    for _ in 0..20_000 {
                        moved(&home, &away);
                        moved(&away, &home);
                    }
                });
                while !writer.is_finished() {
                    assert!(store.get(Space::Index, &kept).unwrap().is_some());
                    assert_eq!(store.scan(Space::Index, &key(&["t"])).unwrap().len(), 2);
                    assert_eq!(
                        store
                            .scan_range(Space::Index, &key(&["t"]), &key(&["u"]), 9)
                            .unwrap()
                            .len(),
                        2
                    );
                    assert_eq!(
                        store
                            .page(Space::Index, &key(&["t"]), &key(&["t"]), 9)
                            .unwrap()
                            .len(),
                        2
                    );
                }
            });
        }
    }

    #[tokio::test]
    async fn a_reopened_folder_has_what_was_durable() {
        let folder = crate::testing::TestFolder::new();
        let path = folder.path().join("data");
        let store = Store::on_disk(path.clone()).unwrap();
        let mut batch = Batch::default();
        batch.put(Space::Rows, b"k".to_vec(), b"v".to_vec());
        store.commit(batch).unwrap();
        store.durable().await.unwrap();
        drop(store);
        assert_eq!(
            Store::on_disk(path).unwrap().get(Space::Rows, b"k").unwrap(),
            Some(b"v".to_vec())
        );
    }

    #[test]
    fn a_folder_in_use_of_another_version_or_foreign_is_refused_by_name() {
        let folder = crate::testing::TestFolder::new();
        let path = folder.path().join("data");
        let open = Store::on_disk(path.clone()).unwrap();
        assert!(matches!(
            Store::on_disk(path.clone()),
            Err(StoreError::InUse { .. })
        ));
        drop(open);
        std::fs::write(path.join("FORMAT"), "infra-synth local 999\n").unwrap();
        assert!(
            matches!(Store::on_disk(path), Err(StoreError::OtherVersion { found, .. }) if found.ends_with("999"))
        );
        let foreign = folder.path().join("photos");
        std::fs::create_dir(&foreign).unwrap();
        std::fs::write(foreign.join("cat.jpg"), "").unwrap();
        assert!(matches!(Store::on_disk(foreign), Err(StoreError::Foreign { .. })));
    }

    #[test]
    fn a_first_start_that_was_cut_short_anywhere_is_begun_again() {
        let folder = crate::testing::TestFolder::new();
        // What a kill may leave: the marker in writing, and the engine's folder up to any point.
        for (name, files) in [
            ("empty", &["FORMAT.new"][..]),
            ("engine", &["FORMAT.new", "state/0.jnl", "state/lock"][..]),
            (
                "whole",
                &["FORMAT.new", "state/0.jnl", "state/lock", "state/keyspaces/0/x"][..],
            ),
        ] {
            let path = folder.path().join(name);
            for file in files {
                let file = path.join(file);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, "").unwrap();
            }
            drop(Store::on_disk(path.clone()).unwrap());
            drop(Store::on_disk(path.clone()).unwrap());
            assert!(
                !path.join("FORMAT.new").exists() && path.join("FORMAT").exists(),
                "{name}"
            );
        }
        let foreign = folder.path().join("other");
        std::fs::create_dir_all(foreign.join("state")).unwrap();
        assert!(matches!(Store::on_disk(foreign), Err(StoreError::Foreign { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_into_the_folder() {
        use std::os::unix::fs::PermissionsExt;
        let folder = crate::testing::TestFolder::new();
        let (made, given) = (folder.path().join("made"), folder.path().join("given"));
        std::fs::create_dir(&given).unwrap();
        std::fs::set_permissions(&given, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for path in [&made, &given] {
            drop(Store::on_disk(path.clone()).unwrap());
            assert_eq!(mode(&path.join("state")), 0o700);
        }
        assert_eq!((mode(&made), mode(&given)), (0o700, 0o755));
    }

    #[test]
    fn a_path_that_is_a_file_is_unwritable() {
        let folder = crate::testing::TestFolder::new();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(
            Store::on_disk(file.join("data")),
            Err(StoreError::Unwritable { .. })
        ));
    }
}
