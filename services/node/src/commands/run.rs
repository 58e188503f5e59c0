//! `waybill run`: a whole node in one process; and one of its services alone.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use waybill_domain::{SharedClock, SharedEntropy};
use waybill_runtime::lifecycle::shut_down_on_signals;
use waybill_runtime::settings::{Loaded, Settings};
use waybill_runtime::{Shutdown, SystemClock, SystemEntropy, TaskGroup, start_telemetry};

use super::load;
use crate::admin::Admin;
use crate::cli::SettingsSource;
use crate::node::{Node, Part, Stopped, Waiting};

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
    tell_notes(&loaded);
    let tasks = TaskGroup::new(Shutdown::new(GRACE));
    shut_down_on_signals(tasks.shutdown()).context("signals cannot be listened for")?;
    let (clock, entropy) = (SystemClock::shared(), SystemEntropy::shared());
    let waiting = Waiting::default();
    let service = if let [part] = parts { part.name() } else { "run" };
    let settings = loaded.settings;
    let admin = Admin::open(&settings.admin, service, &clock, &entropy, &tasks, &waiting).await?;
    let ended = live(settings, parts, clock, entropy, &tasks, &waiting, &admin).await;
    tasks.shutdown().begin();
    let failed = tasks.wait().await;
    admin.close().await;
    match ended {
        Err(error) if error.is::<Stopped>() => tracing::info!("stopped before it was ready"),
        ended => ended?,
    }
    Ok(failed?)
}

/// The node from opening to its end.
async fn live(
    settings: Settings,
    parts: &[Part],
    clock: SharedClock,
    entropy: SharedEntropy,
    tasks: &TaskGroup,
    waiting: &Waiting,
    admin: &Admin,
) -> anyhow::Result<()> {
    let opening = Node::open(settings, parts, clock, entropy, tasks.clone(), waiting);
    let node = tokio::select! {
        node = opening => node?,
        // Whatever it waits for: nothing was begun.
        () = tasks.shutdown().requested() => bail!(Stopped),
    };
    admin.show(node.context());
    let text = |address: Option<SocketAddr>| address.map(|address| address.to_string());
    let (ingress, listener) = (text(node.ingress()), text(node.listener()));
    tracing::info!(vasp = %node.vasp_id(), ingress, listener, admin = text(admin.address()), "ready");
    println!("ready");
    Ok(node.run().await?)
}

fn tell_notes(loaded: &Loaded) {
    for note in &loaded.notes {
        match note.is_warning() {
            true => tracing::warn!("{note}"),
            false => tracing::info!("{note}"),
        }
    }
}
