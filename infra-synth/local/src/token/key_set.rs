//! The public keys of whoever signs tokens: a JWKS file (RFC 7517).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};

use super::KeyError;

/// The keys that can verify a signature, by `kid`.
pub(crate) struct KeySet {
    keys: BTreeMap<String, VerificationKey>,
}

pub(super) struct VerificationKey {
    pub(super) key: DecodingKey,
    /// The only algorithm that it is for, where the set says one.
    pub(super) algorithm: Option<Algorithm>,
}

impl KeySet {
    /// Reads a file. A key that is not RSA, for encryption or without a `kid` can verify no token and is passed over.
    pub(crate) fn read(file: &Path) -> Result<Self, KeyError> {
        let text = fs::read_to_string(file).map_err(|source| KeyError::Unreadable {
            path: file.to_owned(),
            source,
        })?;
        let set: JwkSet = serde_json::from_str(&text).map_err(|source| KeyError::NotAKeySet {
            path: file.to_owned(),
            source,
        })?;
        let keys: BTreeMap<_, _> = set.keys.iter().filter_map(verification_key).collect();
        if keys.is_empty() {
            return Err(KeyError::NoUsableKey {
                path: file.to_owned(),
            });
        }
        Ok(Self { keys })
    }

    pub(super) fn find(&self, key_id: &str) -> Option<&VerificationKey> {
        self.keys.get(key_id)
    }
}

fn verification_key(jwk: &Jwk) -> Option<(String, VerificationKey)> {
    let common = &jwk.common;
    let for_signatures = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
    let algorithm = match common.key_algorithm {
        None => None,
        Some(KeyAlgorithm::RS256) => Some(Algorithm::RS256),
        Some(KeyAlgorithm::RS384) => Some(Algorithm::RS384),
        Some(KeyAlgorithm::RS512) => Some(Algorithm::RS512),
        Some(_) => return None,
    };
    if !for_signatures || !matches!(jwk.algorithm, AlgorithmParameters::RSA(_)) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some((common.key_id.clone()?, VerificationKey { key, algorithm }))
}
