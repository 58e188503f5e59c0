//! What is not counted as it happens but looked up when somebody asks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use waybill_context::SharedContext;
use waybill_jobs::COMMAND_KINDS;
use waybill_metrics::{Exporter, Waiting};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, Backlog};

use super::status::Status;

/// However many ask, the database and the broker are asked once in so long.
const KNOWN_FOR: Duration = Duration::from_secs(5);
/// Figures that do not come in time are those of the last time.
const PATIENCE: Duration = Duration::from_secs(4);

/// The figures of a process.
pub struct Gauges {
    status: Arc<Status>,
    exporter: Exporter,
    looked: Mutex<Option<Instant>>,
}

impl Gauges {
    pub fn new(status: Arc<Status>, exporter: Exporter) -> Self {
        Self { status, exporter, looked: Mutex::default() }
    }

    /// Everything as text.
    pub async fn text(&self) -> String {
        if let Some(node) = self.status.node() {
            self.look(&node).await;
        }
        self.exporter.render()
    }

    async fn look(&self, node: &SharedContext) {
        let mut looked = self.looked.lock().await;
        if looked.is_some_and(|at| at.elapsed() < KNOWN_FOR) {
            return;
        }
        let directory = node.directory.current();
        waybill_metrics::directory(
            directory.issued_at().timestamp() as f64,
            directory.expires_at().timestamp() as f64,
        );
        if node.bus.has_broker() {
            waybill_metrics::broker_up(node.bus.is_up());
        }
        let there = self.status.database(node).await.is_ok();
        waybill_metrics::database_up(there);
        let look = async {
            if there {
                look_at_commands(node).await;
            }
            for (kind, messages) in node.bus.queues(COMMAND_KINDS).await {
                waybill_metrics::queue_messages(kind, messages);
            }
        };
        if timeout(PATIENCE, look).await.is_err() {
            tracing::warn!("what waits could not be counted in time");
        }
        *looked = Some(Instant::now());
    }
}

async fn look_at_commands(node: &SharedContext) {
    for kind in COMMAND_KINDS {
        let backlog =
            node.store.read("commands::backlog", *kind, |tx, kind| Box::pin(commands::backlog(tx, kind)));
        match backlog.await {
            Ok(Backlog { due, delayed, overdue, oldest }) => {
                waybill_metrics::waiting(kind, Waiting { due, delayed, overdue, oldest });
            }
            Err::<_, StoreError>(error) => {
                tracing::debug!(%error, "what waits could not be counted");
                return;
            }
        }
    }
}
