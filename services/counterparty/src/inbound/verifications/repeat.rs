//! A question about a verification that is known: the same one again is answered again, any other is a conflict.

use waybill_domain::{Fault, VerificationResult, VerificationUuid, codes};
use waybill_jobs::{AnswerVerification, Command as _};
use waybill_protocol::messages::VerificationAnswered;
use waybill_store::tables::commands::{self, CommandFilter, CommandStatus};
use waybill_store::tables::verifications::{self, VerificationRow};
use waybill_store::{StoreError, Tx};

use super::super::case::Case;
use super::super::decision::Decision;
use super::super::{Handled, Listener, Message, Reply, faults, payload, seen};
use super::question::Question;
use crate::self_flow;

/// Commands of one verification that are looked at; an unfinished one is always the newest.
const NEWEST: u32 = 4;

/// What is known of a verification that is asked about.
pub(super) enum Known {
    /// Nothing.
    New,
    /// It waits, and no command sees to its answer: as the beneficiary of our own question, or after an answer that
    /// was lost on its way to ourselves.
    Unattended,
    /// It waits, and its answer is on the way.
    Pending,
    /// Its answer.
    Answered(Decision),
}

pub(super) async fn look_up(
    listener: &Listener,
    message: &Message,
    question: &Question,
) -> Result<Known, Fault> {
    let uuid = question.asked.verification_uuid;
    let found = listener.ctx.store.read("verifications::look_up", uuid, |tx, uuid| {
        Box::pin(async move { Ok((verifications::find(tx, *uuid).await?, is_attended(tx, *uuid).await?)) })
    });
    let (row, attended) = found.await.map_err(faults::of_store)?;
    let Some(row) = row else { return Ok(Known::New) };
    let own_id = listener.ctx.own_id;
    if row.originating_vasp_id != message.sender() || row.beneficiary_vasp_id != own_id {
        return Err(codes::verification_conflict());
    }
    if !self_flow::is_own_counterparty(&row) && !is_same(listener, &row, question)? {
        return Err(codes::verification_conflict());
    }
    match Decision::stored(&listener.ctx.vault, &row)? {
        Some(decision) => Ok(Known::Answered(decision)),
        None if row.result != VerificationResult::Wait => Err(codes::expired_verification()),
        None if attended => Ok(Known::Pending),
        None => Ok(Known::Unattended),
    }
}

/// Whether an unfinished command sees to the answer.
pub(super) async fn is_attended(tx: &mut Tx, uuid: VerificationUuid) -> Result<bool, StoreError> {
    let filter = CommandFilter {
        kind: Some(AnswerVerification::KIND.to_owned()),
        status: None,
        group_key: Some(uuid.to_string()),
    };
    let known = commands::list(tx, &filter, NEWEST).await?;
    Ok(known.iter().any(|it| matches!(it.status, CommandStatus::Created | CommandStatus::Processing)))
}

/// Whether the question says what it said the first time. The beneficiary's persons are compared as long as our
/// answer has not replaced them.
fn is_same(listener: &Listener, row: &VerificationRow, question: &Question) -> Result<bool, Fault> {
    let first = Case::open(&listener.ctx.vault, row.clone()).map_err(faults::of_case)?;
    let accounts = [&row.originator_account_number, &row.beneficiary_account_number];
    let waits = row.result == VerificationResult::Wait;
    Ok(row.asset == question.asked.asset_info
        && row.expires_at == question.asked.expires_at
        && row.payload_version == question.version
        && first.required == question.asked.required_beneficiary_info
        && question.accounts() == accounts.map(|account| Some(account.as_str()))
        && first.parties.originator == question.originator()
        && (!waits || first.parties.beneficiary == question.beneficiary()))
}

/// Gives the stored answer again, sealed for this message.
pub(super) async fn answer(
    listener: &Listener,
    message: &Message,
    question: &Question,
    decision: &Decision,
) -> Handled {
    let reply = answered(listener, message, question, decision)?;
    keep(listener, message, question, reply).await
}

/// Says again that the answer follows.
pub(super) async fn accepted(listener: &Listener, message: &Message, question: &Question) -> Handled {
    keep(listener, message, question, question.accepted()?).await
}

/// 200 with the sealed answer.
pub(super) fn answered(
    listener: &Listener,
    message: &Message,
    question: &Question,
    decision: &Decision,
) -> Handled {
    let uuid = question.asked.verification_uuid;
    let context = message.seal_context(Some(uuid)).response();
    let payload = decision.answer(&question.version);
    let sealed = payload::seal(listener, &context, &question.asked.reply_key, &payload)?;
    Reply::ok(&VerificationAnswered { verification_uuid: uuid, sealed })
}

async fn keep(listener: &Listener, message: &Message, question: &Question, reply: Reply) -> Handled {
    let args = (message.mark(), reply.clone(), question.asked.sealed.key_id.clone());
    let kept = listener.ctx.store.write("verifications::repeat", args, |tx, (mark, reply, key_id)| {
        Box::pin(async move {
            payload::forget_key(tx, key_id).await?;
            seen::remember(tx, mark, reply).await
        })
    });
    kept.await.map_err(faults::of_store)?.unwrap_or(Ok(reply))
}
