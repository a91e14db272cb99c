//! Whom the adapters trust over TLS.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::PathBuf, process::id, sync::Arc};

use rcgen::{CertificateParams, KeyPair};
use schedule_aws::{AwsClients, AwsSettings, AwsSettingsError, CallLimits, DynamoDbAppointmentTable};
use schedule_core::{
    Appointment,
    doubles::sample_id,
    ports::{AppointmentTable, PortError, PortErrorKind},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

/// A service over TLS that finds nothing, whatever it is asked; its URL and its certificate.
async fn serve() -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let names = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let certificate = names.self_signed(&key).expect("a certificate");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(
        vec![CertificateDer::from(certificate.der().to_vec())],
        PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
    );
    let acceptor = TlsAcceptor::from(Arc::new(config.expect("a configuration")));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            // One read takes the request, which is far shorter than a record of TLS.
            if stream.read(&mut [0; 16_384]).await.is_ok_and(|length| length > 0) {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                let _ = stream.write_all(answer).await;
                let _ = stream.flush().await;
                let _ = stream.shutdown().await;
            }
        }
    });
    (format!("https://localhost:{port}"), certificate.pem())
}

fn settings(url: &str, bundle: Option<&PathBuf>) -> Result<AwsSettings, AwsSettingsError> {
    AwsSettings::from_variables(|name| match name {
        "AWS_REGION" => Some("us-east-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(url.to_owned()),
        "AWS_CA_BUNDLE" => bundle.map(|path| path.display().to_string()),
        _ => None,
    })
}

async fn get(settings: AwsSettings) -> Result<Option<Appointment>, PortError> {
    let clients = AwsClients::new(settings, CallLimits::default()).expect("clients");
    let table = DynamoDbAppointmentTable::new(&clients, "appointments");
    table.get_appointment_by_id(&sample_id(1)).await
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", id()));
    fs::write(&path, text).expect("a file");
    path
}

#[tokio::test]
async fn a_service_with_a_certificate_of_the_bundle_is_called() {
    let (url, pem) = serve().await;
    let bundle = file("bundle.pem", &pem);
    let found = get(settings(&url, Some(&bundle)).expect("sound settings")).await;
    assert_eq!(found.expect("an answer"), None);
}

#[tokio::test]
async fn a_service_with_an_unknown_certificate_is_not() {
    let (url, _) = serve().await;
    let refused = get(settings(&url, None).expect("sound settings"))
        .await
        .expect_err("no trust");
    assert_eq!(refused.kind(), PortErrorKind::Unreachable);
    assert!(refused.message().contains("certificate"), "{refused}");
}

#[test]
fn a_bundle_that_does_not_read_is_refused_by_name() {
    for text in [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    ] {
        let bundle = file("broken.pem", text);
        let refused = settings("http://localhost", Some(&bundle)).expect_err("no certificates");
        assert!(
            refused.to_string().contains(&bundle.display().to_string()),
            "{refused}"
        );
    }
}
