//! Starts the service.

use waybill_context::SharedContext;
use waybill_jobs::{RegisterWco, ScreenPersons};
use waybill_vendors::Unconfigured;

use crate::automatic::AutomaticScreening;
use crate::pacing::Pacing;
use crate::poll::start_polling;
use crate::request::Registration;
use crate::service::{NAME, service};

/// Commands of automatic screening at a time: each is a look into the database.
const COMMANDS: u32 = 4;
/// Registrations at a time; the vendor's limit holds them back long before.
const REGISTRATIONS: usize = 64;

/// Takes over requests to screen and the commands of automatic screening, and looks after results. Everything ends with
/// the node's shutdown. Without credentials it only says which setting is missing, and commands wait for it.
pub fn start(ctx: &SharedContext) {
    start_with(ctx, Pacing::default());
}

/// The same at another pace.
pub fn start_with(ctx: &SharedContext, pacing: Pacing) {
    match service(ctx, pacing) {
        Ok(wco) => {
            let poller = start_polling(&wco);
            ctx.bus.serve(Registration { wco: wco.clone(), poller: poller.clone() }, REGISTRATIONS);
            ctx.bus.work(AutomaticScreening { wco, poller }, COMMANDS);
        }
        Err(setting) => {
            ctx.bus.serve::<RegisterWco, _>(Unconfigured::new(NAME, setting), REGISTRATIONS);
            ctx.bus.work::<ScreenPersons, _>(Unconfigured::new(NAME, setting), COMMANDS);
        }
    }
}
