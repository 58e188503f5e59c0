//! One node: opened, wired, served. The only place that knows every service.

mod bus;
pub mod database;
pub mod directory;
mod lock;
mod own_keys;
mod parts;
mod replicas;
mod waiting;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::time::timeout;
use waybill_context::{Context, Identity, SharedContext, Shares};
use waybill_domain::{SharedClock, SharedEntropy, VaspId};
use waybill_egress::{Egress, EgressOptions};
use waybill_keys::at_rest::{AtRest, Farewell};
use waybill_networks::Networks;
use waybill_runtime::TaskGroup;
use waybill_runtime::http::{ServeOptions, listen, serve};
use waybill_runtime::lifecycle::TasksFailed;
use waybill_runtime::settings::Settings;
use waybill_store::tables::{kyt_results, wco_results};
use waybill_store::{Store, StoreError};

use self::directory::Sources;
pub use self::lock::{Lock, make_private};
pub use self::parts::Part;
use self::replicas::Replicas;
pub use self::waiting::{Check, Stopped, Waiting};

/// Backends keep connections open between calls; a public listener is stricter and has a setting.
const INGRESS_HEADER_TIMEOUT: Duration = Duration::from_secs(75);
const INGRESS_CONNECTIONS: usize = 4096;
/// For what is to be said when everything has stopped.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Shorter than our own listener keeps idle connections.
const EGRESS_IDLE: Duration = Duration::from_secs(4);

/// A node, or a part of one, that is open and listens, and is not served yet.
pub struct Node {
    ctx: SharedContext,
    parts: Vec<Part>,
    sources: Sources,
    at_rest: AtRest,
    replicas: Option<Replicas>,
    ingress: Option<TcpListener>,
    listener: Option<TcpListener>,
    _locks: Vec<Lock>,
}

impl Node {
    /// Opens the database, loads the directory, and binds the ports. The node's tasks belong to `tasks`.
    pub async fn open(
        settings: Settings,
        parts: &[Part],
        clock: SharedClock,
        entropy: SharedEntropy,
        tasks: TaskGroup,
        waiting: &Waiting,
    ) -> anyhow::Result<Self> {
        let locks = locks(&settings)?;
        let store = database::open(&settings, tasks.shutdown(), waiting).await?;
        waiting.reached(Check::Keyring);
        let (ctx, sources, at_rest) = context(settings, store, clock, entropy, tasks, waiting).await?;
        waiting.reached(Check::Bus);
        let replicas = replicas::join(&ctx, parts, at_rest.node_id(), waiting).await;
        let (ingress, listener) = match go_to_work(&ctx, parts).await {
            Ok(ports) => ports,
            Err(error) => {
                if let Some(replicas) = replicas {
                    replicas.withdraw().await;
                }
                return Err(error);
            }
        };
        let parts = parts.to_vec();
        Ok(Self { ctx, parts, sources, at_rest, replicas, ingress, listener, _locks: locks })
    }

    /// The VASP it speaks for.
    pub fn vasp_id(&self) -> VaspId {
        self.ctx.own_id
    }

    /// What its services share.
    pub fn context(&self) -> &SharedContext {
        &self.ctx
    }

    /// Where the private API listens, if it is among the parts.
    pub fn ingress(&self) -> Option<SocketAddr> {
        self.ingress.as_ref()?.local_addr().ok()
    }

    /// Where other nodes reach it, if that is among the parts.
    pub fn listener(&self) -> Option<SocketAddr> {
        self.listener.as_ref()?.local_addr().ok()
    }

    /// Serves until the shutdown is requested, then finishes what was begun and closes the database. A task that dies
    /// makes the shutdown begin.
    ///
    /// # Errors
    /// The tasks that died or did not stop in time.
    pub async fn run(self) -> Result<(), TasksFailed> {
        let Self { ctx, parts, sources, at_rest, replicas, ingress, listener, _locks } = self;
        let (tasks, shutdown) = (&ctx.tasks, &ctx.shutdown);
        let on_the_list = replicas.map(|replicas| replicas.start(&ctx));
        let farewell = start_services(&ctx, &parts, at_rest);
        tasks.spawn(
            "directory refresh",
            unless_stopped(&ctx, directory::keep_current(Arc::clone(&ctx), sources)),
        );
        let written = ctx.store.clone();
        tasks.spawn("database writer", unless_stopped(&ctx, async move { written.broken().await }));
        let ingress = ingress
            .map(|it| tasks.watch("private API", shutdown.token(), serve_ingress(Arc::clone(&ctx), it)));
        let listener = listener
            .map(|it| tasks.watch("public listener", shutdown.token(), serve_listener(Arc::clone(&ctx), it)));
        tokio::join!(if_any(ingress), if_any(listener));
        shutdown.requested().await;
        tokio::select! {
            () = ctx.bus.drain() => {}
            () = shutdown.overdue() => tracing::warn!("work in hand is cut off; it is done at the next start"),
        }
        if let Some(on_the_list) = on_the_list {
            on_the_list.cancel();
        }
        let ended = tasks.wait().await;
        let last_words = async {
            farewell.say().await;
            ctx.store.close().await;
        };
        if timeout(LAST_WORDS, last_words).await.is_err() {
            tracing::warn!("the database could not be closed in time");
        }
        ended
    }
}

/// Takes over what an earlier run left, and listens on the ports of the parts.
async fn go_to_work(
    ctx: &SharedContext,
    parts: &[Part],
) -> anyhow::Result<(Option<TcpListener>, Option<TcpListener>)> {
    let left = ctx.bus.take_over().await?; // the locks say that nobody else is at work under our name
    if left > 0 {
        tracing::info!(commands = left, "taken over from a run that was cut off");
    }
    if ctx.settings.database.url.is_none() {
        take_over_screenings(ctx).await?; // a file is ours alone
    }
    let ingress = match parts.contains(&Part::Ingress) {
        false => None,
        true => {
            waybill_ingress::may_bind(ctx, ctx.settings.ingress.bind).await?;
            Some(listen(ctx.settings.ingress.bind).await.context("the private API (ingress.bind)")?)
        }
    };
    let listener = match parts.contains(&Part::Counterparty) {
        false => None,
        true => {
            Some(listen(ctx.settings.listener.bind).await.context("the public listener (listener.bind)")?)
        }
    };
    Ok((ingress, listener))
}

/// Risk assessments that an earlier run was at need not wait until its leases end.
async fn take_over_screenings(ctx: &SharedContext) -> Result<(), StoreError> {
    let take_over = ctx.store.write("take_over_screenings", (), |tx, ()| {
        Box::pin(async move {
            kyt_results::take_over(tx).await?;
            wco_results::take_over(tx).await
        })
    });
    take_over.await.map(drop)
}

async fn if_any(task: Option<impl Future<Output = ()>>) {
    if let Some(task) = task {
        task.await;
    }
}

/// For tasks that may be cut off anywhere.
fn unless_stopped(
    ctx: &SharedContext,
    task: impl Future<Output = ()> + Send + 'static,
) -> impl Future<Output = ()> + Send + 'static {
    let shutdown = ctx.shutdown.clone();
    async move {
        tokio::select! {
            () = task => {}
            () = shutdown.requested() => {}
        }
    }
}

async fn serve_ingress(ctx: SharedContext, listener: TcpListener) {
    let options =
        ServeOptions { header_timeout: INGRESS_HEADER_TIMEOUT, max_connections: INGRESS_CONNECTIONS };
    let router = waybill_ingress::router(&ctx, crate::commands::openapi::webhooks());
    serve(listener, router, options, ctx.shutdown.clone()).await;
}

async fn serve_listener(ctx: SharedContext, listener: TcpListener) {
    let options = ServeOptions {
        header_timeout: ctx.settings.listener.header_timeout,
        max_connections: ctx.settings.listener.max_connections,
    };
    serve(listener, waybill_counterparty::router(&ctx), options, ctx.shutdown.clone()).await;
}

/// A file has one node at a time; on a server leases say who works on what.
fn locks(settings: &Settings) -> anyhow::Result<Vec<Lock>> {
    let mut locks = vec![Lock::folder(&settings.node.data_dir)?];
    if settings.database.url.is_none() {
        locks.push(Lock::database(&settings.database_path())?);
    }
    Ok(locks)
}

/// Every process watches the keyring and what the others leave; the rest is what it is there for.
fn start_services(ctx: &SharedContext, parts: &[Part], at_rest: AtRest) -> Farewell {
    let farewell = waybill_keys::watch_keyring(ctx, at_rest);
    ctx.bus.watch_leases();
    for part in parts {
        match part {
            Part::Ingress => {} // served
            Part::Counterparty => waybill_counterparty::start(ctx),
            Part::Keys => waybill_keys::start(ctx),
            Part::Chainalysis => waybill_chainalysis::start(ctx),
            Part::Refinitiv => waybill_refinitiv::start(ctx),
            Part::Callback => waybill_callback::start(ctx),
            Part::Relay => waybill_retention::start(ctx),
        }
    }
    farewell
}

async fn context(
    settings: Settings,
    store: Store,
    clock: SharedClock,
    entropy: SharedEntropy,
    tasks: TaskGroup,
    waiting: &Waiting,
) -> anyhow::Result<(SharedContext, Sources, AtRest)> {
    let identity =
        Identity::of(&settings.identity).map_err(|(name, error)| anyhow::Error::new(error).context(name))?;
    let egress = Egress::new(egress_options(&settings), Arc::clone(&clock), Arc::clone(&entropy))?;
    let sources = Sources::of(&settings)?;
    let networks = Arc::new(networks(&settings)?);
    let (vault, at_rest) =
        AtRest::open(&settings, &store, &egress, Arc::clone(&entropy), clock.now()).await?;
    waiting.reached(Check::Directory);
    let directory = directory::load_first(&sources, &settings, &store, &egress, clock.now()).await?;
    let bus = bus::open(&settings, &store, at_rest.node_name(), &tasks, &clock, &entropy);
    let ctx = Context {
        own_id: settings.node.vasp_id,
        vault,
        settings,
        clock,
        entropy,
        store,
        shares: Shares::default(),
        bus,
        egress,
        directory,
        networks,
        identity,
        shutdown: tasks.shutdown().clone(),
        tasks,
    };
    Ok((Arc::new(ctx), sources, at_rest))
}

fn networks(settings: &Settings) -> anyhow::Result<Networks> {
    match &settings.screening.networks_file {
        Some(path) => Networks::with_file(path).context("screening.networks_file"),
        None => Ok(Networks::default()),
    }
}

/// How the node treats those it calls.
pub fn egress_options(settings: &Settings) -> EgressOptions {
    EgressOptions {
        concurrency: settings.peers.concurrency_per_peer,
        failures_to_open: settings.peers.breaker_failures,
        open_for: settings.peers.breaker_open,
        idle_timeout: EGRESS_IDLE,
        ..EgressOptions::default()
    }
}
