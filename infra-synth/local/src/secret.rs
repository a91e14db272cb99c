//! Secrets Manager: values that are made up at the first start and kept with the rest of the state.

use std::collections::BTreeMap;

use ring::rand::{SecureRandom, SystemRandom};

use crate::model::Secret;
use crate::store::{Batch, Space, Store, StoreError, key};

const LETTERS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PUNCTUATION: &[u8] = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// The values by ARN. They are not for a `Debug` output.
pub(crate) struct Secrets {
    values: BTreeMap<String, String>,
}

impl Secrets {
    /// Reads each value, or makes it up where there is none yet.
    pub(crate) fn open(secrets: &[Secret], store: &Store) -> Result<Self, StoreError> {
        let mut values = BTreeMap::new();
        let mut made = Batch::default();
        for secret in secrets {
            let key = key(&[&secret.arn]);
            let kept = store.get(Space::Items, &key)?;
            let value = match kept.and_then(|value| String::from_utf8(value).ok()) {
                Some(value) => value,
                None => {
                    let value = made_up(secret)?;
                    made.put(Space::Items, key, value.clone().into_bytes());
                    value
                }
            };
            values.insert(secret.arn.clone(), value);
        }
        store.commit(made)?;
        Ok(Self { values })
    }

    pub(crate) fn value(&self, arn: &str) -> Option<&str> {
        self.values.get(arn).map(String::as_str)
    }
}

fn made_up(secret: &Secret) -> Result<String, StoreError> {
    let mut alphabet = LETTERS_AND_DIGITS.to_vec();
    if !secret.alphanumeric {
        alphabet.extend(PUNCTUATION);
    }
    // A byte beyond the largest multiple is drawn again, so that each character is as likely as another.
    let fair = 256 - 256 % alphabet.len();
    let random = SystemRandom::new();
    let mut value = String::with_capacity(secret.length);
    while value.len() < secret.length {
        let mut bytes = [0; 64];
        random.fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
        let drawn = bytes.into_iter().map(usize::from).filter(|byte| *byte < fair);
        value.extend(
            drawn
                .map(|byte| char::from(alphabet[byte % alphabet.len()]))
                .take(secret.length - value.len()),
        );
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(length: usize, alphanumeric: bool) -> Secret {
        Secret {
            arn: "arn:secret".to_owned(),
            logical_id: "Secret".to_owned(),
            length,
            alphanumeric,
        }
    }

    #[test]
    fn a_value_has_the_length_and_the_characters_asked_for_and_is_no_others() {
        let values: Vec<String> = (0..4).map(|_| made_up(&secret(400, true)).unwrap()).collect();
        for value in &values {
            assert_eq!(value.len(), 400);
            assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
        assert_ne!(values[0], values[1]);
        let mixed = made_up(&secret(4096, false)).unwrap();
        assert!(mixed.bytes().any(|byte| byte.is_ascii_punctuation()));
    }

    #[test]
    fn a_value_stays_what_it_was_at_the_first_start() {
        let store = Store::in_memory();
        let first = Secrets::open(&[secret(64, true)], &store).unwrap();
        let second = Secrets::open(&[secret(64, true)], &store).unwrap();
        assert_eq!(first.value("arn:secret"), second.value("arn:secret"));
        assert_eq!(first.value("arn:secret").map(str::len), Some(64));
        assert_eq!(first.value("arn:other"), None);
    }
}
