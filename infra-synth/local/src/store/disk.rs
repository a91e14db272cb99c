//! The store on disk: fjall (a log-structured engine) with one journal for all spaces.

use std::fs;
use std::io::{self, Write};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use fjall::{Database, Guard, Keyspace, KeyspaceCreateOptions, PersistMode, Readable, Snapshot};
use tokio::sync::watch;

use super::{Pair, Space, StoreError};

/// Written to the folder's `FORMAT` file; to be raised when a key or a value changes shape.
const FORMAT: &str = "infra-synth local 1";

const MARKER: &str = "FORMAT";
const MARKER_IN_WRITING: &str = "FORMAT.new";

#[cfg(unix)]
const OWNER_ONLY: u32 = 0o700;

// A development machine's memory is better spent elsewhere: some 40 MiB for all, and the rest is in the page cache.
const BLOCK_CACHE_BYTES: u64 = 8 * 1024 * 1024;
const MEMTABLE_BYTES: u64 = 4 * 1024 * 1024;

pub(crate) struct Disk {
    path: PathBuf,
    database: Database,
    spaces: Vec<Keyspace>,
    /// Held while a batch is written.
    committing: Mutex<()>,
    /// The database after the last batch. A snapshot that is taken while a batch is written can show a part of it, since the
    /// engine's own work in the background moves its clock too; and a keyspace itself always shows it.
    seen: Mutex<Snapshot>,
    /// Counts commits; a sync covers all that were counted before it began.
    committed: Arc<AtomicU64>,
    synced: watch::Receiver<u64>,
    ask: Option<mpsc::Sender<()>>,
    syncer: Option<JoinHandle<()>>,
}

impl Disk {
    pub(super) fn open(path: PathBuf) -> Result<Self, StoreError> {
        let unwritable = |source| StoreError::Unwritable {
            path: path.clone(),
            source,
        };
        let making = claim(&path)?;
        let state = path.join("state");
        let engine = |source| match source {
            fjall::Error::Locked => StoreError::InUse { path: path.clone() },
            source => StoreError::Engine {
                path: path.clone(),
                source,
            },
        };
        let database = Database::builder(&state)
            .cache_size(BLOCK_CACHE_BYTES)
            .worker_threads(1)
            .open()
            .map_err(engine)?;
        let spaces = Space::ALL
            .iter()
            .map(|space| {
                database.keyspace(space.name(), || {
                    KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES)
                })
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(engine)?;
        keep_to_owner(&state).map_err(unwritable)?;
        if let Some(making) = making {
            making.finish(&path).map_err(unwritable)?;
        }
        let committed = Arc::new(AtomicU64::new(0));
        let (ask, asked) = mpsc::channel();
        let (announce, synced) = watch::channel(0);
        let syncer = thread::Builder::new().name("group-commit".to_owned()).spawn({
            let (database, committed) = (database.clone(), Arc::clone(&committed));
            move || sync_when_asked(&database, &committed, &asked, &announce)
        });
        let syncer = syncer.map_err(unwritable)?;
        Ok(Self {
            path,
            committing: Mutex::new(()),
            seen: Mutex::new(database.snapshot()),
            database,
            spaces,
            committed,
            synced,
            ask: Some(ask),
            syncer: Some(syncer),
        })
    }

    pub(super) fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let (snapshot, keyspace) = self.view(space);
        let value = snapshot
            .get(keyspace, key)
            .map_err(|source| self.engine(source))?;
        Ok(value.map(|value| value.to_vec()))
    }

    pub(super) fn scan(&self, space: Space, prefix: &[u8]) -> Result<Vec<Pair>, StoreError> {
        let (snapshot, keyspace) = self.view(space);
        let pairs = snapshot.prefix(keyspace, prefix);
        pairs.map(|guard| self.pair(guard)).collect()
    }

    pub(super) fn scan_range(
        &self,
        space: Space,
        start: &[u8],
        end: &[u8],
        limit: usize,
    ) -> Result<Vec<Pair>, StoreError> {
        let (snapshot, keyspace) = self.view(space);
        let pairs = snapshot.range(keyspace, start..end);
        pairs.take(limit).map(|guard| self.pair(guard)).collect()
    }

    pub(super) fn page(
        &self,
        space: Space,
        prefix: &[u8],
        after: &[u8],
        limit: usize,
    ) -> Result<Vec<Pair>, StoreError> {
        let (snapshot, keyspace) = self.view(space);
        let mut pairs = Vec::new();
        for guard in snapshot.range::<&[u8], _>(keyspace, (Bound::Excluded(after), Bound::Unbounded)) {
            let (key, value) = self.pair(guard)?;
            if pairs.len() == limit || !key.starts_with(prefix) {
                break;
            }
            pairs.push((key, value));
        }
        Ok(pairs)
    }

    /// What whole batches have made of the space by now.
    fn view(&self, space: Space) -> (Snapshot, &Keyspace) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.clone(), &self.spaces[space as usize])
    }

    fn pair(&self, guard: Guard) -> Result<Pair, StoreError> {
        let (key, value) = guard.into_inner().map_err(|source| self.engine(source))?;
        Ok((key.to_vec(), value.to_vec()))
    }

    pub(super) fn commit(&self, writes: Vec<(Space, Vec<u8>, Option<Vec<u8>>)>) -> Result<(), StoreError> {
        let mut batch = self.database.batch();
        for (space, key, value) in writes {
            match value {
                Some(value) => batch.insert(&self.spaces[space as usize], key, value),
                None => batch.remove(&self.spaces[space as usize], key),
            }
        }
        let _one_at_a_time = self.committing.lock().unwrap_or_else(PoisonError::into_inner);
        batch.commit().map_err(|source| self.engine(source))?;
        // Counted before it is seen, so that whoever waits for what was seen waits for this.
        self.committed.fetch_add(1, Ordering::SeqCst);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = self.database.snapshot();
        Ok(())
    }

    pub(super) async fn durable(&self) -> Result<(), StoreError> {
        let wanted = self.committed.load(Ordering::SeqCst);
        let mut synced = self.synced.clone();
        if *synced.borrow_and_update() >= wanted {
            return Ok(());
        }
        if let Some(ask) = &self.ask {
            // A syncer that is gone is seen below, as a closed channel.
            let _ = ask.send(());
        }
        synced
            .wait_for(|done| *done >= wanted)
            .await
            .map(drop)
            .map_err(|_| StoreError::Unwritable {
                path: self.path.clone(),
                source: io::Error::other("syncing the journal failed; see the message before this one"),
            })
    }

    fn engine(&self, source: fjall::Error) -> StoreError {
        StoreError::Engine {
            path: self.path.clone(),
            source,
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.ask = None;
        if let Some(syncer) = self.syncer.take() {
            let _ = syncer.join();
        }
    }
}

/// One sync serves all who asked since the last one began.
fn sync_when_asked(
    database: &Database,
    committed: &AtomicU64,
    asked: &mpsc::Receiver<()>,
    announce: &watch::Sender<u64>,
) {
    while asked.recv().is_ok() {
        while asked.try_recv().is_ok() {}
        let covered = committed.load(Ordering::SeqCst);
        if covered <= *announce.borrow() {
            continue;
        }
        if let Err(error) = database.persist(PersistMode::SyncData) {
            tracing::error!(error = %error, "the journal cannot be synced; nothing more is accepted");
            return;
        }
        announce.send_replace(covered);
    }
}

/// Makes the folder ours, or says whose it is. What is being made anew is ours once it is [finished](Making::finish).
fn claim(path: &Path) -> Result<Option<Making>, StoreError> {
    let unwritable = |source| StoreError::Unwritable {
        path: path.to_owned(),
        source,
    };
    create_for_owner(path).map_err(unwritable)?;
    if is_ours(path)? {
        return Ok(None);
    }
    let names = fs::read_dir(path).and_then(|entries| {
        entries
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<io::Result<Vec<_>>>()
    });
    let names = names.map_err(unwritable)?;
    // The rest of a start that was cut short, in which nothing was answered yet.
    let is_rest = names.iter().any(|name| name == MARKER_IN_WRITING)
        && names
            .iter()
            .all(|name| name == MARKER_IN_WRITING || name == "state");
    if !names.is_empty() && !is_rest {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    let marker = fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(path.join(MARKER_IN_WRITING))
        .map_err(unwritable)?;
    match marker.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            return Err(StoreError::InUse {
                path: path.to_owned(),
            });
        }
        Err(fs::TryLockError::Error(error)) => return Err(unwritable(error)),
    }
    // Whoever held the lock before may have come to the end.
    if is_ours(path)? {
        let _ = fs::remove_file(path.join(MARKER_IN_WRITING));
        return Ok(None);
    }
    match fs::remove_dir_all(path.join("state")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
        _ => {}
    }
    Ok(Some(Making { marker }))
}

/// Whether the folder was made by this version, to its end.
fn is_ours(path: &Path) -> Result<bool, StoreError> {
    match fs::read_to_string(path.join(MARKER)) {
        Ok(found) if found.trim() == FORMAT => Ok(true),
        Ok(found) => Err(StoreError::OtherVersion {
            path: path.to_owned(),
            found: found.trim().to_owned(),
            expected: FORMAT,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StoreError::Unwritable {
            path: path.to_owned(),
            source,
        }),
    }
}

/// A folder that is being made. Its marker is locked meanwhile, and is there under its name only once all of it is.
struct Making {
    marker: fs::File,
}

impl Making {
    fn finish(mut self, path: &Path) -> io::Result<()> {
        self.marker.set_len(0)?;
        writeln!(self.marker, "{FORMAT}")?;
        self.marker.sync_all()?;
        fs::rename(path.join(MARKER_IN_WRITING), path.join(MARKER))?;
        fs::File::open(path)?.sync_all()
    }
}

/// The folder and those above it, for nobody else's eyes: what is in it is health data.
fn create_for_owner(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, OWNER_ONLY);
    builder.create(path)
}

/// Also a folder that was there before, and may be open to others.
fn keep_to_owner(state: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(state, std::os::unix::fs::PermissionsExt::from_mode(OWNER_ONLY))?;
    #[cfg(not(unix))]
    let _ = state;
    Ok(())
}
