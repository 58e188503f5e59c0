//! Starts KYT.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome, RequestHandler};
use waybill_context::SharedContext;
use waybill_domain::{Fault, codes};
use waybill_jobs::{RegisterKyt, ScreenTransfer, ScreeningAnswer};
use waybill_store::StoreError;
use waybill_vendors::{PollOptions, poll};

use super::command::Screener;
use super::poll::Looker;
use super::request::Registrar;
use super::service::Kyt;

/// Commands only write a row.
const COMMANDS: u32 = 4;
const KEY: &str = "chainalysis.kyt_api_key";

/// Takes over requests and commands, and polls. Without a key, says so to whoever asks; rows wait for one.
pub(crate) fn start(ctx: &SharedContext) {
    let concurrency = ctx.settings.chainalysis.kyt_concurrency;
    let Some(kyt) = Kyt::of(ctx).map(Arc::new) else {
        ctx.bus.serve(NoKey, concurrency);
        ctx.bus.work(NoKey, COMMANDS);
        return;
    };
    let options = PollOptions { concurrency, chunk: 1, lease: kyt.lease(), ..PollOptions::default() };
    let poller = poll(ctx, "kyt poller", Arc::new(Looker(Arc::clone(&kyt))), options);
    ctx.bus.serve(Registrar { kyt: Arc::clone(&kyt), poller: poller.clone() }, concurrency);
    ctx.bus.work(Screener { kyt, poller }, COMMANDS);
}

/// In place of KYT while the settings have no key.
struct NoKey;

#[async_trait]
impl RequestHandler<RegisterKyt> for NoKey {
    async fn answer(&self, _: RegisterKyt) -> Result<ScreeningAnswer, Fault> {
        Err(codes::screening_not_configured(KEY))
    }
}

#[async_trait]
impl CommandHandler<ScreenTransfer> for NoKey {
    async fn handle(&self, command: ScreenTransfer, _: &Claim) -> Result<Outcome, StoreError> {
        tracing::warn!(uuid = %command.verification_uuid, setting = KEY, "not screened: the setting is missing");
        Ok(Outcome::Done)
    }
}
