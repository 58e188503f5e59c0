//! Sees to the answer of a verification that was accepted: our backend is asked until it answers or the deadline
//! passes, the answer is stored, and then sent until the originator has it.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_context::SharedContext;
use waybill_domain::{Event, Role, VerificationResult, VerificationState, VerificationUuid, reason};
use waybill_jobs::AnswerVerification;
use waybill_protocol::messages::{Acknowledgement, AnswersRequest, MessageType};
use waybill_runtime::failpoint;
use waybill_store::StoreError;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::verifications::{self, Change, VerificationRow};

use super::case::Case;
use super::decision::Decision;
use crate::back_off;
use crate::backend::Backend;
use crate::peers::{PeerAnswer, PeerError, Peers, SealingKey};
use crate::self_flow;
use crate::unusable::UnusableAnswers;

/// So many answers that are nonsense or refusals are taken from the backend.
const TRIES: u32 = 3;
/// The originator gave up, and will tell us so.
const EXPIRED_VERIFICATION: &str = "EXPIRED-VERIFICATION";

/// Takes over the answers that were not given at once.
pub(crate) fn start(ctx: &SharedContext) {
    let handler =
        Answerer { peers: Peers::new(Arc::clone(ctx)), backend: Backend::of(ctx), ctx: Arc::clone(ctx) };
    let concurrency = u32::try_from(ctx.settings.peers.workers).unwrap_or(u32::MAX);
    ctx.bus.work(handler, concurrency);
}

/// Handles [`AnswerVerification`].
struct Answerer {
    ctx: SharedContext,
    peers: Peers,
    backend: Backend,
}

/// How far the answer has come.
enum Stage {
    /// Decided and stored; to be sent.
    Decided(Decision),
    /// Nothing to send now.
    Stop(Outcome),
}

#[async_trait]
impl CommandHandler<AnswerVerification> for Answerer {
    async fn handle(&self, command: AnswerVerification, claim: &Claim) -> Result<Outcome, StoreError> {
        let Some(row) = self.load(command.verification_uuid).await? else {
            return Ok(Outcome::dead("no such verification to answer"));
        };
        let stage = if row.state() == VerificationState::WAIT {
            self.decide(row.clone(), claim).await?
        } else {
            self.stored(&row, claim)
        };
        match stage {
            Stage::Decided(decision) => Ok(self.send(&row, &decision, &command, claim).await),
            Stage::Stop(outcome) => Ok(outcome),
        }
    }
}

impl Answerer {
    async fn load(&self, uuid: VerificationUuid) -> Result<Option<VerificationRow>, StoreError> {
        let find = self
            .ctx
            .store
            .read("verifications::find", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
        Ok(find.await?.filter(|row| row.is(self.ctx.own_id, Role::Beneficiary)))
    }

    /// The answer that was stored before it could be sent.
    fn stored(&self, row: &VerificationRow, claim: &Claim) -> Stage {
        if self_flow::is_own_counterparty(row) {
            return Stage::Stop(Outcome::Done); // the other side has the answer: it wrote it
        }
        match Decision::stored(&self.ctx.vault, row) {
            Ok(Some(decision)) => Stage::Decided(decision),
            Ok(None) => Stage::Stop(Outcome::Done), // expired
            Err(error) => {
                Stage::Stop(self.retry(row, claim, UnusableAnswers::so_far(claim), &error.to_string()))
            }
        }
    }

    async fn decide(&self, row: VerificationRow, claim: &Claim) -> Result<Stage, StoreError> {
        if self.ctx.clock.now() >= row.expires_at {
            return self.expire(&row, claim).await.map(Stage::Stop);
        }
        let case = match Case::open(&self.ctx.vault, row.clone()) {
            Ok(case) => case,
            Err(error) => {
                return Ok(Stage::Stop(self.retry(
                    &row,
                    claim,
                    UnusableAnswers::so_far(claim),
                    &error.to_string(),
                )));
            }
        };
        let asked = case.ask(&self.backend).await;
        failpoint("answer.decided");
        let now = self.ctx.clock.now();
        let decision = match asked {
            Ok(verdict) => Decision::of(&case, verdict, now),
            Err(error) => {
                let unusable = error.count_with(UnusableAnswers::so_far(claim));
                if !unusable.reach(TRIES) {
                    return Ok(Stage::Stop(self.retry(&row, claim, unusable, &error.to_string())));
                }
                tracing::error!(alarm = "backend", %error, "a verification ends without a decision of the backend");
                Decision::undecided(now)
            }
        };
        let record = decision.record(&self.ctx, row, claim.traceparent().map(str::to_owned));
        let write = self
            .ctx
            .store
            .write("answer::decide", record, |tx, record| Box::pin(async move { record.write(tx).await }));
        Ok(if write.await? { Stage::Decided(decision) } else { Stage::Stop(Outcome::Done) })
    }

    /// Ends our copy as the originator ends its own.
    async fn expire(&self, row: &VerificationRow, claim: &Claim) -> Result<Outcome, StoreError> {
        if self_flow::is_own_counterparty(row) {
            return Ok(Outcome::Done);
        }
        let audit = AuditEntry {
            at: self.ctx.clock.now(),
            event: "VERIFICATION-ENDED",
            actor: "node".to_owned(),
            subject: Some(row.uuid.to_string()),
            detail: json!({"result": VerificationResult::Error, "reason": reason::REQUEST_TIMEOUT}),
        };
        let work = (row.uuid, row.created_at, audit, claim.clone());
        let write = self.ctx.store.write("answer::expire", work, |tx, work| {
            Box::pin(async move {
                let (uuid, created_at, audit, claim) = work;
                let change = Change { reason: Some(reason::REQUEST_TIMEOUT.to_owned()), ..Change::default() };
                let waiting = VerificationState::WAIT;
                if verifications::advance(tx, *uuid, waiting, Event::DeadlinePassed, &change).await? {
                    audit::append(tx, audit).await?;
                    tx.note_ended(Role::Beneficiary, VerificationResult::Error, *created_at, audit.at);
                }
                claim.finish(tx).await
            })
        });
        write.await.map(|()| Outcome::Finished)
    }

    async fn send(
        &self,
        row: &VerificationRow,
        decision: &Decision,
        command: &AnswerVerification,
        claim: &Claim,
    ) -> Outcome {
        failpoint("answer.stored");
        let sent = self.try_send(row, decision, command).await;
        failpoint("answer.sent");
        match sent {
            Ok(_) => Outcome::Done,
            Err(error) if self.ctx.clock.now() >= row.expires_at => {
                tracing::warn!(%error, "the originator did not get the answer before its deadline");
                Outcome::Done // it has given up, and will tell us so
            }
            Err(error) if error.is_transient() => {
                self.retry(row, claim, UnusableAnswers::so_far(claim), &error.to_string())
            }
            Err(error) if error.code() == EXPIRED_VERIFICATION => Outcome::Done,
            // It has the answer already, or asks again with a key that it knows.
            Err(PeerError::UnknownKey) => Outcome::Done,
            Err(error) => Outcome::dead(error.code()),
        }
    }

    async fn try_send(
        &self,
        row: &VerificationRow,
        decision: &Decision,
        command: &AnswerVerification,
    ) -> Result<PeerAnswer<Acknowledgement>, PeerError> {
        let key = SealingKey::parse(command.reply_key_id.clone(), &command.reply_public_key)?;
        let draft = self.peers.draft(row.originating_vasp_id, MessageType::Answers, Some(row.uuid));
        let sealed = self.peers.seal(&draft, &key, &decision.answer(&row.payload_version))?;
        let body = AnswersRequest { verification_uuid: row.uuid, sealed };
        self.peers.send(draft, &body, self.peers.patience()).await
    }

    fn retry(&self, row: &VerificationRow, claim: &Claim, unusable: UnusableAnswers, why: &str) -> Outcome {
        Outcome::retry(back_off::before(row.expires_at, &self.ctx, claim), unusable.note(why))
    }
}
