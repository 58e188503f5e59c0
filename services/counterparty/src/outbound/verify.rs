//! Asks the counterparty to verify the beneficiary, again and again until it answers or the deadline passes.

use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::{KeyType, Role, VerificationResult};
use waybill_jobs::{CallbackType, VerifyCounterparty};
use waybill_protocol::SealContext;
use waybill_protocol::messages::{Sealed, VerificationAnswer};
use waybill_runtime::failpoint;
use waybill_store::StoreError;
use waybill_store::tables::verifications::VerificationRow;

use super::ending::{Ending, result_callback};
use super::judge_answer::judge;
use super::load::load;
use super::question::{Reply, ask};
use super::{UnusableAnswer, record_answer};
use crate::peers::{LONGEST_ATTEMPT, OpenError, Patience, PeerError, Peers, open_sealed};
use crate::unusable::UnusableAnswers;
use crate::{back_off, self_flow};

/// Between question and question once the peer has stored the first: its answer may have been lost on the way.
const ACCEPTED_FIRST: Duration = Duration::from_secs(15);
const ACCEPTED_LONGEST: Duration = Duration::from_secs(120);
/// So many answers that cannot be used are taken.
const TRIES: u32 = 6;
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
    Answered(Ending),
    Accepted,
    Unusable(UnusableAnswer),
    Failed(PeerError),
}

/// What follows from it.
enum Next {
    End(Ending),
    AskAgain { wait: Duration, why: String },
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
        if self.is_over(&row) {
            return self.end(&row, claim, Ending::expired()).await;
        }
        failpoint("verify.claimed");
        let attempt = self.attempt(&row).await?;
        failpoint("verify.asked");
        if self.is_over(&row) {
            return self.end(&row, claim, Ending::expired()).await; // whatever came, it came too late
        }
        match self.next(&row, claim, attempt) {
            Next::End(ending) => self.end(&row, claim, ending).await,
            Next::AskAgain { wait, why } => Ok(self.retry(&row, wait, why)),
        }
    }
}

impl Verify {
    fn is_over(&self, row: &VerificationRow) -> bool {
        self.peers.ctx.clock.now() >= row.expires_at
    }

    fn time_left(&self, row: &VerificationRow) -> Duration {
        back_off::since(self.peers.ctx.clock.now(), row.expires_at)
    }

    async fn attempt(&self, row: &VerificationRow) -> Result<Attempt, StoreError> {
        let patience = Patience::new(self.peers.patience(), self.time_left(row).min(LONGEST_ATTEMPT));
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
        let unusable = |why| Ok(Attempt::Unusable(UnusableAnswer(why)));
        let answer: VerificationAnswer = match open_sealed(&self.peers.ctx, context, sealed).await {
            Ok(answer) => answer,
            Err(OpenError::Store(error)) => return Err(error),
            Err(OpenError::UnknownKey) => return unusable("it is sealed to an unknown key"),
            Err(OpenError::Payload(_)) => return unusable("it does not open"),
            Err(OpenError::Vault(error)) => {
                tracing::error!(alarm = "sealed-value", %error, "is its key missing from the keyring?");
                return unusable("our own key does not open");
            }
        };
        let spent_key = (row.key_type == KeyType::PerVerification).then(|| sealed.key_id.clone());
        Ok(match judge(row, answer) {
            Ok(ending) => Attempt::Answered(Ending { spent_key, ..ending }),
            Err(why) => Attempt::Unusable(why),
        })
    }

    fn next(&self, row: &VerificationRow, claim: &Claim, attempt: Attempt) -> Next {
        let peer = row.beneficiary_vasp_id;
        let (age, entropy) =
            (back_off::since(claim.created_at(), self.peers.ctx.clock.now()), &*self.peers.ctx.entropy);
        let mut unusable = UnusableAnswers::so_far(claim);
        if matches!(attempt, Attempt::Unusable(_)) {
            unusable = unusable.and_one();
        }
        let error = match attempt {
            Attempt::Answered(ending) => return Next::End(ending),
            Attempt::Accepted => {
                let wait = age.clamp(ACCEPTED_FIRST, ACCEPTED_LONGEST);
                let wait = back_off::with_jitter(wait, entropy);
                return Next::AskAgain { wait, why: unusable.note("accepted") };
            }
            Attempt::Unusable(why) if unusable.reach(TRIES) => {
                tracing::warn!(%peer, %why, "not asked again");
                return Next::End(Ending::failed(PeerError::InvalidAnswer(why.0).code()));
            }
            Attempt::Unusable(why) => PeerError::InvalidAnswer(why.0),
            Attempt::Failed(error) => error,
        };
        if error.is_transient() {
            return Next::AskAgain {
                wait: back_off::after_failure(&error, age, entropy),
                why: unusable.note(&error.to_string()),
            };
        }
        tracing::warn!(%peer, %error, "not asked again");
        if error.code() == EXPIRED_VERIFICATION {
            return Next::End(Ending::expired());
        }
        // A peer that refused the only question knows nothing of it; an earlier one it may have stored.
        Next::End(Ending { gives_up: claim.attempts() > 1, ..Ending::failed(error.code()) })
    }

    /// Writes the end down, if nobody else has.
    async fn end(&self, row: &VerificationRow, claim: &Claim, ending: Ending) -> Result<Outcome, StoreError> {
        let work = (ending.seal(&self.peers.ctx, row, claim.traceparent()), claim.clone());
        let write = self.peers.ctx.store.write("verify::end", work, |tx, (ending, claim)| {
            Box::pin(async move {
                record_answer(tx, ending).await?;
                claim.finish(tx).await
            })
        });
        write.await?;
        failpoint("verify.ended");
        Ok(Outcome::Finished)
    }

    /// The answer came another way.
    async fn close(&self, row: &VerificationRow, claim: &Claim) -> Result<Outcome, StoreError> {
        if !self_flow::is_own_counterparty(row) {
            return Ok(Outcome::Done);
        }
        let (reason, message) = (row.reason.clone(), row.message_sealed.clone());
        let trace = claim.traceparent();
        let callback = result_callback(&self.peers.ctx, row.uuid, row.result, reason, message, trace);
        let work = (row.uuid, callback, claim.clone());
        let write = self.peers.ctx.store.write("verify::close", work, |tx, (uuid, callback, claim)| {
            Box::pin(async move {
                let result = CallbackType::VerificationResult;
                self_flow::add_missing_callback(tx, *uuid, result, callback).await?;
                claim.finish(tx).await
            })
        });
        write.await.map(|()| Outcome::Finished)
    }

    /// Never later than the deadline.
    fn retry(&self, row: &VerificationRow, wait: Duration, why: String) -> Outcome {
        Outcome::retry(wait.min(self.time_left(row) + AFTER_DEADLINE), why)
    }
}
