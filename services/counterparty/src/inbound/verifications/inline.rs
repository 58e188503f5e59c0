//! Asks our backend while the originator waits, no longer than the budget.
//!
//! Whatever happens to this request, the command is there: it is finished with the answer, or given to a worker.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use waybill_bus::Claim;
use waybill_context::Context;
use waybill_domain::{Fault, codes};
use waybill_runtime::{Traceparent, failpoint};
use waybill_store::StoreError;
use waybill_store::tables::verifications;

use super::super::case::Case;
use super::super::decision::Decision;
use super::super::{Handled, Listener, Message, Reply, faults, seen, trace};
use super::question::Question;
use super::repeat::answered;
use crate::back_off;
use crate::backend::{BackendError, BackendVerdict};
use crate::unusable::UnusableAnswers;

type Outcome = Result<BackendVerdict, BackendError>;

pub(super) async fn answer(
    listener: &Arc<Listener>,
    message: &Message,
    question: &Question,
    claim: Claim,
) -> Handled {
    let case = Arc::new(open(listener, question).await?);
    let (send, mut answered) = oneshot::channel();
    let asking = ask(Arc::clone(listener), Arc::clone(&case), claim.clone(), send);
    match Traceparent::current() {
        Some(trace) => tokio::spawn(trace.scope(asking)),
        None => tokio::spawn(asking),
    };
    let budget = listener.ctx.settings.listener.inline_answer_budget;
    let outcome = match timeout(budget, &mut answered).await {
        Ok(outcome) => outcome.ok(),
        Err(_) => {
            answered.close(); // from here on the task sees to it; or it was quicker than that
            answered.try_recv().ok()
        }
    };
    match outcome {
        Some(Ok(verdict)) => {
            let decision = Decision::of(&case, verdict, listener.ctx.clock.now());
            in_time(listener, message, question, &case, &decision, claim).await
        }
        Some(Err(error)) => {
            release(&listener.ctx, &case, claim, error).await;
            question.accepted()
        }
        None => question.accepted(),
    }
}

/// The question as it was stored.
async fn open(listener: &Listener, question: &Question) -> Result<Case, Fault> {
    let uuid = question.asked.verification_uuid;
    let find = listener
        .ctx
        .store
        .read("verifications::find", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
    let row = find.await.map_err(faults::of_store)?.ok_or_else(faults::of_race)?;
    Case::open(&listener.ctx.vault, row).map_err(faults::of_case)
}

/// Asks, and sees to the outcome itself when nobody waits for it any more.
async fn ask(listener: Arc<Listener>, case: Arc<Case>, claim: Claim, waiting: oneshot::Sender<Outcome>) {
    let outcome = case.ask(&listener.backend).await;
    match waiting.send(outcome) {
        Ok(()) => {}
        Err(Ok(verdict)) => {
            let decision = Decision::of(&case, verdict, listener.ctx.clock.now());
            late(&listener.ctx, &case, &decision, claim).await;
        }
        Err(Err(error)) => release(&listener.ctx, &case, claim, error).await,
    }
}

/// The answer, the end of the command, and the reply to this message, in one transaction.
async fn in_time(
    listener: &Listener,
    message: &Message,
    question: &Question,
    case: &Case,
    decision: &Decision,
    claim: Claim,
) -> Handled {
    let reply = answered(listener, message, question, decision)?;
    let too_late = codes::expired_verification();
    let record = decision.record(&listener.ctx, case.row.clone(), trace::current());
    let args = (record, claim, message.mark(), reply.clone(), Reply::refusal(&too_late)?);
    let work = listener.ctx.store.write("verifications::answer", args, |tx, work| {
        Box::pin(async move {
            let (record, claim, mark, reply, refusal) = work;
            claim.finish(tx).await?;
            let written = record.write(tx).await?;
            seen::keep(tx, mark, if written { reply } else { refusal }).await?;
            Ok(written)
        })
    });
    failpoint("question.decided");
    let written = work.await;
    failpoint("question.answered");
    match written {
        Ok(true) => Ok(reply),
        Ok(false) => Err(too_late),
        // Somebody else sees to the answer.
        Err(StoreError::GuardLost(_)) => question.accepted(),
        Err(error) => Err(faults::of_store(error)),
    }
}

/// Stores the answer that came after the budget; the command sends it.
async fn late(ctx: &Context, case: &Case, decision: &Decision, claim: Claim) {
    let args = (decision.record(ctx, case.row.clone(), trace::current()), claim);
    let work = ctx.store.write("verifications::late", args, |tx, (record, claim)| {
        Box::pin(async move {
            record.write(tx).await?;
            claim.retry(tx, Duration::ZERO, "the answer is to be sent").await
        })
    });
    log_failure(work.await);
}

/// Gives the command to the workers.
async fn release(ctx: &Context, case: &Case, claim: Claim, why: BackendError) {
    let wait = back_off::before(case.row.expires_at, ctx, &claim);
    let unusable = why.count_with(UnusableAnswers::so_far(&claim));
    let args = (claim, wait, unusable.note(&why.to_string()));
    let work = ctx.store.write("verifications::release", args, |tx, (claim, wait, why)| {
        Box::pin(claim.retry(tx, *wait, why))
    });
    log_failure(work.await);
}

/// Nothing is lost: the lease ends, and a worker sees to the answer.
fn log_failure(written: Result<(), StoreError>) {
    if let Err(error) = written {
        tracing::warn!(%error, "the command of an answer could not be handed on; its lease will end");
    }
}
