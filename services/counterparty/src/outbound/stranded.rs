//! Ends verifications at their deadline whose command was given up: nothing else would.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use waybill_context::{Context, SharedContext};
use waybill_domain::{CommandId, Role, VerificationUuid};
use waybill_jobs::{Command as _, VerifyCounterparty};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, Stranded, StrandedPage};
use waybill_store::tables::leases;

use super::ending::Ending;
use super::load::load;
use super::{Recorded, record_answer};

const LEASE: &str = "stranded-verifications";
/// Longer than a pause and a page; a process that dies is followed by another one after it.
const LEASE_LENGTH: Duration = Duration::from_secs(60);
/// Between two rounds, or as long as between two polls of the members where that is shorter.
const PAUSE: Duration = Duration::from_secs(15);
/// Commands looked at in one go.
const PAGE: u32 = 200;
/// So many pages in one round; the next one goes on where it ended.
const PAGES: usize = 50;

/// Watches over what was given up until the shutdown; of several processes over one database, one does.
pub(crate) async fn end_stranded(ctx: SharedContext) {
    let token = ctx.request_id();
    let pause = PAUSE.min(ctx.settings.health.poll_interval);
    let mut place = None;
    while !ctx.shutdown.is_requested() {
        let round = async {
            if let Err(error) = look(&ctx, &token, &mut place).await {
                tracing::warn!(%error, "what was given up could not be looked at");
            }
            tokio::time::sleep(pause).await;
        };
        tokio::select! {
            () = round => {}
            () = ctx.shutdown.requested() => {}
        }
    }
    let release =
        ctx.store.write("stranded::release", token, |tx, token| Box::pin(leases::release(tx, LEASE, token)));
    if let Err::<(), StoreError>(error) = release.await {
        tracing::debug!(%error, "the lease ends by itself");
    }
}

/// One round, unless somebody else does it.
async fn look(ctx: &Context, token: &str, place: &mut Option<CommandId>) -> Result<(), StoreError> {
    for _ in 0..PAGES {
        if !is_ours(ctx, token).await? {
            *place = None;
            return Ok(());
        }
        let page = page(ctx, *place).await?;
        for stranded in &page.found {
            end_safely(ctx, stranded).await;
        }
        *place = page.next;
        if place.is_none() {
            return Ok(());
        }
    }
    Ok(())
}

async fn is_ours(ctx: &Context, token: &str) -> Result<bool, StoreError> {
    let lease = ctx.store.write("stranded::lease", token.to_owned(), |tx, token| {
        Box::pin(leases::acquire(tx, LEASE, token, LEASE_LENGTH))
    });
    lease.await
}

async fn page(ctx: &Context, before: Option<CommandId>) -> Result<StrandedPage, StoreError> {
    let read = ctx.store.read("stranded::page", (ctx.clock.now(), before), |tx, (now, before)| {
        Box::pin(commands::stranded(tx, VerifyCounterparty::KIND, *now, *before, PAGE))
    });
    read.await
}

/// One that cannot be ended, or that whoever handles it panics over, does not keep the others from it.
async fn end_safely(ctx: &Context, stranded: &Stranded) {
    let (command_id, verification_uuid) = (stranded.command, &stranded.verification);
    match AssertUnwindSafe(end(ctx, stranded)).catch_unwind().await {
        Ok(Ok(false)) => {}
        Ok(Ok(true)) => {
            tracing::warn!(%command_id, verification_uuid, "ended at its deadline: its command was given up");
        }
        Ok(Err(error)) if error.is_transient() => {
            tracing::warn!(%command_id, verification_uuid, %error, "not ended yet: its command was given up");
        }
        Ok(Err(error)) => {
            let alarm = "dead-letter";
            tracing::error!(alarm, %command_id, verification_uuid, %error, "it waits for ever: it cannot be ended");
        }
        Err(_panic) => {
            let alarm = "dead-letter";
            tracing::error!(alarm, %command_id, verification_uuid, "it waits for ever: ending it panicked");
        }
    }
}

/// Ends it as the command would have done; false when somebody else has, or it is not ours to end.
async fn end(ctx: &Context, stranded: &Stranded) -> Result<bool, StoreError> {
    let uuid: VerificationUuid =
        stranded.verification.parse().map_err(|_| StoreError::Unreadable("verification_uuid"))?;
    let Some(row) = load(ctx, uuid, Role::Originator).await? else { return Ok(false) };
    let ending = Ending::expired().seal(ctx, &row, stranded.traceparent.as_deref());
    let write = ctx.store.write("stranded::end", ending, |tx, ending| Box::pin(record_answer(tx, ending)));
    Ok(write.await? == Recorded::First)
}
