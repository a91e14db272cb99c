//! From a template to a running system, and its end.

mod error;

pub use error::StartError;

use std::collections::BTreeMap;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use infra_synth_cfn::Template;
use schedule_core::domain::Country;
use schedule_mysql::{MySqlCountryDatabase, MySqlOptions};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::access::{Access, Caller, DatabaseServer};
use crate::cloud::Cloud;
use crate::control::{self, Operations};
use crate::evaluate::Environment;
use crate::event_source::EventSource;
use crate::functions::Composition;
use crate::gateway::Gateway;
use crate::model::{self, Authorizer, Model, Route, RouteAuthorization};
use crate::parameters;
use crate::queue::Queue;
use crate::runtime::{Handler, Runtime};
use crate::schedule::ScheduledCall;
use crate::store::{Space, Store, StoreError, key};
use crate::token::{DevelopmentKey, KeySet, TokenVerifier};

/// How often queues drop what is past its retention.
const RETENTION_SWEEP: std::time::Duration = std::time::Duration::from_secs(3600);

/// How long requests in hand may take to be answered once the system is told to stop.
const LAST_ANSWERS: std::time::Duration = std::time::Duration::from_secs(3);

/// Where the state is kept.
#[derive(Debug, Clone)]
pub enum DataLocation {
    /// A folder, which survives a restart.
    Folder(PathBuf),
    /// Memory, which does not.
    Memory,
}

/// What to run and where.
pub struct Options {
    /// The address of the HTTP API; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the state is kept.
    pub data: DataLocation,
    /// `mysql://user:password@host:port/database` for the country tables; embedded ones without it.
    pub mysql_url: Option<String>,
    /// Values of the template's parameters. Those of AWS's own network types may be left out.
    pub parameters: BTreeMap<String, String>,
    /// The account and region to pretend to be in.
    pub environment: Environment,
    /// The country databases' server, which exists outside the template.
    pub database: DatabaseServer,
    /// A JWKS file with the keys of whoever signs tokens; without it a development key in the data folder does.
    pub jwks: Option<PathBuf>,
    /// Code that runs in place of a function's own, by the value of its code key.
    pub handlers: BTreeMap<String, Arc<dyn Handler>>,
}

impl Options {
    /// A system in memory on a free port of the loopback address, with the template's parameters.
    #[must_use]
    pub fn in_memory(parameters: BTreeMap<String, String>, database: DatabaseServer) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: DataLocation::Memory,
            mysql_url: None,
            parameters,
            environment: Environment::default(),
            database,
            jwks: None,
            handlers: BTreeMap::new(),
        }
    }
}

/// A running system.
pub struct Running {
    address: SocketAddr,
    issuer: Option<String>,
    pub(crate) cloud: Arc<Cloud>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    sources: JoinSet<()>,
}

impl Running {
    /// The address that the HTTP API listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whose tokens the API takes; `None` where anyone may call it.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The bodies of the messages in a queue, visible or not, oldest first; `None` if there is no such queue.
    ///
    /// # Errors
    ///
    /// When the data folder cannot be read.
    pub fn messages(&self, queue_name: &str) -> Result<Option<Vec<String>>, StoreError> {
        let queue = self.cloud.queues().find(|queue| queue.config.name == queue_name);
        let messages = queue.map(|queue| queue.messages()).transpose()?;
        Ok(messages.map(|messages| messages.into_iter().map(|message| message.body).collect()))
    }

    /// The rows of an embedded country table by their key; none when the tables are on a real MySQL.
    ///
    /// # Errors
    ///
    /// When the data folder cannot be read.
    pub fn rows(&self, table_name: &str) -> Result<Vec<serde_json::Value>, StoreError> {
        let rows = self.cloud.store.scan(Space::Rows, &key(&[table_name]))?;
        Ok(rows
            .iter()
            .filter_map(|(_, row)| serde_json::from_slice(row).ok())
            .collect())
    }

    /// Waits until the system cannot go on, which it may never do; the reason.
    pub async fn failed(&self) -> String {
        self.cloud.failed().await
    }

    /// Takes no more requests, finishes what is in hand and closes the data folder.
    ///
    /// # Errors
    ///
    /// When what is in hand cannot be made durable.
    pub async fn stop(mut self) -> Result<(), StoreError> {
        self.stop.send_replace(true);
        // A client that sends half a request and waits does not hold the end up.
        let _ = tokio::time::timeout(LAST_ANSWERS, &mut self.server).await;
        self.server.abort();
        while self.sources.join_next().await.is_some() {}
        self.cloud.store.durable().await
    }
}

/// Reads the template, wires it and starts it.
///
/// # Errors
///
/// When the template asks for what cannot be honoured, or the folder, the address or the database cannot be used.
pub async fn start(template: &Template, mut options: Options) -> Result<Running, StartError> {
    options.parameters = parameters::complete(&template.to_value(), &options.parameters);
    let mut model =
        Model::read(template, &options.parameters, &options.environment).map_err(StartError::Refused)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|source| StartError::Listen {
            address: options.listen,
            source,
        })?;
    let address = listener.local_addr().map_err(|source| StartError::Listen {
        address: options.listen,
        source,
    })?;
    let store = Arc::new(match &options.data {
        DataLocation::Folder(path) => Store::on_disk(path.clone())?,
        DataLocation::Memory => Store::in_memory(),
    });
    let cloud = Arc::new(Cloud::open(
        &mut model,
        Arc::clone(&store),
        options.environment.clone(),
        options.database.clone(),
    )?);
    let mysql = match &options.mysql_url {
        Some(url) => Some(prepare_mysql(url).await?),
        None => None,
    };
    let functions = run_functions(template, &model, &cloud, &options, mysql.as_ref())?;
    let (stop, stopped) = watch::channel(false);
    let mut sources = event_sources(template, &model, &cloud, &functions, &options, &stopped)?;
    let runtime = |arn: &str| functions.get(arn).map(|(runtime, _)| runtime.clone());
    for call in ScheduledCall::all(&model, &cloud, runtime) {
        sources.spawn(call.run(stopped.clone()));
    }
    sources.spawn(sweep(cloud.queues().cloned().collect(), stopped.clone()));
    let resolved = model::resolved(template, &options.parameters, &options.environment);
    let operations = Operations::new(&resolved, &model, &cloud, mysql.as_ref());
    control::serve(&mut sources, &options.data, operations, stopped.clone());
    let server = serve(listener, &model, &cloud, &functions, &options, stopped)?;
    let issuer = authorizer(&model).map(|authorizer| authorizer.issuer.clone());
    Ok(Running {
        address,
        issuer,
        cloud,
        stop,
        server,
        sources,
    })
}

/// A function's runtime and the identity that it calls with, by ARN.
type Functions = BTreeMap<String, (Runtime, Caller)>;

fn run_functions(
    template: &Template,
    model: &Model,
    cloud: &Arc<Cloud>,
    options: &Options,
    mysql: Option<&MySqlOptions>,
) -> Result<Functions, StartError> {
    let mut functions = Functions::new();
    for function in &model.functions {
        let caller = Access::caller(model, function);
        let handler = match options.handlers.get(&function.code) {
            Some(handler) => Arc::clone(handler),
            None => {
                let composition = Composition {
                    cloud,
                    function,
                    caller: caller.clone(),
                    mysql,
                };
                composition.handler().map_err(|reason| StartError::Function {
                    function: function.name.clone(),
                    declared_at: template.source_of(&function.logical_id).map(ToString::to_string),
                    reason,
                })?
            }
        };
        let runtime = Runtime {
            name: function.name.clone(),
            arn: function.arn.clone(),
            timeout: function.timeout,
            handler,
        };
        functions.insert(function.arn.clone(), (runtime, caller));
    }
    Ok(functions)
}

/// Makes the country tables where they are absent.
async fn prepare_mysql(url: &str) -> Result<MySqlOptions, StartError> {
    let failed = |source: Box<dyn Error + Send + Sync>| StartError::Database { source };
    let options = MySqlOptions::from_url(url).map_err(|error| failed(error.into()))?;
    for country in Country::ALL {
        let database = MySqlCountryDatabase::new(&options, country);
        let made = database.create_tables_if_absent().await;
        database.close().await;
        made.map_err(|error| failed(error.into()))?;
    }
    Ok(options)
}

fn event_sources(
    template: &Template,
    model: &Model,
    cloud: &Arc<Cloud>,
    functions: &Functions,
    options: &Options,
    stopped: &watch::Receiver<bool>,
) -> Result<JoinSet<()>, StartError> {
    let mut sources = Vec::new();
    for mapping in &model.mappings {
        let function = model
            .function(&mapping.function_name)
            .and_then(|function| functions.get(&function.arn));
        let (Some((runtime, caller)), Some(queue)) = (function, cloud.queue(&mapping.queue_arn)) else {
            continue;
        };
        let source = EventSource {
            cloud: Arc::clone(cloud),
            queue: Arc::clone(queue),
            runtime: runtime.clone(),
            caller: caller.clone(),
            batch_size: mapping.batch_size,
            batching_window: mapping.batching_window,
            concurrency: mapping.concurrency,
            reports_item_failures: mapping.reports_item_failures,
            region: options.environment.region.clone(),
        };
        source.check_permissions().map_err(|reason| StartError::Mapping {
            mapping: mapping.logical_id.clone(),
            declared_at: template.source_of(&mapping.logical_id).map(ToString::to_string),
            reason,
        })?;
        sources.push(source);
    }
    let mut tasks = JoinSet::new();
    for source in sources {
        tasks.spawn(source.run(stopped.clone()));
    }
    Ok(tasks)
}

fn serve(
    listener: TcpListener,
    model: &Model,
    cloud: &Arc<Cloud>,
    functions: &Functions,
    options: &Options,
    mut stopped: watch::Receiver<bool>,
) -> Result<JoinHandle<()>, StartError> {
    let Some(api) = &model.api else {
        return Err(StartError::Api(
            "the template has no HTTP API, so there is nothing to serve".to_owned(),
        ));
    };
    let runtime = |arn: &str| functions.get(arn).map(|(runtime, _)| runtime.clone());
    let verifier = verifier(model, options)?;
    let gateway = Gateway::new(
        api,
        model,
        Arc::clone(cloud),
        &options.environment,
        verifier,
        runtime,
    )
    .map_err(StartError::Api)?;
    let service = gateway
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    Ok(tokio::spawn(async move {
        let stopping = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        if let Err(error) = axum::serve(listener, service)
            .with_graceful_shutdown(stopping)
            .await
        {
            tracing::error!(%error, "the HTTP API has ended");
        }
    }))
}

/// The authorizer, where a route asks for one.
fn authorizer(model: &Model) -> Option<&Authorizer> {
    let api = model.api.as_ref()?;
    let asks = |route: &Route| route.authorization != RouteAuthorization::Anyone;
    api.authorizer.as_ref().filter(|_| api.routes.iter().any(asks))
}

/// What checks tokens; a key of one's own is made only where it is needed.
fn verifier(model: &Model, options: &Options) -> Result<Option<TokenVerifier>, StartError> {
    let Some(authorizer) = authorizer(model) else {
        return Ok(None);
    };
    let keys = match (&options.jwks, &options.data) {
        (Some(file), _) => KeySet::read(file)?,
        (None, DataLocation::Folder(folder)) => KeySet::read(&DevelopmentKey::key_set_of(folder)?)?,
        (None, DataLocation::Memory) => return Err(StartError::NoKeys),
    };
    let verifier = TokenVerifier::new(&authorizer.issuer, &authorizer.audience, keys);
    Ok(Some(verifier))
}

/// Drops what is past its retention, now and every hour.
async fn sweep(queues: Vec<Arc<Queue>>, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(RETENTION_SWEEP);
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            _ = ticks.tick() => {}
        }
        for queue in &queues {
            if let Err(error) = queue.drop_expired() {
                tracing::error!(queue = %queue.config.name, %error, "old messages cannot be dropped");
            }
        }
    }
}
