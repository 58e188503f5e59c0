//! Handles [`ScreenTransfer`]: takes the risk assessment on, and leaves the vendor to the poller.
//!
//! A rule may want it when the verification is created: unlike a request, it does not wait for the result.

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::ScreeningOrigin;
use waybill_jobs::{Command as _, ScreenTransfer};
use waybill_store::StoreError;
use waybill_vendors::{PollerHandle, Renewed};

use super::service::Kyt;
use super::subject::subject;
use super::take_on::{Intent, Wanted, new_row, take_on};
use crate::request_id;
use crate::verification::find;

/// Screens by itself.
pub(super) struct Screener {
    pub kyt: Renewed<Kyt>,
    pub poller: PollerHandle,
}

#[async_trait]
impl CommandHandler<ScreenTransfer> for Screener {
    async fn handle(&self, command: ScreenTransfer, claim: &Claim) -> Result<Outcome, StoreError> {
        let kyt = self.kyt.get();
        let uuid = command.verification_uuid;
        let row = find(&kyt.ctx, uuid).await?;
        let Some(row) = row.filter(|row| row.is(kyt.ctx.own_id, command.role)) else {
            return Ok(Outcome::dead("no such verification of ours"));
        };
        let subject = match subject(&kyt.ctx.networks, &row, command.role, None) {
            Ok(subject) => subject,
            Err(fault) => {
                tracing::warn!(%uuid, code = %fault.code, "not screened: the verification does not say enough");
                return Ok(Outcome::Done);
            }
        };
        let wanted = Wanted {
            request_id: request_id::of_command(ScreenTransfer::KIND, claim.id()),
            verification_uuid: uuid,
            subject,
            origin: ScreeningOrigin::Automatic,
            key_id: kyt.client.credential.id.clone(),
            lease: None,
        };
        let settings = &kyt.ctx.settings;
        let intent = Intent {
            new: new_row(&kyt.ctx, wanted),
            reuse: settings.chainalysis.kyt_reuse,
            keep_for: settings.idempotency.keep,
            repeatable: None,
            claim: Some(claim.clone()),
        };
        kyt.ctx.store.write("kyt::screen", intent, |tx, intent| Box::pin(take_on(tx, intent))).await?;
        self.poller.wake();
        Ok(Outcome::Finished)
    }
}
