//! A key for tokens of one's own, in the data folder: for development, where there is no identity provider.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use graviola::signing::rsa::{KeySize, SigningKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use ring::digest::{SHA256, digest};
use ring::signature::{KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{KeyError, rsa};

/// The folder of keys in a data folder.
const FOLDER: &str = "keys";
/// The private key, PKCS#8; for its owner's eyes alone.
const PRIVATE_KEY: &str = "development.pk8";
/// The public keys that tokens are verified with.
const KEY_SET: &str = "jwks.json";
/// By which a folder is known as the local system's.
const MARKER: &str = "FORMAT";

/// A signed token. Whoever has it can do what it says: it is shown by nothing but [`Token::as_str`].
pub struct Token(String);

impl Token {
    /// The token as it goes behind `Bearer `.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(hidden)")
    }
}

/// A private key, and the name that its public key has in the key set.
pub struct DevelopmentKey {
    key: EncodingKey,
    id: String,
}

impl DevelopmentKey {
    /// The key of a data folder, which is made when it is asked for the first time: then also `keys/jwks.json`.
    ///
    /// # Errors
    ///
    /// When the folder is none of the local system's, or the key cannot be made, read or written.
    pub fn of(data_folder: &Path) -> Result<Self, KeyError> {
        if !data_folder.join(MARKER).is_file() {
            return Err(KeyError::NoFolder {
                path: data_folder.to_owned(),
            });
        }
        let folder = data_folder.join(FOLDER);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|source| unwritable(&folder, source))?;
        let file = folder.join(PRIVATE_KEY);
        if !file.exists() {
            // Whoever comes second, of two at once, takes the first one's.
            write_once(&file, &made()?, 0o600)?;
        }
        let private = fs::read(&file).map_err(|source| KeyError::Unreadable {
            path: file.clone(),
            source,
        })?;
        let public = match RsaKeyPair::from_pkcs8(&private) {
            Ok(pair) => RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key()),
            Err(_) => return Err(KeyError::NotAKey { path: file }),
        };
        let (id, key_set) = key_set(&public);
        let file = key_set_file(data_folder);
        if !file.exists() {
            write_once(&file, &key_set, 0o644)?;
        }
        Ok(Self {
            key: EncodingKey::from_rsa_der(&private),
            id,
        })
    }

    /// The public keys of a data folder: the development key's, and what has been added by hand.
    pub(crate) fn key_set_of(data_folder: &Path) -> Result<PathBuf, KeyError> {
        let file = key_set_file(data_folder);
        if !file.exists() {
            Self::of(data_folder)?;
        }
        Ok(file)
    }

    /// Signs these claims, as they are, with RS256.
    ///
    /// # Errors
    ///
    /// When the key cannot sign.
    pub fn sign(&self, claims: &Map<String, Value>) -> Result<Token, KeyError> {
        rsa::install();
        let header = Header {
            kid: Some(self.id.clone()),
            ..Header::new(Algorithm::RS256)
        };
        encode(&header, claims, &self.key)
            .map(Token)
            .map_err(|_| KeyError::NotSigned)
    }
}

fn key_set_file(data_folder: &Path) -> PathBuf {
    data_folder.join(FOLDER).join(KEY_SET)
}

fn made() -> Result<Vec<u8>, KeyError> {
    if !processor_can() {
        return Err(KeyError::Unsupported);
    }
    let key = SigningKey::generate(KeySize::Rsa2048).map_err(|_| KeyError::NotMade)?;
    // A key of 2048 bits is some 1,220 bytes in PKCS#8.
    let mut buffer = [0; 2048];
    let written = key.to_pkcs8_der(&mut buffer).map_err(|_| KeyError::NotMade)?;
    Ok(written.to_vec())
}

/// The library that makes keys panics on a processor without these.
fn processor_can() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        has!("adx") && has!("aes") && has!("avx2") && has!("bmi1") && has!("bmi2") && has!("pclmulqdq")
    }
    #[cfg(target_arch = "aarch64")]
    {
        use std::arch::is_aarch64_feature_detected as has;
        has!("aes") && has!("neon") && has!("pmull") && has!("sha2")
    }
}

/// The key's id, which is its thumbprint (RFC 7638), and the set that holds it.
fn key_set(public: &RsaPublicKeyComponents<Vec<u8>>) -> (String, Vec<u8>) {
    let (n, e) = (BASE64.encode(&public.n), BASE64.encode(&public.e));
    let canonical = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    let id = BASE64.encode(digest(&SHA256, canonical.as_bytes()));
    let key = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": n, "e": e});
    (id, json!({ "keys": [key] }).to_string().into_bytes())
}

/// The file is there whole or not at all, and is never replaced.
fn write_once(file: &Path, content: &[u8], mode: u32) -> Result<(), KeyError> {
    let in_writing = file.with_extension(format!("{}.new", Uuid::now_v7()));
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&in_writing)
        .and_then(|mut opened| {
            opened.write_all(content)?;
            opened.sync_all()
        })
        .and_then(|()| match fs::hard_link(&in_writing, file) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    let _ = fs::remove_file(&in_writing);
    written.map_err(|source| unwritable(file, source))
}

fn unwritable(path: &Path, source: io::Error) -> KeyError {
    KeyError::Unwritable {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::testing::TestFolder;

    fn data_folder() -> TestFolder {
        let folder = TestFolder::new();
        fs::write(folder.path().join(MARKER), "infra-synth local 1\n").unwrap();
        folder
    }

    #[test]
    fn a_key_is_made_once_for_its_owners_eyes_and_found_again() {
        let folder = data_folder();
        let first = DevelopmentKey::of(folder.path()).unwrap();
        let second = DevelopmentKey::of(folder.path()).unwrap();
        assert_eq!(first.id, second.id);
        let mode = |name: &str| {
            let path = folder.path().join(FOLDER).join(name);
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode(PRIVATE_KEY), 0o600);
        assert_eq!(mode(""), 0o700);
        assert_eq!(fs::read_dir(folder.path().join(FOLDER)).unwrap().count(), 2);
        assert_eq!(format!("{:?}", first.sign(&Map::new()).unwrap()), "Token(hidden)");
    }

    #[test]
    fn two_that_ask_at_once_have_one_key() {
        let folder = data_folder();
        let made: Vec<String> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| DevelopmentKey::of(folder.path()).unwrap().id))
                .collect();
            asking.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(made.iter().all(|id| id == &made[0]), "{made:?}");
        let key_set = fs::read_to_string(key_set_file(folder.path())).unwrap();
        assert!(key_set.contains(&made[0]), "{key_set}");
    }

    #[test]
    fn no_data_folder_and_a_file_that_is_no_key_are_said() {
        let folder = TestFolder::new();
        let Err(error) = DevelopmentKey::of(folder.path()) else {
            panic!("a key was made in a foreign folder")
        };
        assert!(error.to_string().contains("--data-dir"), "{error}");
        let folder = data_folder();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        fs::write(folder.path().join(FOLDER).join(PRIVATE_KEY), "no key").unwrap();
        assert!(matches!(
            DevelopmentKey::of(folder.path()),
            Err(KeyError::NotAKey { .. })
        ));
    }
}
