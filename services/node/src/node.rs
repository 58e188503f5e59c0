//! One node: opened, wired, served. The only place that knows every service.

mod bus;
pub mod database;
pub mod directory;
mod lock;
mod own_keys;
mod parts;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use waybill_context::{Context, Identity, SharedContext};
use waybill_domain::{SharedClock, SharedEntropy, VaspId};
use waybill_egress::{Egress, EgressOptions};
use waybill_keys::at_rest::{AtRest, Farewell};
use waybill_runtime::Shutdown;
use waybill_runtime::http::{ServeOptions, listen, serve};
use waybill_runtime::settings::Settings;
use waybill_store::Store;

use self::directory::Sources;
pub use self::lock::{Lock, make_private};
pub use self::parts::Part;

/// Backends keep connections open between calls; a public listener is stricter and has a setting.
const INGRESS_HEADER_TIMEOUT: Duration = Duration::from_secs(75);
const INGRESS_CONNECTIONS: usize = 4096;
/// Shorter than our own listener keeps idle connections.
const EGRESS_IDLE: Duration = Duration::from_secs(4);

/// A node, or a part of one, that is open and listens, and is not served yet.
pub struct Node {
    ctx: SharedContext,
    parts: Vec<Part>,
    sources: Sources,
    at_rest: AtRest,
    ingress: Option<TcpListener>,
    listener: Option<TcpListener>,
    _locks: Vec<Lock>,
}

impl Node {
    /// Opens the database, loads the directory, and binds the ports.
    pub async fn open(
        settings: Settings,
        parts: &[Part],
        clock: SharedClock,
        entropy: SharedEntropy,
        shutdown: Shutdown,
    ) -> anyhow::Result<Self> {
        let locks = locks(&settings)?;
        let store = database::open(&settings, &shutdown).await?;
        let (ctx, sources, at_rest) = context(settings, store, clock, entropy, shutdown).await?;
        let left = ctx.bus.take_over().await?; // the locks say that nobody else is at work under our name
        if left > 0 {
            tracing::info!(commands = left, "taken over from a run that was cut off");
        }
        let ingress = match parts.contains(&Part::Ingress) {
            false => None,
            true => {
                waybill_ingress::may_bind(&ctx, ctx.settings.ingress.bind).await?;
                Some(listen(ctx.settings.ingress.bind).await.context("the private API (ingress.bind)")?)
            }
        };
        let listener = match parts.contains(&Part::Counterparty) {
            false => None,
            true => Some(
                listen(ctx.settings.listener.bind).await.context("the public listener (listener.bind)")?,
            ),
        };
        let parts = parts.to_vec();
        Ok(Self { ctx, parts, sources, at_rest, ingress, listener, _locks: locks })
    }

    /// The VASP it speaks for.
    pub fn vasp_id(&self) -> VaspId {
        self.ctx.own_id
    }

    /// Where the private API listens, if it is among the parts.
    pub fn ingress(&self) -> Option<SocketAddr> {
        self.ingress.as_ref()?.local_addr().ok()
    }

    /// Where other nodes reach it, if that is among the parts.
    pub fn listener(&self) -> Option<SocketAddr> {
        self.listener.as_ref()?.local_addr().ok()
    }

    /// Serves until the shutdown is requested, then finishes what was begun and closes the database.
    pub async fn run(self) {
        let ctx = self.ctx;
        let shutdown = ctx.shutdown.clone();
        let farewell = start_services(&ctx, &self.parts, self.at_rest);
        let refresh = tokio::spawn(directory::keep_current(Arc::clone(&ctx), self.sources));
        tokio::join!(serve_ingress(&ctx, self.ingress), serve_listener(&ctx, self.listener));
        shutdown.requested().await;
        refresh.abort();
        tokio::select! {
            () = ctx.bus.drain() => {}
            () = shutdown.overdue() => tracing::warn!("work in hand is cut off; it is done at the next start"),
        }
        farewell.say().await;
        ctx.store.close().await;
    }
}

async fn serve_ingress(ctx: &SharedContext, listener: Option<TcpListener>) {
    let Some(listener) = listener else { return };
    let options =
        ServeOptions { header_timeout: INGRESS_HEADER_TIMEOUT, max_connections: INGRESS_CONNECTIONS };
    let router = waybill_ingress::router(ctx, crate::commands::openapi::webhooks());
    serve(listener, router, options, ctx.shutdown.clone()).await;
}

async fn serve_listener(ctx: &SharedContext, listener: Option<TcpListener>) {
    let Some(listener) = listener else { return };
    let options = ServeOptions {
        header_timeout: ctx.settings.listener.header_timeout,
        max_connections: ctx.settings.listener.max_connections,
    };
    serve(listener, waybill_counterparty::router(ctx), options, ctx.shutdown.clone()).await;
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
    shutdown: Shutdown,
) -> anyhow::Result<(SharedContext, Sources, AtRest)> {
    let identity =
        Identity::of(&settings.identity).map_err(|(name, error)| anyhow::Error::new(error).context(name))?;
    let egress = Egress::new(egress_options(&settings), Arc::clone(&clock), Arc::clone(&entropy))?;
    let sources = Sources::of(&settings)?;
    let (vault, at_rest) =
        AtRest::open(&settings, &store, &egress, Arc::clone(&entropy), clock.now()).await?;
    let directory = directory::load_first(&sources, &settings, &store, &egress, clock.now()).await?;
    let bus = bus::open(&settings, &store, at_rest.node_name(), &clock, &entropy);
    let ctx = Context {
        own_id: settings.node.vasp_id,
        vault,
        settings,
        clock,
        entropy,
        store,
        bus,
        egress,
        directory,
        identity,
        shutdown,
    };
    Ok((Arc::new(ctx), sources, at_rest))
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
