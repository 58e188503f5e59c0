//! The two nodes and the sandbox, running in this process.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use waybill_runtime::http::listen;
use waybill_runtime::{Shutdown, SystemClock, SystemEntropy, TaskGroup};
use waybill_sandbox::{Options, Sandbox, Token, VendorKeys, VendorLimits, Vendors};

use super::ports::Ports;
use super::secrets::VendorSecrets;
use super::state::{State, Vasp};
use super::vasp::WORLD_CHECK_GROUP;
use crate::node::{Node, Part, Waiting};

/// Starts everything; the tasks end with `shutdown`.
pub async fn start(state: &State, ports: Ports, shutdown: &Shutdown) -> anyhow::Result<TaskGroup> {
    let (sandbox, listener) = open_sandbox(state, ports).await?;
    let robot = open_node(&state.robot, shutdown).await.context("the robot's node").map_err(ports_hint)?;
    let ours = open_node(&state.ours, shutdown).await.context("our node").map_err(ports_hint)?;

    let tasks = TaskGroup::new(shutdown.clone());
    let (nodes_stopped, stop) = oneshot::channel::<()>();
    tasks.spawn("sandbox", waybill_sandbox::run(sandbox, listener, async move { drop(stop.await) }));
    tasks.spawn("nodes", async move {
        let (robot, ours) = tokio::join!(robot.run(), ours.run());
        drop(nodes_stopped); // until then they may ask their backends
        robot.and(ours)
    });
    Ok(tasks)
}

async fn open_node(vasp: &Vasp, shutdown: &Shutdown) -> anyhow::Result<Node> {
    let (settings, tasks) = (vasp.settings.clone(), TaskGroup::new(shutdown.clone()));
    Node::open(
        settings,
        &Part::ALL,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
        tasks,
        &Waiting::default(),
    )
    .await
}

async fn open_sandbox(state: &State, ports: Ports) -> anyhow::Result<(Sandbox, TcpListener)> {
    let token = |vasp: &Vasp| Token::bearer(vasp.secrets.backend_token.clone());
    let mut options = Options::new(Arc::new(SystemClock), token(&state.ours), token(&state.robot));
    options.vendors = Some(vendors(&state.vendors));
    let sandbox = Sandbox::open(state.folder.join("sandbox"), options)?;
    let listener = listen(ports.sandbox()).await.context("the sandbox").map_err(ports_hint)?;
    Ok((sandbox, listener))
}

/// Both nodes are customers of the same vendors, with the same keys: what they may do is that of two.
fn vendors(secrets: &VendorSecrets) -> Vendors {
    let keys = VendorKeys {
        kyt_key: secrets.kyt_key.clone(),
        sanction_key: secrets.sanction_key.clone(),
        wc_key: secrets.world_check_key.clone(),
        wc_secret: secrets.world_check_secret.clone(),
        group_id: WORLD_CHECK_GROUP.to_owned(),
    };
    let VendorLimits { kyt_per_second, sanction_per_five_minutes, wc_per_second, wc_screenings_per_hour } =
        VendorLimits::default();
    let twice = |limit: Option<u32>| limit.map(|limit| 2 * limit);
    let limits = VendorLimits {
        kyt_per_second: twice(kyt_per_second),
        sanction_per_five_minutes: twice(sanction_per_five_minutes),
        wc_per_second: twice(wc_per_second),
        wc_screenings_per_hour: twice(wc_screenings_per_hour),
    };
    Vendors { limits, ..Vendors::new(keys) }
}

/// A taken port has a remedy: `--port-base`.
pub fn ports_hint(error: anyhow::Error) -> anyhow::Error {
    let taken = error.chain().any(|cause| cause.to_string().contains("is using the port"));
    if taken { anyhow::anyhow!("{error:#}\nStop it, or move all ports with --port-base N.") } else { error }
}
