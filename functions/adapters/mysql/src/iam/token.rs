use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::IamSignIn;

/// How long RDS takes a token.
const VALID_FOR: Duration = Duration::from_secs(15 * 60);

/// When new connections get a new one: five minutes before its end, for clocks that differ.
pub(crate) const RENEW_AFTER: Duration = Duration::from_secs(10 * 60);

/// What a URL's query need not encode by RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl IamSignIn {
    /// The token for connections made from `now` on: a presigned URL of the action `connect`, without its scheme.
    ///
    /// `None` if the signer refuses what it was given, which an odd host name may bring about.
    pub(crate) fn token(&self, now: SystemTime) -> Option<String> {
        let identity = Identity::from(Credentials::new(
            self.access_key_id.clone(),
            self.secret_access_key.clone(),
            self.session_token.clone(),
            None,
            "environment",
        ));
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(VALID_FOR);
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("rds-db")
            .time(now)
            .settings(settings)
            .build()
            .ok()?
            .into();
        let place = format!("{}:{}", self.host, self.port);
        let query = format!("Action=connect&DBUser={}", encoded(&self.user));
        let url = format!("https://{place}/?{query}");
        let request = SignableRequest::new("GET", &url, std::iter::empty(), SignableBody::Bytes(&[])).ok()?;
        let (instructions, _) = sign(request, &parameters).ok()?.into_parts();
        let mut token = format!("{place}/?{query}");
        for (name, value) in instructions.params() {
            token.push_str(&format!("&{name}={}", encoded(value)));
        }
        Some(token)
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::RootCertificates;

    fn sign_in() -> IamSignIn {
        IamSignIn {
            host: "prod-instance.us-east-1.rds.amazonaws.com".to_owned(),
            port: 3306,
            database: "appointments".to_owned(),
            user: "peccy".to_owned(),
            region: "us-east-1".to_owned(),
            access_key_id: "akid".to_owned(),
            secret_access_key: "secret".to_owned(),
            session_token: None,
            certificates: RootCertificates::Rds,
        }
    }

    fn second(second: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(second)
    }

    #[test]
    fn a_token_is_a_presigned_connect_without_its_scheme() {
        let token = sign_in().token(second(1_724_709_600)).expect("a token");
        let (head, signature) = token.rsplit_once("&X-Amz-Signature=").expect("a signature");
        assert_eq!(
            head,
            "prod-instance.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=peccy\
             &X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=akid%2F20240826%2Fus-east-1%2Frds-db%2Faws4_request\
             &X-Amz-Date=20240826T220000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host"
        );
        assert_eq!(signature.len(), 64);
    }

    #[test]
    fn a_roles_session_token_is_signed_along() {
        let role = IamSignIn {
            session_token: Some("a/b+c=".to_owned()),
            ..sign_in()
        };
        let token = role.token(second(1_724_709_600)).expect("a token");
        assert!(token.contains("&X-Amz-Security-Token=a%2Fb%2Bc%3D"), "{token}");
    }

    #[test]
    fn every_token_is_signed_anew() {
        let sign_in = sign_in();
        assert_ne!(sign_in.token(second(0)), sign_in.token(second(1)));
        assert!(RENEW_AFTER < VALID_FOR);
    }

    #[test]
    fn no_key_is_in_debug_output() {
        let shown = format!("{:?}", sign_in());
        assert!(shown.contains("peccy") && !shown.contains("secret"), "{shown}");
    }
}
