//! Deleting verifications that are older than they need to be.

use waybill_domain::{Timestamp, VerificationUuid};

use super::Cursor;
use crate::sql::{Row, Value, values};
use crate::{StoreError, Tx};

/// Which verifications are old enough. One that waits for its answer, or has a command or a risk assessment that is not
/// finished, is kept however old it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outdated {
    /// Accepted before this.
    pub created_before: Timestamp,
    /// And nobody may ask about it again under the same uuid: its deadline lies before this.
    pub expired_before: Timestamp,
}

/// A verification that is old enough, by its age alone.
#[derive(Debug, Clone, Copy)]
pub struct Old {
    /// Its uuid.
    pub uuid: VerificationUuid,
    /// Where it stands among the old ones.
    pub place: Cursor,
}

/// How many are old enough, and what becomes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OldCount {
    /// To be deleted.
    pub deletable: u64,
    /// Kept because no answer has come, or one may still be asked for.
    pub open: u64,
    /// Kept because a callback or another command about them, or a risk assessment, is not finished.
    pub unfinished: u64,
}

/// The oldest ones after `after`, by age alone, oldest first, `limit` at the most.
///
/// # Errors
/// [`StoreError`].
pub async fn oldest(
    tx: &mut Tx,
    created_before: Timestamp,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Vec<Old>, StoreError> {
    let after = after.unwrap_or(Cursor { created_at: Timestamp::UNIX_EPOCH, id: 0 });
    let rows = tx
        .fetch_all(
            "/* verifications::oldest */ SELECT verification_id, verification_uuid, created_at FROM verifications
             WHERE created_at >= ? AND created_at < ? AND (created_at > ? OR verification_id > ?)
             ORDER BY created_at, verification_id LIMIT ?",
            values![after.created_at, created_before, after.created_at, after.id, limit],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Deletes one, unless it must be kept; says whether it did. What belongs to it is the caller's to delete, in the same
/// transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_old(tx: &mut Tx, old: &Old, outdated: &Outdated) -> Result<bool, StoreError> {
    let deleted = tx
        .execute(
            "/* verifications::delete_old */ DELETE FROM verifications
             WHERE verification_id = ? AND created_at < ? AND expires_at < ? AND result <> 'WAIT'
               AND NOT EXISTS (SELECT 1 FROM commands AS c WHERE c.group_key = verifications.verification_uuid
                 AND c.status IN ('CREATED', 'PROCESSING'))
               AND NOT EXISTS (SELECT 1 FROM chainalysis_kyt_results AS k
                 WHERE k.verification_uuid = verifications.verification_uuid AND k.due_at IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM refinitiv_wco_results AS w
                 WHERE w.verification_uuid = verifications.verification_uuid AND w.due_at IS NOT NULL)",
            values![old.place.id, outdated.created_before, outdated.expired_before],
        )
        .await?;
    Ok(deleted == 1)
}

/// Counts the old ones. Looks at each of them: not for busy times.
///
/// # Errors
/// [`StoreError`].
pub async fn count_old(tx: &mut Tx, outdated: &Outdated) -> Result<OldCount, StoreError> {
    let both: [Value<'_>; 2] = [outdated.created_before.into(), outdated.expired_before.into()];
    let all = count(
        tx,
        "/* verifications::count_old */ SELECT COUNT(*) AS counted FROM verifications WHERE created_at < ?",
        &both[..1],
    )
    .await?;
    let closed = count(
        tx,
        "/* verifications::count_closed */ SELECT COUNT(*) AS counted FROM verifications
         WHERE created_at < ? AND expires_at < ? AND result <> 'WAIT'",
        &both,
    )
    .await?;
    let unfinished = count(
        tx,
        "/* verifications::count_unfinished */ SELECT COUNT(*) AS counted FROM verifications
         WHERE created_at < ? AND expires_at < ? AND result <> 'WAIT'
           AND (EXISTS (SELECT 1 FROM commands AS c WHERE c.group_key = verifications.verification_uuid
               AND c.status IN ('CREATED', 'PROCESSING'))
             OR EXISTS (SELECT 1 FROM chainalysis_kyt_results AS k
               WHERE k.verification_uuid = verifications.verification_uuid AND k.due_at IS NOT NULL)
             OR EXISTS (SELECT 1 FROM refinitiv_wco_results AS w
               WHERE w.verification_uuid = verifications.verification_uuid AND w.due_at IS NOT NULL))",
        &both,
    )
    .await?;
    Ok(OldCount { deletable: closed - unfinished, open: all - closed, unfinished })
}

async fn count(tx: &mut Tx, statement: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
    let row = tx.fetch_optional(statement, values).await?.ok_or(StoreError::Unreadable("counted"))?;
    row.int("counted").map(i64::unsigned_abs)
}

fn read(row: &Row) -> Result<Old, StoreError> {
    let place = Cursor { created_at: row.time("created_at")?, id: row.int("verification_id")? };
    Ok(Old { uuid: row.parsed("verification_uuid")?, place })
}
