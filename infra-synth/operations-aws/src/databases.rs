use std::collections::BTreeMap;

use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError};
use aws_types::SdkConfig;
use schedule_aws::{AwsClients, AwsSettings, AwsSettingsError, CallLimits};
use schedule_core::Country;
use schedule_mysql::{
    CertificatesError, DatabaseUrlError, IamSignIn, MySqlCountryDatabase, MySqlOptions, RootCertificates,
};

use crate::stack_stores::StackStores;

/// Why the stores of a deployed stack cannot be signed in to.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Nothing says where credentials are.
    #[error("there are no credentials; give some, as for the AWS CLI")]
    NoCredentials,
    /// They do not load.
    #[error("the credentials do not load; check them: aws sts get-caller-identity")]
    Credentials(#[source] CredentialsError),
    /// Nothing to send calls with.
    #[error("the configuration has no HTTP client")]
    NoHttpClient,
    /// They are not what the adapters take.
    #[error(transparent)]
    Settings(#[from] AwsSettingsError),
    /// The URL is none.
    #[error(transparent)]
    Url(#[from] DatabaseUrlError),
    /// No token can be signed, or no server would be trusted.
    #[error(transparent)]
    Iam(#[from] CertificatesError),
    /// The template does not say where a country's database is.
    #[error(
        "the deployed template does not say where the database of `{country}` is; say it: --database-url \
         mysql://USER:PASSWORD@HOST:3306/DATABASE"
    )]
    NoDatabase {
        /// The country.
        country: Country,
    },
}

/// The functions' adapters, with the credentials and the endpoint of whoever runs the command.
pub(crate) async fn clients(config: &SdkConfig) -> Result<AwsClients, SignInError> {
    let provider = config.credentials_provider().ok_or(SignInError::NoCredentials)?;
    let credentials = provider.provide_credentials().await;
    let credentials = credentials.map_err(SignInError::Credentials)?;
    let settings = AwsSettings::from_variables(|name| match name {
        "AWS_REGION" => config.region().map(ToString::to_string),
        "AWS_ACCESS_KEY_ID" => Some(credentials.access_key_id().to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some(credentials.secret_access_key().to_owned()),
        "AWS_SESSION_TOKEN" => credentials.session_token().map(str::to_owned),
        "AWS_ENDPOINT_URL" => config.endpoint_url().map(str::to_owned),
        _ => None,
    })?;
    let http = config.http_client().ok_or(SignInError::NoHttpClient)?;
    Ok(AwsClients::over(http, settings, CallLimits::default()))
}

/// The countries' databases. Nothing is connected yet.
pub(crate) fn open(
    clients: &AwsClients,
    stores: &StackStores,
    url: Option<&str>,
) -> Result<BTreeMap<Country, MySqlCountryDatabase>, SignInError> {
    let mut databases = BTreeMap::new();
    for country in Country::ALL {
        let options = match url {
            Some(url) => MySqlOptions::from_url(url)?,
            None => with_iam(clients, stores, country)?,
        };
        databases.insert(country, MySqlCountryDatabase::new(&options, country));
    }
    Ok(databases)
}

fn with_iam(
    clients: &AwsClients,
    stores: &StackStores,
    country: Country,
) -> Result<MySqlOptions, SignInError> {
    let place = stores.databases.get(&country);
    let place = place.ok_or(SignInError::NoDatabase { country })?.clone();
    let AwsSettings {
        region, credentials, ..
    } = clients.settings().clone();
    Ok(MySqlOptions::with_iam(IamSignIn {
        host: place.host,
        port: place.port,
        database: place.database,
        user: place.user,
        region,
        access_key_id: credentials.access_key_id,
        secret_access_key: credentials.secret_access_key,
        session_token: credentials.session_token,
        certificates: RootCertificates::Rds,
    })?)
}
