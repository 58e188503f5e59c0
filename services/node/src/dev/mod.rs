//! `waybill dev`: two complete VASPs on loopback. Their nodes share nothing but HTTP.

mod banner;
mod ports;
mod secrets;
mod state;
mod system;
mod vasp;

use anyhow::Context as _;
use waybill_runtime::lifecycle::shut_down_on_signals;
use waybill_runtime::{Shutdown, start_telemetry};

pub use self::ports::Ports;
pub use self::state::State;
pub use self::system::{ports_hint, start};
use crate::cli::DevOptions;
use crate::commands::GRACE;

pub async fn run(options: DevOptions) -> anyhow::Result<()> {
    let ports = Ports::from_base(options.port_base);
    let state = State::prepare(&options.folder, options.fresh, ports)?;
    start_telemetry(&state.ours.settings.telemetry)?;
    let shutdown = Shutdown::new(GRACE);
    shut_down_on_signals(&shutdown).context("signals cannot be listened for")?;
    let tasks = start(&state, ports, &shutdown).await?;
    banner::print(&state, ports);
    tasks.wait().await.map_err(anyhow::Error::from)
}
