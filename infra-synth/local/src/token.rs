//! JSON Web Tokens as an HTTP API's authorizer takes them, and a key of one's own to make them with.

mod development_key;
mod key_error;
mod key_set;
mod rsa;
mod verifier;

pub use development_key::{DevelopmentKey, Token};
pub use key_error::KeyError;
pub(crate) use key_set::KeySet;
pub(crate) use verifier::{TokenFault, TokenVerifier};
