use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use mysql_async::Pool;

use crate::options::MySqlOptions;

/// The pool of connections: one for ever where the password is, and one a token where it changes.
///
/// The driver's pool signs in with the password that it was made with. A new one takes the place of the old before
/// the token ends; the old one's connections are closed as they come back.
pub(crate) struct Pools {
    options: MySqlOptions,
    renew_after: Option<Duration>,
    current: Mutex<Option<Current>>,
}

struct Current {
    pool: Pool,
    made: SystemTime,
}

impl Pools {
    pub(crate) fn new(options: &MySqlOptions) -> Self {
        Self {
            options: options.clone(),
            renew_after: options.renew_after(),
            current: Mutex::new(None),
        }
    }

    /// The pool for connections that are needed now.
    pub(crate) fn current(&self) -> Result<Pool, NoToken> {
        self.at(SystemTime::now())
    }

    // The clock of the wall: a function that was frozen between two batches has not seen the other one go on.
    fn at(&self, now: SystemTime) -> Result<Pool, NoToken> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(found) if self.lasts(found.made, now) => Ok(found.pool.clone()),
            _ => {
                let pool = Pool::new(self.options.driver(now).ok_or(NoToken)?);
                *current = Some(Current {
                    pool: pool.clone(),
                    made: now,
                });
                Ok(pool)
            }
        }
    }

    fn lasts(&self, made: SystemTime, now: SystemTime) -> bool {
        self.renew_after
            .is_none_or(|limit| now.duration_since(made).is_ok_and(|age| age < limit))
    }

    /// Takes the pool, to close it.
    pub(crate) fn into_current(self) -> Option<Pool> {
        let current = self.current.into_inner().unwrap_or_else(PoisonError::into_inner);
        current.map(|current| current.pool)
    }
}

/// No token could be signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoToken;

impl fmt::Debug for Pools {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pools")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools(renew_after: Option<Duration>) -> Pools {
        let options = MySqlOptions::from_url("mysql://root@host/db").expect("a sound URL");
        Pools {
            renew_after,
            ..Pools::new(&options)
        }
    }

    #[test]
    fn a_password_lasts_for_ever() {
        let made = SystemTime::UNIX_EPOCH;
        assert!(pools(None).lasts(made, SystemTime::now()));
    }

    #[test]
    fn a_token_lasts_to_its_limit_and_not_beyond_a_clock_that_was_set_back() {
        let limit = Duration::from_secs(600);
        let pools = pools(Some(limit));
        let made = SystemTime::now();
        assert!(pools.lasts(made, made));
        assert!(pools.lasts(made, made + limit - Duration::from_millis(1)));
        assert!(!pools.lasts(made, made + limit));
        assert!(!pools.lasts(made, made - Duration::from_millis(1)));
    }

    #[tokio::test]
    async fn a_renewed_token_is_in_a_pool_of_its_own() {
        let limit = Duration::from_secs(600);
        let pools = pools(Some(limit));
        let now = SystemTime::now();
        let made = |pools: &Pools| {
            pools
                .current
                .lock()
                .expect("a pool")
                .as_ref()
                .map(|current| current.made)
        };
        for (asked, expected) in [(now, now), (now + limit / 2, now), (now + limit, now + limit)] {
            pools.at(asked).expect("a pool");
            assert_eq!(made(&pools), Some(expected));
        }
    }
}
