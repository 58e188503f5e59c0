//! `waybill run`: one node, embedded.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use waybill_runtime::lifecycle::shut_down_on_signals;
use waybill_runtime::{Shutdown, SystemClock, SystemEntropy, TaskGroup, start_telemetry};

use super::load;
use crate::cli::SettingsSource;
use crate::node::Node;

/// Time to finish what was begun; the slowest single step is a backend that takes its five seconds.
pub const GRACE: Duration = Duration::from_secs(10);

pub async fn run(source: SettingsSource) -> anyhow::Result<()> {
    let loaded = load(&source, true)?;
    start_telemetry(&loaded.settings.telemetry)?;
    for note in &loaded.notes {
        match note.is_warning() {
            true => tracing::warn!("{note}"),
            false => tracing::info!("{note}"),
        }
    }
    let shutdown = Shutdown::new(GRACE);
    let mut tasks = TaskGroup::new(shutdown.clone());
    shut_down_on_signals(&shutdown).context("signals cannot be listened for")?;
    let node =
        Node::open(loaded.settings, Arc::new(SystemClock), Arc::new(SystemEntropy), shutdown.clone()).await?;
    tracing::info!(vasp = %node.vasp_id(), ingress = %node.ingress(), listener = %node.listener(), "ready");
    println!("ready");
    tasks.spawn("node", node.run());
    tasks.wait().await.map_err(anyhow::Error::from)
}
