//! The guards that keep the promise, by name, so that a test can take one away and see the promise break.
//!
//! Without the feature `removable-guards` every guard holds, as a constant: the compiler leaves nothing of the check.
//! With it, [`remove`] takes one away on the thread that calls it. No function's binary has the feature.
//!
//! With the feature `without-guards` none holds: a benchmark compares with that, to say what they cost.

/// One thing that stands between a fault and a lost or doubled appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guard {
    /// A new appointment is stored together with the note that it has to be announced.
    OutboxMarker,
    /// An appointment is claimed before it is announced again, so that two runs do not announce the same.
    ClaimBeforePublish,
    /// A status changes only from the one that it may follow; kept by the table.
    ConditionalStatus,
    /// An insert that is repeated is one row; kept by the country's database.
    IdempotentInsert,
    /// A request is the same as the one before only if it asks for the same.
    DigestComparison,
    /// What was not inserted is not confirmed.
    ConfirmOnlyInserted,
    /// An entry that the bus refused fails its own message.
    PerEntryFailures,
    /// A message that nobody looked at is reported as failed.
    UnlookedAtFails,
    /// A confirmation of an appointment that is not known fails.
    UnknownConfirmationFails,
}

impl Guard {
    /// Every guard.
    pub const ALL: [Self; 9] = [
        Self::OutboxMarker,
        Self::ClaimBeforePublish,
        Self::ConditionalStatus,
        Self::IdempotentInsert,
        Self::DigestComparison,
        Self::ConfirmOnlyInserted,
        Self::PerEntryFailures,
        Self::UnlookedAtFails,
        Self::UnknownConfirmationFails,
    ];

    /// Whether the guard is in force.
    #[cfg(not(feature = "removable-guards"))]
    #[must_use]
    #[inline]
    pub const fn holds(self) -> bool {
        cfg!(not(feature = "without-guards"))
    }

    /// Whether the guard is in force on this thread.
    #[cfg(feature = "removable-guards")]
    #[must_use]
    pub fn holds(self) -> bool {
        removable::REMOVED.with(|removed| removed.get() != Some(self))
    }
}

#[cfg(feature = "removable-guards")]
pub use removable::{Removed, remove};

#[cfg(feature = "removable-guards")]
mod removable {
    use std::{cell::Cell, marker::PhantomData};

    use super::Guard;

    thread_local! {
        pub(super) static REMOVED: Cell<Option<Guard>> = const { Cell::new(None) };
    }

    /// Takes a guard away on this thread, and no other, until what is returned is dropped.
    #[must_use = "the guard is back as soon as this is dropped"]
    pub fn remove(guard: Guard) -> Removed {
        Removed {
            before: REMOVED.replace(Some(guard)),
            this_thread: PhantomData,
        }
    }

    /// While it lives, a guard is removed.
    #[derive(Debug)]
    pub struct Removed {
        before: Option<Guard>,
        // It gives back what it took on the thread where it took it.
        this_thread: PhantomData<*const ()>,
    }

    impl Drop for Removed {
        fn drop(&mut self) {
            REMOVED.set(self.before);
        }
    }
}
