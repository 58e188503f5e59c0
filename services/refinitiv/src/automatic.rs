//! Automatic screening: the same as a request, with nobody waiting.

use std::time::Duration;

use async_trait::async_trait;
use sha2::{Digest as _, Sha256};
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::{ScreeningOrigin, VerificationUuid};
use waybill_jobs::{Command as _, ScreenPersons};
use waybill_store::StoreError;
use waybill_vendors::{PollerHandle, Renewed};

use crate::request::{Counterparty, NAMES_TO_TRY};
use crate::service::Wco;

const A_MOMENT: Duration = Duration::from_secs(1);

/// Handles [`ScreenPersons`].
pub(crate) struct AutomaticScreening {
    pub wco: Renewed<Wco>,
    pub poller: PollerHandle,
}

#[async_trait]
impl CommandHandler<ScreenPersons> for AutomaticScreening {
    async fn handle(&self, command: ScreenPersons, claim: &Claim) -> Result<Outcome, StoreError> {
        let outcome = self.wco.get().screen_persons(&command, claim).await?;
        self.poller.wake();
        Ok(outcome)
    }
}

impl Wco {
    async fn screen_persons(&self, command: &ScreenPersons, claim: &Claim) -> Result<Outcome, StoreError> {
        let uuid = command.verification_uuid;
        let row = self.verification(uuid).await?.filter(|row| row.is(self.ctx.own_id, command.role));
        let Some(row) = row else { return Ok(Outcome::dead("no such verification of ours")) };
        let counterparty = match Counterparty::of(&self.ctx, &row, command.role, None) {
            Ok(counterparty) => counterparty,
            Err(fault) => {
                tracing::warn!(%uuid, code = %fault.code, why = %fault.message, "persons are not screened");
                return Ok(Outcome::Done);
            }
        };
        for number in 0..NAMES_TO_TRY {
            let origin = ScreeningOrigin::Automatic;
            let mut intent = self.intent(request_id(claim), uuid, &counterparty, origin, number);
            intent.request.traceparent = claim.traceparent().map(str::to_owned);
            let write = self.ctx.store.write("wco::take", (intent, claim.clone()), |tx, (intent, claim)| {
                Box::pin(async move {
                    intent.store(tx).await?;
                    claim.finish(tx).await
                })
            });
            match write.await {
                Err(StoreError::GuardLost("case_id")) => {}
                outcome => return outcome.map(|()| Outcome::Finished),
            }
        }
        Ok(Outcome::retry(A_MOMENT, "too many requests about one verification at a time"))
    }
}

/// The same for each time that a command is handed out.
fn request_id(claim: &Claim) -> String {
    let digest = Sha256::digest(format!("{} {}", ScreenPersons::KIND, claim.id()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    VerificationUuid::from_random(bytes).to_string()
}
