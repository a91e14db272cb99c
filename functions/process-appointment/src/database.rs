use std::{error::Error, fs};

use schedule_aws::AwsSettings;
use schedule_core::names::{DB_HOST, DB_NAME, DB_PORT, DB_USER};
use schedule_mysql::{IamSignIn, MySqlOptions, RootCertificates};
use schedule_runtime::Settings;

/// Environment variable: a file of PEM certificates to trust in place of those of RDS that are embedded. For a
/// region that is younger than they are, or a database that is not on RDS.
const DB_CA_BUNDLE: &str = "DB_CA_BUNDLE";

/// Environment variable: `mysql://user:password@host:port/database`, in place of all other settings of the database.
/// Where there is no IAM, which is anywhere but on AWS; the template never sets it, as it holds a password.
const DB_URL: &str = "DB_URL";

/// Where the database is and how to sign in: with the function's role over TLS, save where a URL says otherwise.
pub(crate) fn options(
    settings: &Settings,
    aws: &AwsSettings,
) -> Result<MySqlOptions, Box<dyn Error + Send + Sync>> {
    if let Some(url) = settings.optional(DB_URL) {
        return Ok(MySqlOptions::from_url(&url)?);
    }
    let certificates = match settings.optional(DB_CA_BUNDLE) {
        Some(path) => RootCertificates::Pem(
            fs::read(&path).map_err(|error| format!("`{DB_CA_BUNDLE}` names `{path}`: {error}"))?,
        ),
        None => RootCertificates::Rds,
    };
    Ok(MySqlOptions::with_iam(IamSignIn {
        host: settings.text(DB_HOST)?,
        port: settings.parsed(DB_PORT)?,
        database: settings.text(DB_NAME)?,
        user: settings.text(DB_USER)?,
        region: aws.region.clone(),
        access_key_id: aws.credentials.access_key_id.clone(),
        secret_access_key: aws.credentials.secret_access_key.clone(),
        session_token: aws.credentials.session_token.clone(),
        certificates,
    })?)
}
