//! Sign-in with an IAM role, as RDS takes it: a token in the password's place, over TLS.
//!
//! The token is signed here, without a call, and is good for 15 minutes
//! (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html>). RDS looks at it when a
//! connection is made, and not again.

mod token;

use std::fmt;

use mysql_async::{Opts, OptsBuilder};

use crate::certificates::{CertificatesError, RootCertificates};

pub(crate) use token::RENEW_AFTER;

/// Where a database on RDS is, and the role that signs in. `Debug` shows no key.
#[derive(Clone)]
pub struct IamSignIn {
    /// The host by the name that is in its certificate.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The schema.
    pub database: String,
    /// The database's user, made with `AWSAuthenticationPlugin` and granted as `rds-db:connect`.
    pub user: String,
    /// The region of the database.
    pub region: String,
    /// The id of the role's key.
    pub access_key_id: String,
    /// The role's key.
    pub secret_access_key: String,
    /// What goes with the key of a role.
    pub session_token: Option<String>,
    /// What the server's certificate must lead to.
    pub certificates: RootCertificates,
}

impl IamSignIn {
    /// The driver's options without a password. The clear text that RDS wants the token in goes over TLS only, with
    /// a server that has proven its name.
    pub(crate) fn opts(&self) -> Result<Opts, CertificatesError> {
        let tls = self.certificates.tls(&self.region)?;
        let builder = OptsBuilder::default()
            .ip_or_hostname(self.host.clone())
            .tcp_port(self.port)
            .db_name(Some(self.database.clone()))
            .user(Some(self.user.clone()))
            .ssl_opts(tls)
            .enable_cleartext_plugin(true);
        Ok(Opts::from(builder))
    }
}

impl fmt::Debug for IamSignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IamSignIn")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("database", &self.database)
            .field("user", &self.user)
            .field("region", &self.region)
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}
