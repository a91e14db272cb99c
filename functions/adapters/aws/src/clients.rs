use aws_credential_types::{Credentials as AwsCredentials, provider::SharedCredentialsProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::{
    Connector, HttpClientError,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    http::{HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn},
    stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_types::{SdkConfig, region::Region};
use thiserror::Error;

use crate::{
    limits::CallLimits,
    settings::{AwsSettings, Service},
};

/// The roots that every AWS endpoint's certificate leads to, from Amazon Trust Services.
///
/// Embedded, because reading the machine's some hundred and fifty takes longer than the rest of a function's start.
const AMAZON_ROOTS: &[u8] = include_bytes!("../certificates/amazon.pem");

/// What all clients of a process share: one HTTP client with its connections, the credentials, and the limits.
#[derive(Clone, Debug)]
pub struct AwsClients {
    settings: AwsSettings,
    config: SdkConfig,
}

impl AwsClients {
    /// Takes everything from the environment, within the default limits. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// [`AwsClientsError`] if the environment is not complete, or a certificate in it does not read.
    pub fn from_environment() -> Result<Self, AwsClientsError> {
        Self::new(AwsSettings::from_environment()?, CallLimits::default())
    }

    /// The clients for these settings. Nothing is connected yet.
    ///
    /// # Errors
    ///
    /// [`AwsClientsError::Certificates`] if an additional certificate does not read.
    pub fn new(settings: AwsSettings, limits: CallLimits) -> Result<Self, AwsClientsError> {
        let http_client = http_client(&settings, limits)?;
        Ok(Self::over(http_client, settings, limits))
    }

    /// The same over another HTTP client, such as one that replays recorded answers.
    #[must_use]
    pub fn over(http_client: SharedHttpClient, settings: AwsSettings, limits: CallLimits) -> Self {
        let credentials = settings.credentials.clone();
        let credentials = AwsCredentials::new(
            credentials.access_key_id,
            credentials.secret_access_key,
            credentials.session_token,
            None,
            "environment",
        );
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client)
            .sleep_impl(sleep())
            .timeout_config(limits.timeouts())
            .retry_config(limits.retries())
            // Every call has a time limit of its own, and no body is long enough to stall within it.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self { settings, config }
    }

    /// The settings that the clients were made for.
    #[must_use]
    pub const fn settings(&self) -> &AwsSettings {
        &self.settings
    }

    /// A service's share: the common configuration, and the endpoint if it is overridden.
    pub(crate) fn service(&self, service: Service) -> (&SdkConfig, Option<&str>) {
        (&self.config, self.settings.endpoint(service))
    }
}

/// Why there are no clients.
#[derive(Debug, Error)]
pub enum AwsClientsError {
    /// The environment is not complete.
    #[error(transparent)]
    Settings(#[from] crate::settings::AwsSettingsError),
    /// The HTTP client does not take the certificates.
    #[error("the certificates in `AWS_CA_BUNDLE` cannot be used; expected a file of PEM certificates")]
    Certificates(#[source] HttpClientError),
}

fn sleep() -> SharedAsyncSleep {
    SharedAsyncSleep::new(TokioSleep::new())
}

/// One connector, made here and now for all clients. Left to themselves each would make one to see that it can, drop it,
/// and the first call would make a third: most of that is reading the roots.
fn http_client(settings: &AwsSettings, limits: CallLimits) -> Result<SharedHttpClient, AwsClientsError> {
    let mut trusted = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    if let Some(additional) = &settings.additional_certificates {
        trusted = trusted.with_pem_certificate(additional.as_slice());
    }
    let context = TlsContext::builder()
        .with_trust_store(trusted)
        .build()
        .map_err(AwsClientsError::Certificates)?;
    let connector = Connector::builder()
        .connector_settings(
            HttpConnectorSettings::builder()
                .connect_timeout(limits.connect)
                .build(),
        )
        .sleep_impl(sleep())
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build();
    let connector = SharedHttpConnector::new(connector);
    Ok(http_client_fn(move |_, _| connector.clone()))
}
