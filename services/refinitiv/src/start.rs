//! Starts the service.

use std::sync::Arc;

use waybill_context::SharedContext;

use crate::automatic::AutomaticScreening;
use crate::pacing::Pacing;
use crate::poll::start_polling;
use crate::request::{Registration, Unconfigured};
use crate::service::Wco;

/// Commands of automatic screening at a time: each is a look into the database.
const COMMANDS: u32 = 4;
/// Registrations at a time; the vendor's limit holds them back long before.
const REGISTRATIONS: usize = 64;

/// Takes over requests to screen and the commands of automatic screening, and looks after results. Everything ends with
/// the node's shutdown. Without credentials it only says which setting is missing.
pub fn start(ctx: &SharedContext) {
    start_with(ctx, Pacing::default());
}

/// The same at another pace.
pub fn start_with(ctx: &SharedContext, pacing: Pacing) {
    match Wco::new(ctx, pacing) {
        Ok(wco) => {
            let wco = Arc::new(wco);
            let poller = start_polling(&wco);
            ctx.bus.serve(Registration { wco: Arc::clone(&wco), poller: poller.clone() }, REGISTRATIONS);
            ctx.bus.work(AutomaticScreening::by(&wco, poller), COMMANDS);
        }
        Err(setting) => {
            ctx.bus.serve(Unconfigured { setting }, REGISTRATIONS);
            ctx.bus.work(AutomaticScreening::without(setting), COMMANDS);
        }
    }
}
