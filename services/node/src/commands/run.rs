//! `waybill run`: a whole node in one process; and one of its services alone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use waybill_runtime::lifecycle::shut_down_on_signals;
use waybill_runtime::{Shutdown, SystemClock, SystemEntropy, TaskGroup, start_telemetry};

use super::load;
use crate::cli::SettingsSource;
use crate::node::{Node, Part};

/// Time to finish what was begun; the slowest single step is a backend that takes its five seconds.
pub const GRACE: Duration = Duration::from_secs(10);

/// A whole node.
pub async fn run(source: SettingsSource) -> anyhow::Result<()> {
    run_parts(&source, &Part::ALL).await
}

/// One service; the others run in processes of their own.
pub async fn run_alone(source: SettingsSource, part: Part) -> anyhow::Result<()> {
    run_parts(&source, &[part]).await
}

async fn run_parts(source: &SettingsSource, parts: &[Part]) -> anyhow::Result<()> {
    let loaded = load(source, true)?;
    if let ([part], None) = (parts, &loaded.settings.bus.url) {
        bail!(
            "`waybill {}` is one service of a node and reaches the others over RabbitMQ: set bus.url, or use `waybill run`",
            part.name()
        );
    }
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
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let node = Node::open(loaded.settings, parts, clock, entropy, shutdown.clone()).await?;
    let text = |address: Option<SocketAddr>| address.map(|address| address.to_string());
    let (ingress, listener) = (text(node.ingress()), text(node.listener()));
    tracing::info!(vasp = %node.vasp_id(), ingress, listener, "ready");
    println!("ready");
    tasks.spawn("node", node.run());
    tasks.wait().await.map_err(anyhow::Error::from)
}
