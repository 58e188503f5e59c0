//! Changing how far a verification has come. Only what the domain's table allows, only from the state expected.

use waybill_domain::{Event, Timestamp, VerificationState, VerificationUuid, apply};

use super::searchable_hash;
use crate::sql::values;
use crate::{StoreError, Tx};

/// What is stored with a change; `None` leaves a column as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Why, a code. Given together with the message: a new reason drops the old message.
    pub reason: Option<String>,
    /// More about the reason, sealed.
    pub message_sealed: Option<String>,
    /// The beneficiary as answered, sealed.
    pub beneficiary_sealed: Option<String>,
    /// When the answer was given.
    pub verified_at: Option<Timestamp>,
    /// Hash and output of the transaction.
    pub transaction: Option<(String, Option<String>)>,
    /// When the transaction was reported.
    pub ordered_at: Option<Timestamp>,
    /// When the error was reported.
    pub error_reported_at: Option<Timestamp>,
}

/// Takes a verification from state `from` to the one that `event` leads to.
///
/// False, with nothing changed, when the row is no longer in `from` or the domain's table does not allow the event.
///
/// # Errors
/// [`StoreError`].
pub async fn advance(
    tx: &mut Tx,
    uuid: VerificationUuid,
    from: VerificationState,
    event: Event,
    change: &Change,
) -> Result<bool, StoreError> {
    let Ok(to) = apply(from, event) else { return Ok(false) };
    let (tx_hash, vout) = change.transaction.clone().unzip();
    let changed = tx
        .execute(
            "/* verifications::advance */ UPDATE verifications SET result = ?,
               message = CASE WHEN ? IS NULL THEN message ELSE ? END, reason = COALESCE(?, reason),
               ivms101_beneficiary = COALESCE(?, ivms101_beneficiary), verified_at = COALESCE(?, verified_at),
               tx_hash = COALESCE(?, tx_hash), tx_hash_search = COALESCE(?, tx_hash_search),
               vout = COALESCE(?, vout), ordered_at = COALESCE(?, ordered_at),
               error_reported_at = COALESCE(?, error_reported_at)
             WHERE verification_uuid = ? AND result = ? AND (tx_hash IS NOT NULL) = ?",
            values![
                to.result.as_str(),
                &change.reason,
                &change.message_sealed,
                &change.reason,
                &change.beneficiary_sealed,
                change.verified_at,
                &tx_hash,
                tx_hash.as_deref().map(searchable_hash),
                vout.flatten(),
                change.ordered_at,
                change.error_reported_at,
                uuid,
                from.result.as_str(),
                from.transaction_reported,
            ],
        )
        .await?;
    if changed == 0 {
        tx.note_lost_guard();
    }
    Ok(changed == 1)
}
