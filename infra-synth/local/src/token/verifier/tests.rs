//! A token with one defect each, and the check that finds it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::json;

use super::*;
use crate::testing::TestFolder;
use crate::token::DevelopmentKey;

const ISSUER: &str = "https://issuer.example.com";

struct Bench {
    verifier: TokenVerifier,
    key: DevelopmentKey,
    now: i64,
}

impl Bench {
    fn new() -> Self {
        let folder = TestFolder::new();
        std::fs::write(folder.path().join("FORMAT"), "").unwrap();
        let key = DevelopmentKey::of(folder.path()).unwrap();
        let keys = KeySet::read(&DevelopmentKey::key_set_of(folder.path()).unwrap()).unwrap();
        Self {
            verifier: TokenVerifier::new(ISSUER, &["medical-schedule".to_owned(), "other".to_owned()], keys),
            key,
            now: Timestamp::now().as_second(),
        }
    }

    /// A good token's claims, with these in place of their own; null takes one away.
    fn token(&self, changes: &Value) -> String {
        let mut claims = json!({
            "iss": ISSUER, "aud": "medical-schedule", "iat": self.now, "nbf": self.now, "exp": self.now + 600,
        });
        let claims = claims.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            claims.insert(name.clone(), value.clone());
            if value.is_null() {
                claims.shift_remove(name);
            }
        }
        self.key.sign(claims).unwrap().as_str().to_owned()
    }

    fn verify(&self, token: &str) -> Result<(), TokenFault> {
        let now = Timestamp::now();
        self.verifier.verify(token, now).map(drop)
    }

    #[track_caller]
    fn check(&self, changes: &Value, expected: Result<(), TokenFault>) {
        assert_eq!(self.verify(&self.token(changes)), expected, "{changes}");
    }
}

fn with_header(token: &str, change: impl FnOnce(&mut Map<String, Value>)) -> String {
    let (header, rest) = token.split_once('.').unwrap();
    let mut header: Map<String, Value> = serde_json::from_slice(&BASE64.decode(header).unwrap()).unwrap();
    change(&mut header);
    let header = BASE64.encode(serde_json::to_vec(&header).unwrap());
    format!("{header}.{rest}")
}

#[test]
fn each_claim_is_checked_as_the_documentation_says() {
    let bench = Bench::new();
    let now = bench.now;
    for (changes, expected) in [
        (json!({}), Ok(())),
        (json!({"aud": ["x", "other"]}), Ok(())),
        (json!({"nbf": null, "iat": null}), Ok(())),
        (json!({"aud": null, "client_id": "medical-schedule"}), Ok(())),
        (json!({"aud": "medical-schedule", "client_id": "x"}), Ok(())),
        (json!({"exp": now - 2}), Err(TokenFault::Expired)),
        (json!({"exp": null}), Err(TokenFault::Expired)),
        (json!({"exp": format!("{}", now + 600)}), Err(TokenFault::Expired)),
        (json!({"nbf": now + 300}), Err(TokenFault::NotYetValid)),
        (json!({"nbf": "soon"}), Err(TokenFault::NotYetValid)),
        (json!({"iat": now + 300}), Err(TokenFault::NotYetValid)),
        (json!({"iat": "now"}), Err(TokenFault::NotYetValid)),
        (
            json!({"iss": "https://issuer.example.com/"}),
            Err(TokenFault::Issuer),
        ),
        (json!({"iss": null}), Err(TokenFault::Issuer)),
        (json!({"iss": [ISSUER]}), Err(TokenFault::Issuer)),
        (json!({"iss": 1}), Err(TokenFault::Issuer)),
        (json!({"aud": "x"}), Err(TokenFault::Audience)),
        (json!({"aud": []}), Err(TokenFault::Audience)),
        (json!({"aud": 7}), Err(TokenFault::Audience)),
        (json!({"aud": ["other", 7]}), Err(TokenFault::Audience)),
        (json!({"aud": null}), Err(TokenFault::Audience)),
        (json!({"aud": null, "client_id": "x"}), Err(TokenFault::Audience)),
        (
            json!({"aud": "x", "client_id": "medical-schedule"}),
            Err(TokenFault::Audience),
        ),
    ] {
        bench.check(&changes, expected);
    }
}

#[test]
fn the_signature_its_algorithm_and_its_key_are_checked_before_any_claim() {
    let bench = Bench::new();
    let good = bench.token(&json!({}));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let another = Bench::new().token(&json!({}));
    let forged =
        BASE64.encode(json!({"iss": ISSUER, "aud": "medical-schedule", "exp": bench.now + 600}).to_string());
    for (token, expected) in [
        (format!("{header}.{forged}.{signature}"), TokenFault::Signature),
        (
            format!("{signed}.{}", BASE64.encode("signature")),
            TokenFault::Signature,
        ),
        (format!("{signed}."), TokenFault::Signature),
        (
            with_header(&good, |header| {
                header.insert("alg".to_owned(), json!("none"));
            }),
            TokenFault::Unreadable,
        ),
        (
            format!("{}.{payload}.", BASE64.encode(r#"{"alg":"none"}"#)),
            TokenFault::Unreadable,
        ),
        // Signed with the public key as if it were a secret: the classic confusion.
        (
            with_header(&good, |header| {
                header.insert("alg".to_owned(), json!("HS256"));
            }),
            TokenFault::Algorithm,
        ),
        (
            with_header(&good, |header| {
                header.insert("alg".to_owned(), json!("PS256"));
            }),
            TokenFault::Algorithm,
        ),
        (
            with_header(&good, |header| {
                header.shift_remove("kid");
            }),
            TokenFault::UnknownKey,
        ),
        (
            with_header(&good, |header| {
                header.insert("crit".to_owned(), json!(["x"]));
            }),
            TokenFault::Unreadable,
        ),
        (another, TokenFault::UnknownKey),
        (signed.to_owned(), TokenFault::Unreadable),
        (format!("{good}.x"), TokenFault::Unreadable),
        ("x".to_owned(), TokenFault::Unreadable),
        (String::new(), TokenFault::Unreadable),
    ] {
        assert_eq!(bench.verify(&token), Err(expected), "{token}");
    }
    assert_eq!(bench.verify(&good), Ok(()));
}

#[test]
fn a_set_without_a_key_for_signatures_is_refused_and_the_rest_of_a_set_passed_over() {
    let folder = TestFolder::new();
    let file = folder.path().join("jwks.json");
    let rsa = |change: &Value| {
        let mut key = json!({"kty": "RSA", "kid": "1", "n": "sXch", "e": "AQAB"});
        key.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        key
    };
    let read = |keys: Value| {
        std::fs::write(&file, json!({ "keys": keys }).to_string()).unwrap();
        KeySet::read(&file)
    };
    let unusable = [
        rsa(&json!({"use": "enc"})),
        rsa(&json!({"alg": "RSA-OAEP"})),
        json!({"kty": "oct", "kid": "1", "k": "c2VjcmV0"}),
        json!({"kty": "RSA", "n": "sXch", "e": "AQAB"}),
    ];
    for key in &unusable {
        assert!(
            matches!(
                read(json!([key])),
                Err(crate::token::KeyError::NoUsableKey { .. })
            ),
            "{key}"
        );
    }
    let mut all = unusable.to_vec();
    all.push(rsa(&json!({"alg": "RS384", "kid": "2"})));
    let set = read(Value::from(all)).unwrap();
    assert!(set.find("1").is_none());
    assert_eq!(set.find("2").unwrap().algorithm, Some(Algorithm::RS384));
}
