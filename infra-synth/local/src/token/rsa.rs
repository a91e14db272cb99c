//! RSA signatures by *ring*, for the library that reads and checks tokens.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{
    self as ring_signature, RsaEncoding, RsaKeyPair, RsaParameters, RsaPublicKeyComponents,
};

/// Lets the library sign and verify; to be called before anything of it.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    // Where a process has a provider of its own already, that one does it.
    INSTALLED.call_once(|| {
        let _ = PROVIDER.install_default();
    });
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // For making keys out of certificates and the like, which nothing here does.
    key_utils: KeyUtils::new_unimplemented(),
};

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    let (encoding, _) = encodings(*algorithm)?;
    let key = RsaKeyPair::from_pkcs8(key.as_bytes())
        .map_err(|rejected| ErrorKind::InvalidRsaKey(rejected.to_string()))?;
    Ok(Box::new(RsaSigner {
        algorithm: *algorithm,
        encoding,
        key,
    }))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let (_, parameters) = encodings(*algorithm)?;
    let DecodingKeyKind::RsaModulusExponent { n, e } = key.kind() else {
        return Err(ErrorKind::InvalidKeyFormat.into());
    };
    Ok(Box::new(RsaVerifier {
        algorithm: *algorithm,
        parameters,
        key: RsaPublicKeyComponents {
            n: n.clone(),
            e: e.clone(),
        },
    }))
}

/// The algorithms that API Gateway knows.
fn encodings(algorithm: Algorithm) -> Result<(&'static dyn RsaEncoding, &'static RsaParameters)> {
    Ok(match algorithm {
        Algorithm::RS256 => (
            &ring_signature::RSA_PKCS1_SHA256,
            &ring_signature::RSA_PKCS1_2048_8192_SHA256,
        ),
        Algorithm::RS384 => (
            &ring_signature::RSA_PKCS1_SHA384,
            &ring_signature::RSA_PKCS1_2048_8192_SHA384,
        ),
        Algorithm::RS512 => (
            &ring_signature::RSA_PKCS1_SHA512,
            &ring_signature::RSA_PKCS1_2048_8192_SHA512,
        ),
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    })
}

struct RsaSigner {
    algorithm: Algorithm,
    encoding: &'static dyn RsaEncoding,
    key: RsaKeyPair,
}

impl JwtSigner for RsaSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Signer<Vec<u8>> for RsaSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(self.encoding, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| Error::new())?;
        Ok(signature)
    }
}

struct RsaVerifier {
    algorithm: Algorithm,
    parameters: &'static RsaParameters,
    key: RsaPublicKeyComponents<Vec<u8>>,
}

impl JwtVerifier for RsaVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for RsaVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        self.key
            .verify(self.parameters, message, signature)
            .map_err(|_| Error::new())
    }
}
