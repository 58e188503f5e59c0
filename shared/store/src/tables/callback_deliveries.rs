//! The log of attempts to deliver callbacks.

use std::time::Duration;

use waybill_domain::{CommandId, Timestamp, VerificationUuid};

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// One attempt.
#[derive(Debug, Clone)]
pub struct CallbackDelivery {
    /// The command that carries the callback.
    pub command_id: CommandId,
    /// What the callback is about.
    pub verification_uuid: VerificationUuid,
    /// Its `callbackType`.
    pub callback_type: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// When the attempt began.
    pub attempted_at: Timestamp,
    /// `DELIVERED`, or why not.
    pub outcome: String,
    /// The backend's status, when it answered.
    pub http_status: Option<u32>,
    /// How long it took.
    pub took: Duration,
    /// Delivered although an earlier callback of the verification was not.
    pub out_of_order: bool,
}

/// Logs one attempt.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, delivery: &CallbackDelivery) -> Result<(), StoreError> {
    tx.execute(
        "/* callback_deliveries::insert */ INSERT INTO callback_deliveries (command_id, verification_uuid,
           callback_type, attempt, attempted_at, outcome, http_status, took_ms, out_of_order)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values![
            delivery.command_id,
            delivery.verification_uuid,
            &delivery.callback_type,
            delivery.attempt,
            delivery.attempted_at,
            &delivery.outcome,
            delivery.http_status,
            delivery.took,
            delivery.out_of_order,
        ],
    )
    .await
    .map(drop)
}

/// The attempts of one command, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_command(tx: &mut Tx, id: CommandId) -> Result<Vec<CallbackDelivery>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* callback_deliveries::of_command */ SELECT * FROM callback_deliveries
             WHERE command_id = ? ORDER BY delivery_id",
            values![id],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Forgets the attempts about a verification that is deleted; gives how many.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_of_verification(tx: &mut Tx, uuid: VerificationUuid) -> Result<u64, StoreError> {
    tx.execute(
        "/* callback_deliveries::delete_of_verification */ DELETE FROM callback_deliveries
         WHERE verification_uuid = ?",
        values![uuid],
    )
    .await
}

fn read(row: &Row) -> Result<CallbackDelivery, StoreError> {
    Ok(CallbackDelivery {
        command_id: CommandId::new(row.int("command_id")?),
        verification_uuid: row.parsed("verification_uuid")?,
        callback_type: row.text("callback_type")?,
        attempt: row.count("attempt")?,
        attempted_at: row.time("attempted_at")?,
        outcome: row.text("outcome")?,
        http_status: row.opt_int("http_status")?.and_then(|status| u32::try_from(status).ok()),
        took: Duration::from_millis(row.int("took_ms")?.unsigned_abs()),
        out_of_order: row.flag("out_of_order")?,
    })
}
