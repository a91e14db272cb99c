use std::{env, fmt, fs, io, path::PathBuf};

use rustls_pki_types::{CertificateDer, pem::PemObject};
use thiserror::Error;

/// The services that the functions call; `AWS_ENDPOINT_URL_…` may lead each of them elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The table.
    DynamoDb,
    /// The topic.
    Sns,
    /// The bus.
    EventBridge,
    /// The secret of the cursors.
    SecretsManager,
}

impl Service {
    const ALL: [Self; 4] = [Self::DynamoDb, Self::Sns, Self::EventBridge, Self::SecretsManager];

    /// The variable that overrides its endpoint, under the service's id as the AWS SDKs and tools name it.
    #[must_use]
    pub const fn endpoint_variable(self) -> &'static str {
        match self {
            Self::DynamoDb => "AWS_ENDPOINT_URL_DYNAMODB",
            Self::Sns => "AWS_ENDPOINT_URL_SNS",
            Self::EventBridge => "AWS_ENDPOINT_URL_EVENTBRIDGE",
            Self::SecretsManager => "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        }
    }
}

/// Where AWS is and who calls it, from the environment that Lambda gives a function.
///
/// No profile, metadata service or token file is looked at: a function has its role's credentials in its environment,
/// and looking further would only make its start slower.
#[derive(Clone, Debug)]
pub struct AwsSettings {
    /// `AWS_REGION`, or else `AWS_DEFAULT_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    pub credentials: Credentials,
    /// `AWS_CA_BUNDLE`: the PEM certificates in that file, trusted beside Amazon's own.
    pub additional_certificates: Option<Vec<u8>>,
    endpoint: Option<String>,
    service_endpoints: [Option<String>; Service::ALL.len()],
}

impl AwsSettings {
    /// Reads the process's environment.
    ///
    /// # Errors
    ///
    /// [`AwsSettingsError`] names the variable that is missing, empty or wrong.
    pub fn from_environment() -> Result<Self, AwsSettingsError> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// Reads the variables that `variable` knows.
    ///
    /// # Errors
    ///
    /// As [`from_environment`](Self::from_environment).
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, AwsSettingsError> {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let needed = |name: &'static str| match variable(name) {
            None => Err(AwsSettingsError::Missing { name }),
            Some(value) if value.is_empty() => Err(AwsSettingsError::Empty { name }),
            Some(value) => Ok(value),
        };
        let endpoint = |name: &'static str| match given(name) {
            Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
                Err(AwsSettingsError::Endpoint { name, found: url })
            }
            url => Ok(url),
        };
        let mut service_endpoints = [const { None }; Service::ALL.len()];
        for (place, service) in service_endpoints.iter_mut().zip(Service::ALL) {
            *place = endpoint(service.endpoint_variable())?;
        }
        Ok(Self {
            region: needed("AWS_REGION").or_else(|error| given("AWS_DEFAULT_REGION").ok_or(error))?,
            credentials: Credentials {
                access_key_id: needed("AWS_ACCESS_KEY_ID")?,
                secret_access_key: needed("AWS_SECRET_ACCESS_KEY")?,
                session_token: given("AWS_SESSION_TOKEN"),
            },
            additional_certificates: given("AWS_CA_BUNDLE").map(read_certificates).transpose()?,
            endpoint: endpoint("AWS_ENDPOINT_URL")?,
            service_endpoints,
        })
    }

    /// The URL that takes the place of the service's own: its own variable's, or else `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn endpoint(&self, service: Service) -> Option<&str> {
        self.service_endpoints[service as usize]
            .as_deref()
            .or(self.endpoint.as_deref())
    }
}

/// What signs the calls. `Debug` shows the key's id only.
#[derive(Clone)]
pub struct Credentials {
    /// The id of the key.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: String,
    /// What goes with the key of a role.
    pub session_token: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

fn read_certificates(path: String) -> Result<Vec<u8>, AwsSettingsError> {
    let path = PathBuf::from(path);
    let failed = |source| AwsSettingsError::CertificateFile {
        path: path.clone(),
        source,
    };
    let pem = fs::read(&path).map_err(failed)?;
    let unusable = |reason: String| failed(io::Error::new(io::ErrorKind::InvalidData, reason));
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|certificates| !certificates.is_empty())
        .ok_or_else(|| unusable("it does not consist of PEM certificates".to_owned()))?;
    // The HTTP client would panic over one that it cannot trust.
    for (index, certificate) in certificates.iter().enumerate() {
        webpki::anchor_from_trusted_cert(certificate).map_err(|error| {
            unusable(format!(
                "the certificate at place {} is not sound: {error}",
                index + 1
            ))
        })?;
    }
    Ok(pem)
}

/// What is wrong with the environment.
#[derive(Debug, Error)]
pub enum AwsSettingsError {
    /// A variable that is needed is not set.
    #[error("environment variable `{name}` is missing; Lambda sets it, elsewhere it must be given")]
    Missing {
        /// The variable.
        name: &'static str,
    },
    /// A variable that is needed is set to nothing.
    #[error("environment variable `{name}` is empty; Lambda sets it, elsewhere it must be given")]
    Empty {
        /// The variable.
        name: &'static str,
    },
    /// An endpoint that is not a URL.
    #[error("environment variable `{name}` is `{found}`; expected a URL such as `http://127.0.0.1:4566`")]
    Endpoint {
        /// The variable.
        name: &'static str,
        /// Its value.
        found: String,
    },
    /// The additional certificates cannot be read.
    #[error("`AWS_CA_BUNDLE` names `{}`, which cannot be read; expected a file of PEM certificates", path.display())]
    CertificateFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: [(&str, &str); 4] = [
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "secret-token"),
    ];

    fn settings(changes: &[(&str, &str)]) -> Result<AwsSettings, AwsSettingsError> {
        AwsSettings::from_variables(|name| {
            let variables = changes.iter().chain(&COMPLETE);
            let mut named = variables.filter(|(known, _)| *known == name);
            named.next().map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_variable_that_is_missing_or_empty_is_named() {
        for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            let without = AwsSettings::from_variables(|asked| {
                let known = COMPLETE
                    .iter()
                    .find(|(known, _)| *known == asked && asked != name);
                known.map(|(_, value)| (*value).to_owned())
            });
            let message = without.expect_err("a missing variable").to_string();
            assert!(message.contains(&format!("`{name}` is missing")), "{message}");
            let message = settings(&[(name, "")])
                .expect_err("an empty variable")
                .to_string();
            assert!(message.contains(&format!("`{name}` is empty")), "{message}");
        }
    }

    #[test]
    fn a_services_own_endpoint_goes_before_the_common_one() {
        let settings = settings(&[
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_ENDPOINT_URL_SNS", "https://127.0.0.1:2"),
        ])
        .expect("sound settings");
        assert_eq!(settings.endpoint(Service::DynamoDb), Some("http://127.0.0.1:1"));
        assert_eq!(settings.endpoint(Service::Sns), Some("https://127.0.0.1:2"));
        assert_eq!(
            settings.endpoint(Service::EventBridge),
            Some("http://127.0.0.1:1")
        );
    }

    #[test]
    fn an_endpoint_that_is_no_url_and_a_bundle_that_is_no_file_are_named() {
        let message = settings(&[("AWS_ENDPOINT_URL_SNS", "localhost:4566")])
            .expect_err("no URL")
            .to_string();
        assert!(
            message.contains("`AWS_ENDPOINT_URL_SNS` is `localhost:4566`"),
            "{message}"
        );
        let message = settings(&[("AWS_CA_BUNDLE", "/nowhere/ca.pem")])
            .expect_err("no file")
            .to_string();
        assert!(message.contains("`/nowhere/ca.pem`"), "{message}");
    }

    #[test]
    fn a_bundle_of_what_is_no_certificate_is_an_error_and_no_panic() {
        let root = include_str!("../certificates/amazon.pem");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let roots = root.matches("BEGIN CERTIFICATE").count();
        for (content, reason) in [
            (
                String::new(),
                "it does not consist of PEM certificates".to_owned(),
            ),
            (
                "no PEM".to_owned(),
                "it does not consist of PEM certificates".to_owned(),
            ),
            (
                format!("{root}{broken}"),
                format!("the certificate at place {} is not sound", roots + 1),
            ),
        ] {
            let file = env::temp_dir().join(format!("ca-{}.pem", std::process::id()));
            fs::write(&file, content).expect("a file");
            let error =
                settings(&[("AWS_CA_BUNDLE", &file.display().to_string())]).expect_err("no certificates");
            fs::remove_file(&file).expect("the file");
            let source = std::error::Error::source(&error).map(ToString::to_string);
            assert!(
                source.as_ref().is_some_and(|source| source.starts_with(&reason)),
                "{source:?}"
            );
        }
    }

    #[test]
    fn a_secret_is_in_no_debug_output() {
        let shown = format!("{:?}", settings(&[]).expect("sound settings"));
        assert!(
            shown.contains("AKIAEXAMPLE") && !shown.contains("secret"),
            "{shown}"
        );
    }
}
