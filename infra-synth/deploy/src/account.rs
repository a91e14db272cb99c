use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region, SdkConfig, profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

use crate::{Assets, AwsError, Logs, Stacks};

/// How to reach an account; what is not said comes from where every AWS tool takes it: the environment, the profile.
#[derive(Debug, Clone, Default)]
pub struct AwsSettings {
    /// The profile in `~/.aws`, instead of `AWS_PROFILE` and of credentials in the environment.
    pub profile: Option<String>,
    /// The region, instead of `AWS_REGION` and the profile's.
    pub region: Option<String>,
    /// Where AWS answers, instead of `AWS_ENDPOINT_URL` and AWS's own addresses.
    pub endpoint_url: Option<String>,
}

/// An account and a region that the credentials at hand open.
#[derive(Debug, Clone)]
pub struct Account {
    id: String,
    region: String,
    identity: String,
    endpoint_url: Option<String>,
    config: SdkConfig,
    cloudformation: aws_sdk_cloudformation::Client,
    s3: aws_sdk_s3::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
}

/// Why no account could be reached.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// No region is chosen.
    #[error(
        "no region is chosen{}; say --region, set AWS_REGION, or give the profile one: \
         aws configure set region us-east-1{}",
        .profile.as_ref().map(|name| format!(", and there is none in a profile `{name}`")).unwrap_or_default(),
        .profile.as_ref().map(|name| format!(" --profile {name}")).unwrap_or_default()
    )]
    NoRegion {
        /// The profile that was asked for.
        profile: Option<String>,
    },
    /// The credentials are missing, expired or refused, or AWS cannot be reached.
    #[error(
        "AWS does not know who is asking{}, in region `{region}`; check the credentials: \
         aws sts get-caller-identity, aws sso login, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        .profile.as_ref().map(|name| format!(" as profile `{name}`")).unwrap_or_default()
    )]
    Unknown {
        /// The profile that was asked for.
        profile: Option<String>,
        /// Where it was asked.
        region: String,
        /// What AWS said.
        #[source]
        source: AwsError,
    },
}

impl Account {
    /// Makes the clients, and asks AWS whose credentials these are.
    ///
    /// # Errors
    ///
    /// No region, and credentials that AWS does not accept.
    pub async fn connect(settings: &AwsSettings) -> Result<Self, AccountError> {
        let http = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let connecting = TimeoutConfig::builder().connect_timeout(Duration::from_secs(5));
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(6))
            // To the first byte of an answer: a connection that died unseen is given up.
            .timeout_config(connecting.clone().read_timeout(Duration::from_secs(60)).build());
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &settings.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let mut config = loader.load().await;
        let region = config
            .region()
            .ok_or_else(|| AccountError::NoRegion {
                profile: settings.profile.clone(),
            })?
            .to_string();
        if let Some(profile) = &settings.profile {
            // Whoever names a profile means its credentials, though the environment has others.
            let means = ProviderConfig::without_region()
                .with_region(config.region().cloned())
                .with_http_client(http);
            let credentials = ProfileFileCredentialsProvider::builder()
                .configure(&means)
                .profile_name(profile)
                .build();
            config = config
                .into_builder()
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .build();
        }
        let identity = aws_sdk_sts::Client::new(&config)
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| AccountError::Unknown {
                profile: settings.profile.clone(),
                region: region.clone(),
                source: AwsError::of("GetCallerIdentity")(error),
            })?;
        let endpoint_url = config.endpoint_url().map(str::to_owned);
        // Whoever answers elsewhere than AWS has no host name for each bucket.
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(endpoint_url.is_some())
            // An answer comes after the upload, which takes as long as the line makes it.
            .timeout_config(connecting.build())
            .build();
        Ok(Self {
            id: identity.account.unwrap_or_default(),
            identity: identity.arn.unwrap_or_default(),
            region,
            endpoint_url,
            config: config.clone(),
            cloudformation: aws_sdk_cloudformation::Client::new(&config),
            s3: aws_sdk_s3::Client::from_conf(s3),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
        })
    }

    /// The account's twelve digits.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Who is asking, as an ARN.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Where AWS answers, if not at its own addresses.
    pub fn endpoint_url(&self) -> Option<&str> {
        self.endpoint_url.as_deref()
    }

    /// What a client of another service is made from.
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The account's stacks.
    pub fn stacks(&self) -> Stacks {
        Stacks::new(self.cloudformation.clone(), self.pace())
    }

    /// The objects in a bucket of this account.
    pub fn assets(&self, bucket: &str) -> Assets {
        Assets::new(self.s3.clone(), bucket, &self.id)
    }

    /// The account's logs.
    pub fn logs(&self) -> Logs {
        Logs::new(self.logs.clone(), self.pace())
    }

    /// How long to wait between two looks: AWS throttles who looks too often, an emulator on this machine does not.
    fn pace(&self) -> Duration {
        let near = self
            .endpoint_url
            .as_deref()
            .is_some_and(|url| url.contains("://127.0.0.1") || url.contains("://localhost"));
        Duration::from_millis(if near { 100 } else { 2000 })
    }
}
