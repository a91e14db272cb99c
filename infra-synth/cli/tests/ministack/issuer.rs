use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::cases::Signing;

/// Whom the issuer's tokens are for.
pub(crate) const AUDIENCE: &str = "medical-schedule";

/// An identity provider on this machine; it ends with the value.
pub(crate) struct Issuer {
    process: Child,
    url: String,
}

impl Issuer {
    pub(crate) fn start() -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut process = Command::new(project.join("target/ministack/bin/python"))
            .arg(project.join("infra-synth/cli/tests/ministack/issuer.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("install what the tests need first: make setup");
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "the issuer ended at once");
        Self {
            process,
            url: url.trim().to_owned(),
        }
    }

    /// Its settings in a stage's file.
    pub(crate) fn settings(&self) -> String {
        format!(
            "mode = \"jwt\"\nissuer = \"{}\"\naudience = [\"{AUDIENCE}\"]\ninsured_claim = \"insured_id\"\n\
             countries_claim = \"countries\"",
            self.url
        )
    }

    /// A good token with these claims too.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let mut all = self.claims();
        all.as_object_mut()
            .unwrap()
            .extend(claims.as_object().unwrap().clone());
        self.sign(&Self::header(), &all, Signing::Issuer)
    }

    /// The header of a good token.
    pub(crate) fn header() -> Value {
        json!({ "alg": "RS256", "typ": "JWT", "kid": "issuer-1" })
    }

    /// What a good token says of itself.
    pub(crate) fn claims(&self) -> Value {
        let now = now();
        json!({ "iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + 3600 })
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value, signing: Signing) -> String {
        let token = json!({ "header": header, "claims": claims, "signing": format!("{signing:?}") });
        let mut answer = ureq::post(&self.url).send_json(token).unwrap();
        answer.body_mut().read_to_string().unwrap()
    }
}

/// In seconds since 1970, as tokens count.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

impl Drop for Issuer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
