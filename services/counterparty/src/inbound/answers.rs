//! `answers`: the beneficiary answers a verification that it accepted earlier.

use waybill_domain::{Fault, Role, Timestamp, VerificationState, codes, reason};
use waybill_protocol::messages::{AnswersRequest, VerificationAnswer};
use waybill_runtime::failpoint;
use waybill_store::tables::verifications::VerificationRow;
use waybill_store::{StoreError, Tx};

use super::message::Mark;
use super::{Handled, Listener, Message, Reply, faults, parties, payload, seen, trace};
use crate::outbound::{Recorded, SealedEnding, judge_answer, record_answer};

struct Answer {
    ending: SealedEnding,
    key_id: String,
    mark: Mark,
    reply: Reply,
}

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let said: AnswersRequest = message.read()?;
    let uuid = said.verification_uuid;
    let row = parties::known(listener, message, uuid, Role::Beneficiary).await?;
    let opened = payload::open::<VerificationAnswer>(listener, message, Some(uuid), &said.sealed).await;
    let answer = match opened {
        Ok(answer) => answer,
        Err(fault) => return unopened(listener, message, &row, fault).await,
    };
    if gave_up(&row, message.received_at) {
        return Err(codes::expired_verification());
    }
    let ending = judge_answer(&listener.ctx, &row, answer, trace::current().as_deref())
        .map_err(|unusable| payload::invalid(&unusable.to_string()))?;
    let answer =
        Answer { ending, key_id: said.sealed.key_id, mark: message.mark(), reply: Reply::acknowledgement()? };
    let work = listener
        .ctx
        .store
        .write("answers::handle", answer, move |tx, answer| Box::pin(async move { store(tx, answer).await }));
    let stored = work.await.map_err(faults::of_store)?;
    failpoint("answers.received");
    match stored {
        Stored::Before(before) => before,
        Stored::As(recorded) => match recorded {
            Recorded::First | Recorded::Again => Reply::acknowledgement(),
            Recorded::Contradicts => Err(codes::verification_conflict()),
            Recorded::TooLate => Err(codes::expired_verification()),
            Recorded::Unknown => Err(codes::verification_not_found(uuid)),
        },
    }
}

/// A key that was made for one answer is gone once that answer was recorded, whichever way it came: this is a
/// repetition, which cannot change anything any more.
async fn unopened(listener: &Listener, message: &Message, row: &VerificationRow, fault: Fault) -> Handled {
    if fault != codes::unknown_key() || row.state() == VerificationState::WAIT {
        return Err(fault);
    }
    if gave_up(row, message.received_at) {
        return Err(codes::expired_verification());
    }
    seen::keep_new(listener, message, Reply::acknowledgement()?).await
}

/// Whether the deadline passed without an answer, written down already or not.
fn gave_up(row: &VerificationRow, now: Timestamp) -> bool {
    let waits = row.state() == VerificationState::WAIT;
    (waits && now >= row.expires_at) || row.reason.as_deref() == Some(reason::REQUEST_TIMEOUT)
}

enum Stored {
    Before(Handled),
    As(Recorded),
}

async fn store(tx: &mut Tx, answer: &Answer) -> Result<Stored, StoreError> {
    let recorded = record_answer(tx, &answer.ending).await?;
    if !matches!(recorded, Recorded::First | Recorded::Again) {
        return Ok(Stored::As(recorded));
    }
    if let Some(before) = seen::remember(tx, &answer.mark, &answer.reply).await? {
        return Ok(Stored::Before(before));
    }
    payload::forget_key(tx, &answer.key_id).await?;
    Ok(Stored::As(recorded))
}
