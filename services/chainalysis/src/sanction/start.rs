//! Starts look-ups.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome, RequestHandler};
use waybill_context::SharedContext;
use waybill_domain::{Fault, codes};
use waybill_jobs::{AskSanction, ScreenAddress, ScreeningAnswer};
use waybill_store::StoreError;

use super::client::CONCURRENCY;
use super::command::AddressScreener;
use super::look_up::Sanctions;
use super::request::SanctionRequests;

/// Automatic look-ups at a time: callers who wait go before.
const COMMANDS: u32 = 8;
const KEY: &str = "chainalysis.sanction_api_key";

/// Takes over requests and commands. Without a key, says so to whoever asks.
pub(crate) fn start(ctx: &SharedContext) {
    match Sanctions::of(ctx).map(Arc::new) {
        Some(sanctions) => {
            ctx.bus.serve(SanctionRequests(Arc::clone(&sanctions)), CONCURRENCY);
            ctx.bus.work(AddressScreener(sanctions), COMMANDS);
        }
        None => {
            ctx.bus.serve(NoKey, CONCURRENCY);
            ctx.bus.work(NoKey, COMMANDS);
        }
    }
}

/// In place of look-ups while the settings have no key.
struct NoKey;

#[async_trait]
impl RequestHandler<AskSanction> for NoKey {
    async fn answer(&self, _: AskSanction) -> Result<ScreeningAnswer, Fault> {
        Err(codes::screening_not_configured(KEY))
    }
}

#[async_trait]
impl CommandHandler<ScreenAddress> for NoKey {
    async fn handle(&self, command: ScreenAddress, _: &Claim) -> Result<Outcome, StoreError> {
        tracing::warn!(uuid = %command.verification_uuid, setting = KEY, "not screened: the setting is missing");
        Ok(Outcome::Done)
    }
}
