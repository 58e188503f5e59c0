//! Forgetting commands that are over.

use waybill_domain::Timestamp;

use crate::sql::{Row, listed, values};
use crate::{StoreError, Tx};

/// What was forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Commands.
    pub commands: u64,
    /// Attempts to deliver the callbacks among them.
    pub deliveries: u64,
}

/// Forgets commands that were done before `before`, `limit` at the most, with the log of the callbacks among them.
///
/// # Errors
/// [`StoreError`].
pub async fn purge_done(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<Forgotten, StoreError> {
    let rows = tx
        .fetch_all(
            "/* commands::long_done */ SELECT command_id FROM commands WHERE status = 'DONE' AND finished_at < ?
             ORDER BY finished_at, command_id LIMIT ? {skip locked}",
            values![before, limit],
        )
        .await?;
    forget(tx, &rows).await
}

/// Forgets commands that were given up before `before` and whose verification is gone, `limit` at the most.
///
/// # Errors
/// [`StoreError`].
pub async fn purge_orphans(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<Forgotten, StoreError> {
    let rows = tx
        .fetch_all(
            "/* commands::orphans */ SELECT c.command_id FROM commands AS c
             WHERE c.status = 'ERROR' AND c.finished_at < ? AND NOT EXISTS
               (SELECT 1 FROM verifications AS v WHERE v.verification_uuid = c.group_key)
             ORDER BY c.finished_at, c.command_id LIMIT ? {skip locked}",
            values![before, limit],
        )
        .await?;
    forget(tx, &rows).await
}

async fn forget(tx: &mut Tx, rows: &[Row]) -> Result<Forgotten, StoreError> {
    let ids = rows.iter().map(|row| row.int("command_id")).collect::<Result<Vec<_>, _>>()?;
    let Some((marks, ids)) = listed(&ids) else { return Ok(Forgotten::default()) };
    let log = format!("/* commands::forget */ DELETE FROM callback_deliveries WHERE command_id IN ({marks})");
    let deliveries = tx.execute_built("/* commands::forget */", log, &ids).await?;
    let over = format!("/* commands::forget */ DELETE FROM commands WHERE command_id IN ({marks})");
    let commands = tx.execute_built("/* commands::forget */", over, &ids).await?;
    Ok(Forgotten { commands, deliveries })
}

/// Forgets the finished commands of a group, those that were given up included; gives how many.
///
/// # Errors
/// [`StoreError::GuardLost`] when one is not finished: somebody added it just now, and whoever deletes what it is about
/// must think again.
pub async fn delete_group(tx: &mut Tx, group_key: &str) -> Result<u64, StoreError> {
    let gone = tx
        .execute(
            "/* commands::delete_group */ DELETE FROM commands WHERE group_key = ? AND status IN ('DONE', 'ERROR')",
            values![group_key],
        )
        .await?;
    let left = tx
        .fetch_optional(
            "/* commands::left_in_group */ SELECT 1 AS found FROM commands WHERE group_key = ? LIMIT 1",
            values![group_key],
        )
        .await?;
    if left.is_some() {
        tx.note_lost_guard();
        Err(StoreError::GuardLost("a command of the group is not finished"))
    } else {
        Ok(gone)
    }
}
