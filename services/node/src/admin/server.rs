//! Opening and closing the port. It is there before the node, and until after it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use waybill_context::SharedContext;
use waybill_domain::{SharedClock, SharedEntropy};
use waybill_metrics::Exporter;
use waybill_runtime::http::{Front, ServeOptions, listen, serve, with_front};
use waybill_runtime::settings::AdminSettings;
use waybill_runtime::{Shutdown, TaskGroup};

use super::gauges::Gauges;
use super::routes::routes;
use super::status::Status;
use crate::node::Waiting;

/// Probes and scrapers are few; whoever else reaches the port must not get far.
const OPTIONS: ServeOptions = ServeOptions { header_timeout: Duration::from_secs(5), max_connections: 64 };
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// What was measured is folded so often, scraped or not.
const TIDY: Duration = Duration::from_secs(5);
/// For those who are being answered when the process ends.
const GRACE: Duration = Duration::from_secs(1);

/// The port of a process, where the settings name one.
pub struct Admin(Option<Open>);

struct Open {
    status: Arc<Status>,
    serving: JoinHandle<()>,
    closing: Shutdown,
    address: Option<SocketAddr>,
}

impl Admin {
    /// Listens, and answers that the process is not ready.
    pub async fn open(
        settings: &AdminSettings,
        service: &'static str,
        clock: &SharedClock,
        entropy: &SharedEntropy,
        tasks: &TaskGroup,
        waiting: &Waiting,
    ) -> anyhow::Result<Self> {
        let Some(bind) = settings.bind else { return Ok(Self(None)) };
        let listener = listen(bind).await.context("the port for operators (admin.bind)")?;
        let address = listener.local_addr().ok();
        let exporter = Exporter::install()?;
        let started = clock.now().timestamp_millis() as f64 / 1000.0;
        waybill_metrics::started(started, env!("CARGO_PKG_VERSION"), service);
        tasks.spawn("metrics", tidy(exporter.clone(), tasks.shutdown().clone()));
        let status = Arc::new(Status::new(tasks.shutdown().clone(), waiting.clone()));
        let gauges = Arc::new(Gauges::new(Arc::clone(&status), exporter));
        let front = Front {
            api: "admin",
            request_timeout: REQUEST_TIMEOUT,
            continue_traces: false,
            entropy: Arc::clone(entropy),
        };
        let router = with_front(routes(Arc::clone(&status), gauges), front);
        let closing = Shutdown::new(GRACE);
        let serving = serve_until(listener, router, closing.clone());
        let serving = tokio::spawn(tasks.watch("port for operators", closing.token(), serving));
        tracing::info!(admin = %bind, "probes and metrics are served");
        Ok(Self(Some(Open { status, serving, closing, address })))
    }

    /// The node is open: from now on it is asked.
    pub fn show(&self, node: &SharedContext) {
        if let Some(open) = &self.0 {
            open.status.set_node(node);
        }
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.0.as_ref()?.address
    }

    /// Answers until here.
    pub async fn close(self) {
        let Some(open) = self.0 else { return };
        open.closing.begin();
        // A panic was told by whoever watches the task.
        let _ended = open.serving.await;
    }
}

async fn serve_until(listener: TcpListener, router: axum::Router, closing: Shutdown) {
    serve(listener, router, OPTIONS, closing).await;
}

async fn tidy(exporter: Exporter, shutdown: Shutdown) {
    while !shutdown.is_requested() {
        tokio::select! {
            () = tokio::time::sleep(TIDY) => exporter.tidy(),
            () = shutdown.requested() => {}
        }
    }
}
