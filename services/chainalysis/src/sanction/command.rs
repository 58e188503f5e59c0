//! Handles [`ScreenAddress`]: looks an address up until there is an answer, and tells our backend.
//!
//! A rule may want it when the verification is created: unlike a request, it does not wait for the result.

use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::ScreeningOrigin;
use waybill_jobs::{CallbackType, Command as _, ScreenAddress};
use waybill_runtime::Traceparent;
use waybill_store::StoreError;
use waybill_store::tables::commands;
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_vendors::{Renewed, STEPS, next_look};

use super::client::{NAME, SanctionError};
use super::look_up::{LookedUp, Sanctions};
use crate::callback::callback;
use crate::request_id;
use crate::verification::find;

/// Well below the lease of a command.
const LONGEST_CALL: Duration = Duration::from_secs(30);
/// After the key was refused.
const KEY_PAUSE: Duration = Duration::from_secs(300);

/// Looks addresses up by itself.
pub(super) struct AddressScreener(pub Renewed<Sanctions>);

#[async_trait]
impl CommandHandler<ScreenAddress> for AddressScreener {
    async fn handle(&self, command: ScreenAddress, claim: &Claim) -> Result<Outcome, StoreError> {
        let sanctions = self.0.get();
        let ctx = &sanctions.ctx;
        let uuid = command.verification_uuid;
        let verification = find(ctx, uuid).await?.filter(|row| row.is(ctx.own_id, command.role));
        let Some(verification) = verification else {
            return Ok(Outcome::dead("no such verification of ours"));
        };
        let request_id = request_id::of_command(ScreenAddress::KIND, claim.id());
        let within = ctx.settings.chainalysis.sanction_timeout.min(LONGEST_CALL);
        let looked_up = sanctions
            .look_up(&verification, command.role, ScreeningOrigin::Automatic, request_id, within)
            .await?;
        let LookedUp { row, error, alone } = looked_up;
        let outcome = match error {
            // What is refused for what it says is refused again.
            Some(error) if error != SanctionError::Refused && !sanctions.is_given_up(claim) => {
                Ok(sanctions.again(&error, claim))
            }
            _ => sanctions.store(row, claim).await,
        };
        drop(alone);
        outcome
    }
}

impl Sanctions {
    /// The vendor was away for longer than the settings allow.
    fn is_given_up(&self, claim: &Claim) -> bool {
        let longest = self.ctx.settings.chainalysis.sanction_error_after;
        longest.is_some_and(|longest| self.ctx.clock.now() >= claim.created_at() + longest)
    }

    fn again(&self, error: &SanctionError, claim: &Claim) -> Outcome {
        let own = next_look(claim.attempts().saturating_sub(1), &STEPS, &*self.ctx.entropy);
        let asked = match error {
            SanctionError::Vendor(error) => error.retry_after().unwrap_or_default(),
            SanctionError::Unauthorized | SanctionError::Forbidden => {
                tracing::error!(alarm = "screening", vendor = NAME, "the vendor refuses our key");
                KEY_PAUSE
            }
            SanctionError::Refused => Duration::ZERO,
        };
        Outcome::retry(own.max(asked), error.to_string())
    }

    /// The row, the callback and the end of the command, at once.
    async fn store(&self, row: SanctionResult, claim: &Claim) -> Result<Outcome, StoreError> {
        let status = row.status.as_str();
        let trace = Traceparent::current().map(|trace| trace.to_string());
        let kind = CallbackType::ChainalysisSanctionResult;
        let callback = callback(&self.ctx, kind, row.verification_uuid, &row.request_id, trace);
        let write =
            self.ctx.store.write("sanction::screened", (row, callback, claim.clone()), |tx, arguments| {
                Box::pin(async move {
                    let (row, callback, claim) = arguments;
                    if sanction_results::insert(tx, row).await? {
                        commands::insert(tx, callback).await?;
                    }
                    claim.finish(tx).await
                })
            });
        write.await?;
        waybill_metrics::screening_ended(NAME, status);
        Ok(Outcome::Finished)
    }
}
