//! Writes down how the wait for an answer ends, once.

use waybill_domain::{Role, VerificationResult, VerificationState};
use waybill_jobs::{CallbackType, Command as _, VerifyCounterparty};
use waybill_store::tables::verifications::{self, VerificationRow};
use waybill_store::tables::{audit, commands, own_keys};
use waybill_store::{StoreError, Tx};

use super::SealedEnding;
use crate::self_flow;

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is written down, and our backend is told.
    First,
    /// The same was written down before.
    Again,
    /// Another answer was written down before; that one stands.
    Contradicts,
    /// We gave up before it came.
    TooLate,
    /// No such verification.
    Unknown,
}

/// Ends the wait of a verification: result, callback, notice, audit, and the end of the command that asks. Changes
/// nothing when the verification waits no more.
///
/// Where a VASP is its own counterparty the one row has both roles. Either side may write the answer first; the callback
/// follows from this side only.
///
/// # Errors
/// [`StoreError`].
pub async fn record_answer(tx: &mut Tx, ending: &SealedEnding) -> Result<Recorded, StoreError> {
    let SealedEnding { uuid, event, change, .. } = ending;
    if verifications::advance(tx, *uuid, VerificationState::WAIT, *event, change).await? {
        commands::insert(tx, &ending.callback).await?;
        if let Some(notice) = &ending.notice {
            commands::insert(tx, notice).await?;
        }
        ending.screenings.add(tx).await?;
        commands::finish_group(tx, VerifyCounterparty::KIND, &uuid.to_string()).await?;
        audit::append(tx, &ending.audit).await?;
        tx.note_ended(Role::Originator, ending.result, ending.created_at, ending.audit.at);
        if let Some(key_id) = &ending.spent_key {
            own_keys::delete(tx, key_id).await?;
        }
        return Ok(Recorded::First);
    }
    let Some(row) = verifications::find(tx, *uuid).await? else { return Ok(Recorded::Unknown) };
    if self_flow::is_own_counterparty(&row) {
        let result = CallbackType::VerificationResult;
        self_flow::add_missing_callback(tx, *uuid, result, &ending.callback).await?;
    }
    Ok(compare(&row, ending))
}

/// How an answer relates to what is stored.
fn compare(row: &VerificationRow, ending: &SealedEnding) -> Recorded {
    let same_reason = row.reason == ending.change.reason;
    if first_result(row) == ending.result && (same_reason || row.error_reported_at.is_some()) {
        Recorded::Again
    } else if row.verified_at.is_none() {
        Recorded::TooLate // it ended without an answer
    } else {
        Recorded::Contradicts
    }
}

/// The result before our backend reported an error, which it only does of a verified one.
fn first_result(row: &VerificationRow) -> VerificationResult {
    if row.error_reported_at.is_some() { VerificationResult::Verified } else { row.result }
}
