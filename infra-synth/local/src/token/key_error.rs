use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why there is no key to sign or to verify with.
#[derive(Debug, Error)]
pub enum KeyError {
    /// There is no data folder for a key.
    #[error(
        "there is no data folder `{path}`: start `infra-synth local` with it first, or name its folder with --data-dir"
    )]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read the keys in `{path}`; they are the folder's owner's")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write a key to `{path}`; is the folder yours, and is there room?")]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file holds no key set.
    #[error("`{path}` is no JSON Web Key Set (RFC 7517)")]
    NotAKeySet {
        /// The file.
        path: PathBuf,
        /// Where it is not.
        source: serde_json::Error,
    },
    /// A key set has no key that can verify a token.
    #[error("`{path}` has no RSA key for signatures with a `kid`, and tokens are verified with nothing else")]
    NoUsableKey {
        /// The file.
        path: PathBuf,
    },
    /// The private key's file holds something else.
    #[error("`{path}` is no RSA key in PKCS#8: delete it, and `jwks.json` beside it, to have new ones made")]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// A key cannot be made here.
    #[error("this processor lacks what making a key needs: give public keys with --jwks instead")]
    Unsupported,
    /// No key was made.
    #[error("no key was made: the operating system gives no random numbers")]
    NotMade,
    /// A token was not signed.
    #[error("the token was not signed")]
    NotSigned,
}
