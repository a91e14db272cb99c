use std::{
    fmt,
    num::NonZeroUsize,
    time::{Duration, SystemTime},
};

use mysql_async::{Opts, OptsBuilder, PoolConstraints, PoolOpts, UrlError};
use schedule_core::country_table::CONNECTIONS_PER_FUNCTION;
use thiserror::Error;

use crate::certificates::{CertificatesError, RootCertificates};

/// Where a database is, who signs in, and how long to wait for it. `Debug` hides the password.
#[derive(Clone)]
pub struct MySqlOptions {
    opts: Opts,
    limits: Limits,
    password: Password,
}

/// What signs in.
#[derive(Clone)]
enum Password {
    /// The one that is in the options, if any.
    OfOptions,
    /// A token that is signed when it is needed.
    #[cfg(feature = "iam")]
    Token(std::sync::Arc<crate::iam::IamSignIn>),
}

/// How long an idle connection stays open: over the pauses of a function that is in use, far below the eight hours
/// after which the server closes it.
const IDLE_LIMIT: Duration = Duration::from_secs(300);

/// How much of a database one adapter takes, and how long it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections that are open at most; one that stays idle for five minutes is closed.
    pub connections: NonZeroUsize,
    /// From asking for a connection to having one that is signed in and answers.
    pub connect: Duration,
    /// For one statement. The server gives up waiting for a lock after as many whole seconds.
    pub statement: Duration,
}

impl Default for Limits {
    /// As many connections as a function may hold; five and ten seconds, which leave a retry
    /// room in the thirty that the country functions have.
    fn default() -> Self {
        Self {
            connections: CONNECTIONS_PER_FUNCTION.into(),
            connect: Duration::from_secs(5),
            statement: Duration::from_secs(10),
        }
    }
}

impl MySqlOptions {
    /// Reads `mysql://user:password@host:port/database`; the password and the port (3306) may be left out. What
    /// stands behind a `?` is an option of the driver, such as `require_ssl=true`.
    ///
    /// A database that is called by its name on RDS is spoken to over TLS, and must prove that it is RDS's; of any other the
    /// URL says whether.
    ///
    /// # Errors
    ///
    /// [`DatabaseUrlError`] says what is wrong with the URL, without repeating it.
    pub fn from_url(url: &str) -> Result<Self, DatabaseUrlError> {
        let opts = Opts::from_url(url).map_err(|error| DatabaseUrlError::of(error, url))?;
        if opts.user().is_none_or(str::is_empty) {
            return Err(DatabaseUrlError::NoUser);
        }
        if opts.db_name().is_none_or(str::is_empty) {
            return Err(DatabaseUrlError::NoDatabase);
        }
        let tls = match opts.ssl_opts() {
            None => RootCertificates::of_rds_host(opts.ip_or_hostname()).transpose()?,
            Some(given) => Some(given.clone()),
        };
        Ok(Self {
            opts: OptsBuilder::from_opts(opts).ssl_opts(tls).into(),
            limits: Limits::default(),
            password: Password::OfOptions,
        })
    }

    /// A database on RDS, over TLS, signed in to with an IAM role: no password is stored anywhere.
    ///
    /// # Errors
    ///
    /// [`CertificatesError`] if there are no certificates to trust.
    #[cfg(feature = "iam")]
    pub fn with_iam(sign_in: crate::iam::IamSignIn) -> Result<Self, CertificatesError> {
        Ok(Self {
            opts: sign_in.opts()?,
            limits: Limits::default(),
            password: Password::Token(std::sync::Arc::new(sign_in)),
        })
    }

    /// The same database within other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The driver's options for one connection that is no part of a pool.
    #[must_use]
    pub fn for_one_connection(&self) -> Opts {
        self.over_tcp().into()
    }

    fn over_tcp(&self) -> OptsBuilder {
        // The driver would otherwise leave TCP for a socket file whose path the server tells it.
        OptsBuilder::from_opts(self.opts.clone())
            .prefer_socket(false)
            .tcp_nodelay(true)
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// `host:port/database`, for messages.
    pub(crate) fn place(&self) -> String {
        let database = self.opts.db_name().unwrap_or_default();
        format!(
            "{}:{}/{database}",
            self.opts.ip_or_hostname(),
            self.opts.tcp_port()
        )
    }

    /// How long what signs in may be used, if not for ever.
    pub(crate) fn renew_after(&self) -> Option<Duration> {
        match &self.password {
            Password::OfOptions => None,
            #[cfg(feature = "iam")]
            Password::Token(_) => Some(crate::iam::RENEW_AFTER),
        }
    }

    /// The driver's options for connections made from `now` on; `None` if no token could be signed.
    #[cfg_attr(
        not(feature = "iam"),
        expect(unused_variables, reason = "only a token depends on the time")
    )]
    pub(crate) fn driver(&self, now: SystemTime) -> Option<OptsBuilder> {
        let builder = self.builder();
        Some(match &self.password {
            Password::OfOptions => builder,
            #[cfg(feature = "iam")]
            Password::Token(sign_in) => builder.pass(Some(sign_in.token(now)?)),
        })
    }

    fn builder(&self) -> OptsBuilder {
        let constraints = PoolConstraints::new(0, self.limits.connections.get()).unwrap_or_default();
        // Nothing here leaves state on a connection, so resetting it would only be one more round trip a batch.
        let pool = PoolOpts::default()
            .with_constraints(constraints)
            // The driver would otherwise close a connection as soon as it is idle, and sign in again for each batch.
            .with_inactive_connection_ttl(IDLE_LIMIT)
            .with_reset_connection(false);
        self.over_tcp().pool_opts(pool).setup(vec![
            // Without strict mode a value that does not fit is cut off in silence.
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'".to_owned(),
            format!(
                "SET SESSION innodb_lock_wait_timeout = {}",
                self.limits.statement.as_secs().max(1)
            ),
        ])
    }
}

impl fmt::Debug for MySqlOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MySqlOptions")
            .field("place", &self.place())
            .field("user", &self.opts.user())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a database URL. The URL is not repeated, because it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DatabaseUrlError {
    /// It does not parse.
    #[error(
        "the database URL is not a URL; expected `mysql://user:password@host:3306/database`, with special \
         characters in the password percent-encoded"
    )]
    NotAUrl,
    /// It is a URL of something else.
    #[error("the database URL starts with `{found}:`, expected `mysql:`")]
    Scheme {
        /// What stands before the first colon.
        found: String,
    },
    /// Nobody signs in.
    #[error("the database URL names no user; expected `mysql://user:password@host:3306/database`")]
    NoUser,
    /// No schema is chosen.
    #[error(
        "the database URL names no database; put it behind the host, as in `mysql://user@host:3306/appointments`"
    )]
    NoDatabase,
    /// A database on RDS that could not prove what it is.
    #[error(transparent)]
    Certificates(#[from] CertificatesError),
    /// An option that the driver does not have.
    #[error(
        "the database URL has {}, which is not known; a `?` in a password is written `%3F`",
        .name.as_ref().map_or("an option".to_owned(), |name| format!("the option `{name}`"))
    )]
    UnknownOption {
        /// The option's name, unless what follows the `?` may be a password's rest.
        name: Option<String>,
    },
    /// An option whose value does not do.
    #[error("the database URL's option `{name}` has a value that it does not take")]
    OptionValue {
        /// The option's name.
        name: String,
    },
}

impl DatabaseUrlError {
    fn of(error: UrlError, url: &str) -> Self {
        match error {
            UrlError::UnsupportedScheme { scheme } => Self::Scheme { found: scheme },
            UrlError::UnknownParameter { param } => {
                // Before the host's `@` stands the password, and not the options.
                let is_option = url
                    .split_once('?')
                    .is_some_and(|(_, options)| !options.contains('@'));
                Self::UnknownOption {
                    name: is_option.then_some(param),
                }
            }
            UrlError::InvalidParamValue { param, .. } | UrlError::FeatureRequired { param, .. } => {
                Self::OptionValue { name: param }
            }
            UrlError::InvalidPoolConstraints { .. } => Self::OptionValue {
                name: "pool_max".to_owned(),
            },
            UrlError::Invalid | UrlError::Parse(_) => Self::NotAUrl,
        }
    }
}

#[cfg(test)]
mod tests {
    use mysql_async::SslOpts;

    use super::*;

    #[track_caller]
    fn refused(url: &str, expected: &DatabaseUrlError) {
        let found = MySqlOptions::from_url(url).expect_err("a URL to refuse");
        assert_eq!(&found, expected);
        assert!(!found.to_string().contains("secret"), "{found}");
    }

    #[test]
    fn a_wrong_url_is_refused_for_what_is_wrong_with_it() {
        refused("appointments", &DatabaseUrlError::NotAUrl);
        refused("mysql://root:secret@host:port/db", &DatabaseUrlError::NotAUrl);
        let found = "postgres".to_owned();
        refused(
            "postgres://root:secret@host/db",
            &DatabaseUrlError::Scheme { found },
        );
        refused("mysql://host/db", &DatabaseUrlError::NoUser);
        refused("mysql://root:secret@host", &DatabaseUrlError::NoDatabase);
        refused("mysql://root:secret@host/", &DatabaseUrlError::NoDatabase);
        let name = Some("secure".to_owned());
        refused(
            "mysql://root:secret@host/db?secure=secret",
            &DatabaseUrlError::UnknownOption { name },
        );
        refused(
            "mysql://root:12?secret@host/db",
            &DatabaseUrlError::UnknownOption { name: None },
        );
        refused(
            "mysql://root:12?secret=3@host/db",
            &DatabaseUrlError::UnknownOption { name: None },
        );
        let name = "pool_max".to_owned();
        refused(
            "mysql://root:secret@host/db?pool_max=secret",
            &DatabaseUrlError::OptionValue { name },
        );
    }

    #[test]
    fn a_database_on_rds_is_spoken_to_over_tls_with_rds_as_the_only_authority() {
        let options = |host: &str, query: &str| {
            MySqlOptions::from_url(&format!("mysql://me:secret@{host}:3306/appointments{query}"))
                .map(|options| options.for_one_connection())
        };
        let rds = "clinic.c3oi8.sa-east-1.rds.amazonaws.com";
        let opts = options(rds, "").expect("a sound URL");
        let tls = opts.ssl_opts().expect("TLS");
        assert!(tls.disable_built_in_roots() && !tls.root_certs().is_empty());
        assert!(!tls.accept_invalid_certs() && !opts.prefer_socket());
        let opts = options(rds, "?require_ssl=true&verify_ca=false").expect("a sound URL");
        assert!(opts.ssl_opts().is_some_and(SslOpts::accept_invalid_certs));
        let own = options("db.internal", "").expect("a sound URL");
        assert!(own.ssl_opts().is_none() && !own.prefer_socket());
        assert_eq!(
            options("clinic.c3oi8.moon-1.rds.amazonaws.com", "").err(),
            Some(DatabaseUrlError::Certificates(CertificatesError::UnknownRegion))
        );
    }

    #[test]
    fn a_password_is_in_no_debug_output() {
        let options = MySqlOptions::from_url("mysql://root:secret@host:3307/db").expect("a sound URL");
        let shown = format!("{options:?}");
        assert!(
            shown.contains("host:3307/db") && shown.contains("root"),
            "{shown}"
        );
        assert!(!shown.contains("secret"), "{shown}");
    }
}
