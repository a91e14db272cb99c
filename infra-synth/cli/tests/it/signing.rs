//! Tokens of one's own making, good and bad, with the development key of a data folder.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use ring::{digest, hmac};
use serde_json::{Value, json};

use crate::cases::Signing;
use crate::process::{run, text};

/// Whoever may sign for stage `prod`, as the system with this data folder sees it.
pub(crate) struct Issuer {
    key: RsaKeyPair,
    key_id: String,
    /// The public key, as a text that anybody may have.
    public: Vec<u8>,
    /// A key that the system does not know.
    stranger: RsaKeyPair,
}

impl Issuer {
    /// The system that runs on the folder has made a key; a stranger makes another.
    pub(crate) fn of(data_folder: &Path) -> Self {
        let stranger = data_folder.with_extension("stranger");
        let _ = std::fs::remove_dir_all(&stranger);
        std::fs::create_dir_all(&stranger).unwrap();
        std::fs::copy(data_folder.join("FORMAT"), stranger.join("FORMAT")).unwrap();
        let made = run(&[
            "token",
            "--stage",
            "prod",
            "--insured",
            "1",
            "--data-dir",
            stranger.to_str().unwrap(),
        ]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        let key_set = std::fs::read(data_folder.join("keys/jwks.json")).unwrap();
        let keys: Value = serde_json::from_slice(&key_set).unwrap();
        Self {
            key: private_key(data_folder),
            key_id: keys["keys"][0]["kid"].as_str().unwrap().to_owned(),
            public: key_set,
            stranger: private_key(&stranger),
        }
    }

    pub(crate) fn header(&self) -> Value {
        json!({ "alg": "RS256", "typ": "JWT", "kid": self.key_id })
    }

    pub(crate) fn token(&self, header: &Value, claims: &Value, signing: Signing) -> String {
        let signed = |claims: &Value| {
            format!(
                "{}.{}",
                BASE64.encode(header.to_string()),
                BASE64.encode(claims.to_string())
            )
        };
        let message = signed(claims);
        let signature = match signing {
            Signing::Issuer => signature(&self.key, &message),
            Signing::Stranger => signature(&self.stranger, &message),
            Signing::OtherClaims => signature(&self.key, &signed(&json!({ "sub": "somebody else" }))),
            Signing::Nothing => Vec::new(),
            Signing::PublicKeyAsSecret => {
                let secret = digest::digest(&digest::SHA256, &self.public);
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref());
                hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", BASE64.encode(signature))
    }
}

/// What a token says, without asking whether it is true.
pub(crate) fn claims_in(token: &str) -> Value {
    let payload = token.trim().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64.decode(payload).unwrap()).unwrap()
}

fn private_key(data_folder: &Path) -> RsaKeyPair {
    let file = std::fs::read(data_folder.join("keys/development.pk8")).unwrap();
    RsaKeyPair::from_pkcs8(&file).unwrap()
}

fn signature(key: &RsaKeyPair, message: &str) -> Vec<u8> {
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .unwrap();
    signature
}
