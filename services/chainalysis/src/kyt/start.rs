//! Starts KYT.

use std::sync::Arc;

use waybill_context::SharedContext;
use waybill_jobs::{RegisterKyt, ScreenTransfer};
use waybill_vendors::{PollOptions, Renewed, Unconfigured, poll, renewed};

use super::client::NAME;
use super::command::Screener;
use super::poll::Looker;
use super::request::Registrar;
use super::service::Kyt;
use crate::alone::Alone;

/// Commands only write a row.
const COMMANDS: u32 = 4;
const KEY: &str = "chainalysis.kyt_api_key";

/// Takes over requests and commands, and polls. Without a key, says so to whoever asks; rows and commands wait for one.
pub(crate) fn start(ctx: &SharedContext) {
    let concurrency = ctx.settings.chainalysis.kyt_concurrency;
    let Some(kyt) = kyt(ctx) else {
        ctx.bus.serve::<RegisterKyt, _>(Unconfigured::new(NAME, KEY), concurrency);
        ctx.bus.work::<ScreenTransfer, _>(Unconfigured::new(NAME, KEY), COMMANDS);
        return;
    };
    let options = PollOptions { concurrency, chunk: 1, lease: kyt.get().lease(), ..PollOptions::default() };
    let poller = poll(ctx, "kyt poller", Arc::new(Looker(kyt.clone())), options);
    ctx.bus.serve(Registrar { kyt: kyt.clone(), poller: poller.clone() }, concurrency);
    ctx.bus.work(Screener { kyt, poller }, COMMANDS);
}

fn kyt(ctx: &SharedContext) -> Option<Renewed<Kyt>> {
    let key = ctx.settings.chainalysis.kyt_api_key.clone()?;
    let (made_for, alone) = (SharedContext::clone(ctx), Alone::default());
    renewed(ctx, NAME, [(KEY, key)], move |[key]| Kyt::with(&made_for, key, alone.clone()))
}
