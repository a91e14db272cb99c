use std::{fmt, sync::Arc};

use aws_sdk_secretsmanager::{Client, config::Builder};
use schedule_core::ports::{CursorKey, CursorSecret, PortError, PortErrorKind};
use tokio::sync::OnceCell;

use crate::{clients::AwsClients, fault, settings::Service};

const GET_SECRET_VALUE: &str = "GetSecretValue";

/// The secret of the cursors in Secrets Manager. Made once a process; asked for once, when the first cursor comes.
///
/// A secret that is replaced there holds here from the next process on; cursors of the one before are then stale.
#[derive(Clone)]
pub struct SecretsManagerCursorSecret {
    client: Client,
    secret_arn: String,
    key: Arc<OnceCell<CursorKey>>,
}

impl SecretsManagerCursorSecret {
    /// The secret of this ARN. Nothing is connected yet.
    #[must_use]
    pub fn new(clients: &AwsClients, secret_arn: impl Into<String>) -> Self {
        let (config, endpoint) = clients.service(Service::SecretsManager);
        let mut builder = Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self {
            client: Client::from_conf(builder.build()),
            secret_arn: secret_arn.into(),
            key: Arc::default(),
        }
    }

    async fn read(&self) -> Result<CursorKey, PortError> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(&self.secret_arn)
            .send()
            .await;
        let answer = answer.map_err(|error| fault::from_sdk(GET_SECRET_VALUE, &error))?;
        let text = answer.secret_string.unwrap_or_default();
        CursorKey::new(text.as_bytes()).ok_or_else(|| {
            let message = format!("the secret is no text of {} bytes or more", CursorKey::MIN_BYTES);
            PortError::new(PortErrorKind::Invalid, GET_SECRET_VALUE, message)
        })
    }
}

impl fmt::Debug for SecretsManagerCursorSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SecretsManagerCursorSecret")
            .field("secret_arn", &self.secret_arn)
            .finish_non_exhaustive()
    }
}

impl CursorSecret for SecretsManagerCursorSecret {
    async fn cursor_key(&self) -> Result<CursorKey, PortError> {
        self.key.get_or_try_init(|| self.read()).await.cloned()
    }
}
