use std::error::Error;
use std::net::SocketAddr;

use crate::refusal::Refusal;
use crate::store::StoreError;
use crate::token::KeyError;

/// Why the system did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The template asks for what cannot be honoured.
    #[error("the template cannot be run locally:\n{}", list(.0))]
    Refused(Vec<Refusal>),
    /// The data folder cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A function would not start.
    #[error("function `{function}`{} cannot start: {reason}", at(.declared_at))]
    Function {
        /// The function's name.
        function: String,
        /// The line that declared it.
        declared_at: Option<String>,
        /// What is wrong.
        reason: String,
    },
    /// The database of `--mysql-url` cannot be used.
    #[error("the database of --mysql-url (or of INFRA_SYNTH_MYSQL_URL) cannot be used")]
    Database {
        /// What is wrong with the URL, or what the server said; never the password.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A mapping cannot work.
    #[error("mapping `{mapping}`{} cannot work: {reason}", at(.declared_at))]
    Mapping {
        /// The mapping's logical id.
        mapping: String,
        /// The line that declared it.
        declared_at: Option<String>,
        /// What is wrong.
        reason: String,
    },
    /// There is nothing to verify tokens with.
    #[error(
        "the template's API asks for tokens, and there is nothing to verify them with: give the public keys of whoever \
         signs them with --jwks, or keep a key in a data folder (without --ephemeral)"
    )]
    NoKeys,
    /// The keys that verify tokens cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The template's API cannot be served.
    #[error("{0}")]
    Api(String),
    /// The address is taken or not ours to take.
    #[error("cannot listen on `{address}`; choose another address with --listen")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
}

fn list(refusals: &[Refusal]) -> String {
    refusals
        .iter()
        .map(|refusal| format!("  - {refusal}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn at(source: &Option<String>) -> String {
    source
        .as_ref()
        .map(|source| format!(" ({source})"))
        .unwrap_or_default()
}
