use std::collections::HashMap;

/// Words by which secrets are called, in lower case and without separators.
const SECRET_WORDS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "privatekey",
    "accesskey",
    "authtoken",
    "credential",
    "connectionstring",
];

/// Endings that make of it something about a secret: `SecretArn` is none.
const ABOUT: [&str; 15] = [
    "arn",
    "name",
    "id",
    "ids",
    "url",
    "uri",
    "path",
    "policy",
    "length",
    "version",
    "ttl",
    "enabled",
    "seconds",
    "parameter",
    "template",
];

/// Bits a character over which a token is no word: random letters and digits have more, identifiers less.
const RANDOM_BITS: f64 = 3.8;
const RANDOM_HEX_BITS: f64 = 3.0;

/// Whether something called so is a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    let is_about = ABOUT.iter().any(|ending| plain.ends_with(ending));
    let is_token = plain == "token" || (plain.ends_with("token") && !plain.ends_with("nexttoken"));
    // Not `bypass`: the word stands for itself.
    let is_short = ["pass", "pwd"].iter().any(|short| {
        name.rsplit(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(short))
    }) || ["Pass", "Pwd"].iter().any(|short| name.ends_with(short));
    !is_about && (is_token || is_short || SECRET_WORDS.iter().any(|word| plain.contains(word)))
}

/// Whether a text is, or has in it, what only a secret looks like.
pub(crate) fn looks_secret(text: &str) -> bool {
    has_known_shape(text) || tokens(text).any(is_random)
}

/// A text without what CloudFormation puts in when it deploys: `${…}` and `{{resolve:…}}`.
pub(crate) fn without_references(text: &str) -> String {
    let mut rest = text;
    let mut literal = String::new();
    loop {
        let next = [("${", "}"), ("{{resolve:", "}}")]
            .into_iter()
            .filter_map(|(open, close)| Some((rest.find(open)?, close)))
            .min();
        let Some((start, close)) = next else { break };
        let Some(length) = rest[start..].find(close) else {
            break;
        };
        literal.push_str(&rest[..start]);
        rest = &rest[start + length + close.len()..];
    }
    literal.push_str(rest);
    literal
}

/// Keys that say what they are, and URLs with a password in them.
fn has_known_shape(text: &str) -> bool {
    let is_access_key = |token: &str| {
        token.len() == 20
            && (token.starts_with("AKIA") || token.starts_with("ASIA"))
            && token.bytes().all(is_base32)
    };
    let has_prefix = |token: &str| {
        ["ghp_", "github_pat_", "xoxb-", "xoxp-", "sk_live_", "glpat-"]
            .iter()
            .any(|prefix| token.starts_with(prefix))
    };
    let userinfo = text
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split(['/', '?']).next()?.rsplit_once('@'));
    let has_password = userinfo
        .and_then(|(user, _)| user.split_once(':'))
        .is_some_and(|(_, password)| !password.is_empty());
    text.contains("PRIVATE KEY-----")
        || has_password
        || tokens(text).any(|token| is_access_key(token) || has_prefix(token))
}

fn is_base32(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// Runs of the characters that keys and base64 are made of.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=_-".contains(c)))
}

fn is_random(token: &str) -> bool {
    let is_hex = token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex {
        return token.len() >= 32 && bits_a_character(token) >= RANDOM_HEX_BITS;
    }
    let count = |kind: fn(&u8) -> bool| token.bytes().filter(kind).count();
    token.len() >= 20
        && count(u8::is_ascii_digit) >= 2
        && count(u8::is_ascii_uppercase) >= 2
        && count(u8::is_ascii_lowercase) >= 2
        && bits_a_character(token) >= RANDOM_BITS
}

/// Shannon's entropy of the characters of a token.
fn bits_a_character(token: &str) -> f64 {
    let mut counts: HashMap<u8, f64> = HashMap::new();
    for byte in token.bytes() {
        *counts.entry(byte).or_default() += 1.0;
    }
    let length: f64 = counts.values().sum();
    counts
        .values()
        .map(|count| -(count / length) * (count / length).log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_name() {
        for name in [
            "DB_PASSWORD",
            "MasterUserPassword",
            "apiKey",
            "SLACK_TOKEN",
            "client_secret",
            "AWS_SECRET_ACCESS_KEY",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "SecretArn",
            "PasswordPolicy",
            "KmsMasterKeyId",
            "SECRET_NAME",
            "KeySchema",
            "DB_USER",
            "TokenId",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn a_secret_is_known_by_its_looks() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1",
            "mysql://root:hunter2@db:3306/x",
            "-----BEGIN RSA PRIVATE KEY-----",
            "9f86d081884c7d659a2feaa0c55ad015",
            "key=Zk3vT9qLw8XyB2nRd7Pm5Js1",
        ] {
            assert!(looks_secret(text), "{text}");
        }
    }

    #[test]
    fn names_and_addresses_are_no_secrets() {
        for text in [
            "appointment-db.c3oi8oiu8nil.us-east-1.rds.amazonaws.com",
            "ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE",
            "arn:aws:lambda:us-east-1:123456789012:function:appointment-dev-createAppointment",
            "/aws/vendedlogs/apigateway/appointment-dev-api",
            "https://citas.example.com",
            "0000000000000000000000000000000000",
            "mysql://db:3306/x",
        ] {
            assert!(!looks_secret(text), "{text}");
        }
    }

    #[test]
    fn what_is_put_in_at_deployment_is_no_literal() {
        assert_eq!(
            without_references("a${B.C}d{{resolve:secretsmanager:x:SecretString:y}}e"),
            "ade"
        );
        assert_eq!(without_references("${open"), "${open");
    }
}
