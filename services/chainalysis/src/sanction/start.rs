//! Starts look-ups.

use waybill_context::SharedContext;
use waybill_jobs::{AskSanction, ScreenAddress};
use waybill_vendors::{Renewed, Unconfigured, renewed};

use super::client::{CONCURRENCY, NAME};
use super::command::AddressScreener;
use super::look_up::Sanctions;
use super::request::SanctionRequests;
use crate::alone::Alone;

/// Automatic look-ups at a time: callers who wait go before.
const COMMANDS: u32 = 8;
const KEY: &str = "chainalysis.sanction_api_key";

/// Takes over requests and commands. Without a key, says so to whoever asks; commands wait for one.
pub(crate) fn start(ctx: &SharedContext) {
    match sanctions(ctx) {
        Some(sanctions) => {
            ctx.bus.serve(SanctionRequests(sanctions.clone()), CONCURRENCY);
            ctx.bus.work(AddressScreener(sanctions), COMMANDS);
        }
        None => {
            ctx.bus.serve::<AskSanction, _>(Unconfigured::new(NAME, KEY), CONCURRENCY);
            ctx.bus.work::<ScreenAddress, _>(Unconfigured::new(NAME, KEY), COMMANDS);
        }
    }
}

fn sanctions(ctx: &SharedContext) -> Option<Renewed<Sanctions>> {
    let key = ctx.settings.chainalysis.sanction_api_key.clone()?;
    let (made_for, alone) = (SharedContext::clone(ctx), Alone::default());
    renewed(ctx, NAME, [(KEY, key)], move |[key]| Sanctions::with(&made_for, key, alone.clone()))
}
