//! Asks the counterparty to verify the beneficiary, again and again until it answers or the deadline passes.

use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::{Event, Role, VerificationResult};
use waybill_jobs::{NotifyExpiry, VerifyCounterparty};
use waybill_protocol::SealContext;
use waybill_protocol::messages::{Sealed, VerificationAnswer};
use waybill_store::StoreError;
use waybill_store::tables::commands;
use waybill_store::tables::verifications::VerificationRow;

use super::ending::Ending;
use super::judge_answer::judge;
use super::load::load;
use super::question::{Reply, ask};
use super::{Recorded, UnusableAnswer, back_off, record_answer, self_flow};
use crate::peers::{OpenError, Patience, PeerError, Peers, open_sealed};

/// Between question and question once the peer has stored the first: its answer may have been lost on the way.
const ACCEPTED_FIRST: Duration = Duration::from_secs(15);
const ACCEPTED_LONGEST: Duration = Duration::from_secs(120);
/// So often an answer that cannot be used is asked for again.
const TRIES: u32 = 6;
/// Keys and question together stay well within the lease of a command.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(40);
/// The command is due this long after the deadline, so that it does not come a moment too early.
const AFTER_DEADLINE: Duration = Duration::from_millis(5);
/// What a beneficiary's node says of a verification that expired by its clock.
const EXPIRED_VERIFICATION: &str = "EXPIRED-VERIFICATION";

/// Handles [`VerifyCounterparty`].
pub(super) struct Verify {
    pub peers: Peers,
}

/// How one attempt went.
enum Attempt {
    Ended(Ending),
    Accepted,
    Unusable(UnusableAnswer),
    Failed(PeerError),
}

#[async_trait]
impl CommandHandler<VerifyCounterparty> for Verify {
    async fn handle(&self, command: VerifyCounterparty, claim: &Claim) -> Result<Outcome, StoreError> {
        let Some(row) = load(&self.peers.ctx, command.verification_uuid, Role::Originator).await? else {
            return Ok(Outcome::dead("no such verification of ours"));
        };
        if row.result != VerificationResult::Wait {
            return self.close(&row, claim).await;
        }
        let now = self.peers.ctx.clock.now();
        if now >= row.expires_at {
            return self.end(&row, claim, Ending::expired()).await;
        }
        let age = back_off::since(claim.created_at(), now);
        match self.attempt(&row).await? {
            Attempt::Ended(ending) => self.end(&row, claim, ending).await,
            Attempt::Accepted => {
                let wait = age.clamp(ACCEPTED_FIRST, ACCEPTED_LONGEST);
                Ok(self.retry(&row, back_off::with_jitter(wait, &*self.peers.ctx.entropy), "accepted"))
            }
            Attempt::Unusable(why) if claim.attempts() < TRIES => {
                let error = PeerError::InvalidAnswer(why.0);
                tracing::warn!(peer = %row.beneficiary_vasp_id, %why, "asking again");
                Ok(self.retry_after(&row, &error, age))
            }
            Attempt::Unusable(why) => {
                let code = PeerError::InvalidAnswer(why.0).code().to_owned();
                self.end(&row, claim, Ending::failed(&code)).await
            }
            Attempt::Failed(error) if error.is_transient() => Ok(self.retry_after(&row, &error, age)),
            Attempt::Failed(error) if error.code() == EXPIRED_VERIFICATION => {
                self.end(&row, claim, Ending::expired()).await
            }
            Attempt::Failed(error) => {
                tracing::warn!(peer = %row.beneficiary_vasp_id, %error, "the verification cannot be asked");
                self.end(&row, claim, Ending::failed(error.code())).await
            }
        }
    }
}

impl Verify {
    async fn attempt(&self, row: &VerificationRow) -> Result<Attempt, StoreError> {
        let left = (row.expires_at - self.peers.ctx.clock.now()).to_std().unwrap_or(Duration::ZERO);
        let patience = Patience::new(self.peers.patience(), left.min(LONGEST_ATTEMPT));
        match ask(&self.peers, &self.peers.ctx.vault, row, patience).await {
            Ok(Reply::Accepted) => Ok(Attempt::Accepted),
            Ok(Reply::Answered(context, sealed)) => self.read(row, &context, &sealed).await,
            Err(error) => Ok(Attempt::Failed(error)),
        }
    }

    async fn read(
        &self,
        row: &VerificationRow,
        context: &SealContext,
        sealed: &Sealed,
    ) -> Result<Attempt, StoreError> {
        match open_sealed::<VerificationAnswer>(&self.peers.ctx, context, sealed).await {
            Ok(answer) => Ok(judge(row, answer).map_or_else(Attempt::Unusable, Attempt::Ended)),
            Err(OpenError::Store(error)) => Err(error),
            Err(OpenError::UnknownKey) => Ok(Attempt::Unusable(UnusableAnswer("sealed to an unknown key"))),
            Err(OpenError::Payload(_)) => Ok(Attempt::Unusable(UnusableAnswer("it does not open"))),
            Err(OpenError::Vault(error)) => {
                tracing::error!(alarm = "sealed-value", %error, "is its key missing from encryption.keys?");
                Ok(Attempt::Unusable(UnusableAnswer("our own key does not open")))
            }
        }
    }

    /// Writes the end down, if nobody else has.
    async fn end(&self, row: &VerificationRow, claim: &Claim, ending: Ending) -> Result<Outcome, StoreError> {
        let notice = (ending.event == Event::DeadlinePassed).then(|| {
            let notice = self.peers.ctx.bus.command(&NotifyExpiry { verification_uuid: row.uuid });
            notice.in_group(row.uuid).traced(claim.traceparent().map(str::to_owned))
        });
        let work = (ending.seal(&self.peers.ctx, row, claim.traceparent()), notice, claim.clone());
        let write = self.peers.ctx.store.write("verify::end", work, |tx, (ending, notice, claim)| {
            Box::pin(async move {
                let recorded = record_answer(tx, ending).await?;
                if let (Recorded::First, Some(notice)) = (recorded, notice) {
                    commands::insert(tx, notice).await?;
                }
                claim.finish(tx).await
            })
        });
        write.await.map(|()| Outcome::Finished)
    }

    /// The answer came another way.
    async fn close(&self, row: &VerificationRow, claim: &Claim) -> Result<Outcome, StoreError> {
        if !self_flow::is_own_counterparty(row) {
            return Ok(Outcome::Done);
        }
        let callback = self_flow::callback_of(&self.peers.ctx, row, claim.traceparent());
        let work = (row.clone(), callback, claim.clone());
        let write = self.peers.ctx.store.write("verify::close", work, |tx, (row, callback, claim)| {
            Box::pin(async move {
                self_flow::add_missing_callback(tx, row, callback).await?;
                claim.finish(tx).await
            })
        });
        write.await.map(|()| Outcome::Finished)
    }

    fn retry_after(&self, row: &VerificationRow, error: &PeerError, age: Duration) -> Outcome {
        self.retry(row, back_off::after_failure(error, age, &*self.peers.ctx.entropy), &error.to_string())
    }

    /// Never later than the deadline.
    fn retry(&self, row: &VerificationRow, wait: Duration, why: &str) -> Outcome {
        let left = (row.expires_at - self.peers.ctx.clock.now()).to_std().unwrap_or(Duration::ZERO);
        Outcome::retry(wait.min(left + AFTER_DEADLINE), why)
    }
}
