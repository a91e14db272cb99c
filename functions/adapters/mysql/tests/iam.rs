//! Signing in with a role's token, to a server that asks for it as RDS does.
#![cfg(feature = "iam")]
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use schedule_core::{
    Country,
    doubles::sample_appointment,
    ports::{CountryDatabase, PortError, PortErrorKind},
};
use schedule_mysql::{IamSignIn, MySqlCountryDatabase, MySqlOptions, RootCertificates};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

/// What a server offers in its greeting, by MySQL's numbers: passwords, a schema, protocol 4.1, plugins.
const CAPABILITIES: u32 = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x8_0000;
const TLS: u32 = 0x800;

/// A server's certificate, and the server's end of it.
struct Identity {
    pem: String,
    acceptor: TlsAcceptor,
}

impl Identity {
    fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let names = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        let certificate = names.self_signed(&key).expect("a certificate");
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(
            vec![CertificateDer::from(certificate.der().to_vec())],
            PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        );
        Self {
            pem: certificate.pem(),
            acceptor: TlsAcceptor::from(Arc::new(config.expect("a configuration"))),
        }
    }
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    (listener, port)
}

async fn insert(port: u16, pem: &str) -> PortError {
    let options = MySqlOptions::with_iam(IamSignIn {
        host: "localhost".to_owned(),
        port,
        database: "appointments".to_owned(),
        user: "clerk".to_owned(),
        region: "us-east-1".to_owned(),
        access_key_id: "AKIAEXAMPLE".to_owned(),
        secret_access_key: "secret".to_owned(),
        session_token: Some("session".to_owned()),
        certificates: RootCertificates::Pem(pem.as_bytes().to_vec()),
    });
    let database = MySqlCountryDatabase::new(&options.expect("sound options"), Country::PE);
    let inserted = database
        .insert_appointments(&[sample_appointment(1, Country::PE)])
        .await;
    inserted.expect_err("the server lets nobody in")
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), number: u8, payload: &[u8]) {
    let length = u32::try_from(payload.len())
        .expect("a short packet")
        .to_le_bytes();
    let mut packet = vec![length[0], length[1], length[2], number];
    packet.extend_from_slice(payload);
    stream.write_all(&packet).await.expect("the client listens");
    stream.flush().await.expect("the client listens");
}

/// The next packet's payload; none if the client goes instead.
async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut head = [0; 4];
    stream.read_exact(&mut head).await.ok()?;
    let mut payload = vec![0; u32::from_le_bytes([head[0], head[1], head[2], 0]) as usize];
    stream.read_exact(&mut payload).await.ok()?;
    Some(payload)
}

async fn greet(stream: &mut TcpStream, capabilities: u32) {
    let capabilities = capabilities.to_le_bytes();
    let mut greeting = b"\x0a8.0.40\0\x01\0\0\0saltsalt\0".to_vec();
    greeting.extend_from_slice(&capabilities[..2]);
    greeting.extend_from_slice(&[45, 2, 0]);
    greeting.extend_from_slice(&capabilities[2..]);
    greeting.extend_from_slice(&[21]);
    greeting.extend_from_slice(&[0; 10]);
    greeting.extend_from_slice(b"saltsaltsalt\0mysql_native_password\0");
    send(stream, 0, &greeting).await;
}

/// Asks one client for its password in clear text, over TLS, and refuses it; gives the password.
fn refuse_one(listener: TcpListener, acceptor: TlsAcceptor) -> JoinHandle<Option<String>> {
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        greet(&mut stream, CAPABILITIES | TLS).await;
        receive(&mut stream).await.expect("a request for TLS");
        let mut stream = acceptor.accept(stream).await.ok()?;
        receive(&mut stream).await.expect("a user");
        send(&mut stream, 3, b"\xfemysql_clear_password\0").await;
        let password = receive(&mut stream).await.expect("a password");
        send(
            &mut stream,
            5,
            b"\xff\x15\x04#28000Access denied for user 'clerk'@'localhost'",
        )
        .await;
        String::from_utf8(password).ok()
    })
}

#[tokio::test]
async fn a_server_that_has_proven_its_name_gets_a_token_that_no_error_repeats() {
    let identity = Identity::new();
    let (listener, port) = listen().await;
    let server = refuse_one(listener, identity.acceptor);
    let refused = insert(port, &identity.pem).await;
    let token = server.await.expect("a server").expect("a token");
    assert!(
        token.starts_with(&format!("localhost:{port}/?Action=connect&DBUser=clerk&")),
        "{token}"
    );
    for part in [
        "X-Amz-Expires=900",
        "rds-db",
        "X-Amz-Security-Token=session",
        "X-Amz-Signature=",
    ] {
        assert!(token.contains(part), "{part} is in {token}");
    }
    assert!(token.ends_with('\0'), "clear text ends as the protocol wants it");
    assert_eq!(refused.kind(), PortErrorKind::Denied, "{refused}");
    assert!(!format!("{refused} {refused:?}").contains("X-Amz"), "{refused}");
}

#[tokio::test]
async fn a_server_with_another_certificate_gets_no_token() {
    let (listener, port) = listen().await;
    let server = refuse_one(listener, Identity::new().acceptor);
    let refused = insert(port, &Identity::new().pem).await;
    assert_eq!(refused.kind(), PortErrorKind::Unreachable, "{refused}");
    assert_eq!(server.await.expect("a server"), None);
}

#[tokio::test]
async fn a_server_without_tls_gets_no_token() {
    let (listener, port) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        greet(&mut stream, CAPABILITIES).await;
        receive(&mut stream).await
    });
    let refused = insert(port, &Identity::new().pem).await;
    assert_eq!(refused.kind(), PortErrorKind::Unreachable, "{refused}");
    assert!(refused.message().contains("offers no TLS"), "{refused}");
    assert_eq!(server.await.expect("a server"), None);
}
