//! What becomes of a claimed command. Each call is guarded by the lease: a worker that lost it changes nothing.
//!
//! Nobody but the holder of a lease has its token, and it goes with the lease: no statement asks for the status as well,
//! or PostgreSQL would look for the row among all that are in work, by the index of leases.

use std::time::Duration;

use waybill_domain::CommandId;

use super::ClaimedCommand;
use crate::sql::values;
use crate::{StoreError, Tx};

/// Marks a command as done. Belongs into the transaction of the effect.
///
/// # Errors
/// [`StoreError::GuardLost`] when the lease is no longer this worker's: the effect must not be committed.
pub async fn finish(tx: &mut Tx, command: &ClaimedCommand) -> Result<(), StoreError> {
    tx.execute_one(
        "/* commands::finish */ UPDATE commands SET status = 'DONE', finished_at = {now}, lease_token = NULL,
           lease_until = NULL, last_error = NULL
         WHERE command_id = ? AND lease_token = ?",
        values![command.id, &command.lease_token],
        "command lease",
    )
    .await?;
    tx.note_command(command.kind); // a later command of the group may have waited for this one
    Ok(())
}

/// Gives a command back, to be handed out again after `delay`. `why` holds no personal data.
///
/// # Errors
/// [`StoreError::GuardLost`] when the lease is no longer this worker's.
pub async fn retry(
    tx: &mut Tx,
    command: &ClaimedCommand,
    delay: Duration,
    why: &str,
) -> Result<(), StoreError> {
    tx.execute_one(
        "/* commands::retry */ UPDATE commands SET status = 'CREATED', due_at = {now+ms}, lease_token = NULL,
           lease_until = NULL, published_at = NULL, abandoned = 0, last_error = ?
         WHERE command_id = ? AND lease_token = ?",
        values![delay, why, command.id, &command.lease_token],
        "command lease",
    )
    .await?;
    tx.note_command(command.kind);
    Ok(())
}

/// Gives a command back after its worker was lost over it, to be handed out again after `delay`; gives it up when that
/// happened `most` times in a row, and says so. `why` holds no personal data.
///
/// # Errors
/// [`StoreError::GuardLost`] when the lease is no longer this worker's.
pub async fn retry_lost(
    tx: &mut Tx,
    command: &ClaimedCommand,
    delay: Duration,
    why: &str,
    most: u32,
) -> Result<bool, StoreError> {
    let given_back = tx
        .execute(
            "/* commands::retry_lost */ UPDATE commands SET status = 'CREATED', due_at = {now+ms}, lease_token = NULL,
               lease_until = NULL, published_at = NULL, abandoned = abandoned + 1, last_error = ?
             WHERE command_id = ? AND lease_token = ? AND abandoned + 1 < ?",
            values![delay, why, command.id, &command.lease_token, most],
        )
        .await?;
    if given_back == 0 {
        return fail(tx, command, why).await.map(|()| true);
    }
    tx.note_command(command.kind);
    Ok(false)
}

/// Gives a command up. `why` holds no personal data.
///
/// # Errors
/// [`StoreError::GuardLost`] when the lease is no longer this worker's.
pub async fn fail(tx: &mut Tx, command: &ClaimedCommand, why: &str) -> Result<(), StoreError> {
    tx.execute_one(
        "/* commands::fail */ UPDATE commands SET status = 'ERROR', finished_at = {now}, lease_token = NULL,
           lease_until = NULL, last_error = ?
         WHERE command_id = ? AND lease_token = ?",
        values![why, command.id, &command.lease_token],
        "command lease",
    )
    .await?;
    tx.note_command(command.kind);
    Ok(())
}

/// Lets later commands of the group pass a command that is not done yet.
///
/// # Errors
/// [`StoreError`].
pub async fn release_hold(tx: &mut Tx, kind: &'static str, id: CommandId) -> Result<(), StoreError> {
    tx.execute(
        "/* commands::release_hold */ UPDATE commands SET holds_until = {now} WHERE command_id = ?",
        values![id],
    )
    .await?;
    tx.note_command(kind);
    Ok(())
}

/// Whether an earlier command of the same group and kind is not done yet.
///
/// # Errors
/// [`StoreError`].
pub async fn is_held_back(
    tx: &mut Tx,
    id: CommandId,
    kind: &str,
    group_key: &str,
) -> Result<bool, StoreError> {
    let row = tx
        .fetch_optional(
            "/* commands::is_held_back */ SELECT 1 AS found FROM commands
             WHERE group_key = ? AND command_type = ? AND command_id < ?
               AND status IN ('CREATED', 'PROCESSING') LIMIT 1",
            values![group_key, kind, id],
        )
        .await?;
    Ok(row.is_some())
}

/// Marks the waiting commands of a group as done, because what they were for has happened. Commands that a worker
/// holds are left to it. Gives how many.
///
/// # Errors
/// [`StoreError`].
pub async fn finish_group(tx: &mut Tx, kind: &str, group_key: &str) -> Result<u64, StoreError> {
    tx.execute(
        "/* commands::finish_group */ UPDATE commands SET status = 'DONE', finished_at = {now}
         WHERE group_key = ? AND command_type = ? AND status = 'CREATED'",
        values![group_key, kind],
    )
    .await
}

/// Makes the waiting commands of a group due now; gives how many.
///
/// # Errors
/// [`StoreError`].
pub async fn wake_group(tx: &mut Tx, kind: &'static str, group_key: &str) -> Result<u64, StoreError> {
    let woken = tx
        .execute(
            "/* commands::wake_group */ UPDATE commands SET due_at = {now}, published_at = NULL
             WHERE group_key = ? AND command_type = ? AND status = 'CREATED'",
            values![group_key, kind],
        )
        .await?;
    if woken > 0 {
        tx.note_command(kind);
    }
    Ok(woken)
}

/// Gives a command up that is published and that nobody holds; false when somebody does, it is over, or it waits in the
/// database: then what the broker gave up was a second message about it.
///
/// # Errors
/// [`StoreError`].
pub async fn give_up(tx: &mut Tx, id: CommandId, why: &str) -> Result<bool, StoreError> {
    let given_up = tx
        .execute(
            "/* commands::give_up */ UPDATE commands SET status = 'ERROR', finished_at = {now}, last_error = ?
             WHERE command_id = ? AND status = 'CREATED' AND published_at IS NOT NULL",
            values![why, id],
        )
        .await?;
    Ok(given_up == 1)
}
