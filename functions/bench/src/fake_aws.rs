//! DynamoDB, SNS and EventBridge as far as the functions call them: they agree to everything at once, so that what
//! is measured is the function.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use schedule_core::{Appointment, Country, doubles::sample_appointment};
use serde_json::{Map, Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    task::spawn_local,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use crate::http::{Connection, Request, Stream};

/// Serves on a free port; its URL. With `authority`, over TLS, and the authority's certificate is in that file.
pub(crate) async fn serve(authority: Option<&Path>) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let acceptor = authority.map(acceptor).transpose()?;
    let scheme = if acceptor.is_some() { "https" } else { "http" };
    let answers = Arc::new(Answers::new());
    spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, answers) = (acceptor.clone(), Arc::clone(&answers));
            spawn_local(async move {
                // The function was ended: nobody is left to tell.
                let _ = connection(stream, acceptor, &answers).await;
            });
        }
    });
    Ok(format!("{scheme}://localhost:{port}"))
}

async fn connection(stream: TcpStream, acceptor: Option<TlsAcceptor>, answers: &Answers) -> Result<()> {
    stream.set_nodelay(true)?;
    match acceptor {
        Some(acceptor) => answers.give(acceptor.accept(stream).await?).await,
        None => answers.give(stream).await,
    }
}

struct Answers {
    page: String,
    published: String,
}

impl Answers {
    fn new() -> Self {
        let items: Vec<_> = (1..=10)
            .map(|number| item(&sample_appointment(number, Country::PE)))
            .collect();
        Self {
            page: json!({"Count": items.len(), "ScannedCount": items.len(), "Items": items}).to_string(),
            published: "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>\
                <MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId></PublishResult><ResponseMetadata>\
                <RequestId>f187a3c1-376f-11df-8963-01868b7c937a</RequestId></ResponseMetadata></PublishResponse>"
                .to_owned(),
        }
    }

    async fn give(&self, stream: impl Stream) -> Result<()> {
        let mut connection = Connection::new(stream);
        while let Some(request) = connection.request().await? {
            let (kind, body) = self.to(&request);
            connection
                .answer(200, &format!("content-type: {kind}\r\n"), body.as_bytes())
                .await?;
        }
        Ok(())
    }

    fn to(&self, request: &Request) -> (&'static str, &str) {
        let json = "application/x-amz-json-1.0";
        match request.target.rsplit('.').next().unwrap_or_default() {
            "Query" => (json, &self.page),
            "PutEvents" => (
                "application/x-amz-json-1.1",
                r#"{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}"#,
            ),
            "PutItem" | "UpdateItem" => (json, "{}"),
            _ => ("text/xml", &self.published),
        }
    }
}

fn item(appointment: &Appointment) -> Value {
    let fields = serde_json::to_value(appointment).ok();
    let fields = fields.as_ref().and_then(Value::as_object).into_iter().flatten();
    Value::Object(
        fields
            .map(|(name, text)| (name.clone(), json!({"S": text})))
            .collect::<Map<_, _>>(),
    )
}

/// A certificate for `localhost` by an authority of its own.
fn acceptor(file: &Path) -> Result<TlsAcceptor> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // A name of its own: OpenSSL, and with it Node, takes a certificate for self-signed that is issued by its own name.
    let name = "medical-schedule bench authority";
    authority.distinguished_name.push(DnType::CommonName, name);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    std::fs::write(file, authority.pem())
        .with_context(|| format!("`{}` cannot be written", file.display()))?;
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])?.signed_by(&key, &authority)?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(
        vec![CertificateDer::from(certificate.der().to_vec())],
        PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?,
    )?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
