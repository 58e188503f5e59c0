//! Messages of counterparties that were seen, with the answers they got: protection against replays.

use waybill_domain::{Timestamp, VaspId};

use crate::sql::values;
use crate::{StoreError, Tx};

/// A message that was seen before.
#[derive(Debug, Clone)]
pub struct SeenMessage {
    /// Digest of its body.
    pub digest: String,
    /// The answer it got, status and body; none while it is being worked on.
    pub answer: Option<(u32, String)>,
}

/// Marks a message as seen; false when it was seen before.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    sender: VaspId,
    message_id: &str,
    digest: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    tx.insert(
        "/* received_messages::insert */ INSERT INTO received_messages
           (sender_vasp_id, message_id, digest, received_at)
         VALUES (?, ?, ?, ?) {unless there}",
        values![sender, message_id, digest, at],
    )
    .await
}

/// Keeps the answer that a message got.
///
/// # Errors
/// [`StoreError`].
pub async fn keep_answer(
    tx: &mut Tx,
    sender: VaspId,
    message_id: &str,
    status: u32,
    body: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "/* received_messages::keep_answer */ UPDATE received_messages SET answer_status = ?, answer_body = ?
         WHERE sender_vasp_id = ? AND message_id = ?",
        values![status, body, sender, message_id],
    )
    .await
    .map(drop)
}

/// What is known of a message.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, sender: VaspId, message_id: &str) -> Result<Option<SeenMessage>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* received_messages::find */ SELECT * FROM received_messages
             WHERE sender_vasp_id = ? AND message_id = ?",
            values![sender, message_id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let status = row.opt_int("answer_status")?.and_then(|status| u32::try_from(status).ok());
    Ok(Some(SeenMessage { digest: row.text("digest")?, answer: status.zip(row.opt_text("answer_body")?) }))
}

/// Forgets messages received before `before`, `limit` at the most; gives how many. `before` must lie
/// further back than signatures are accepted.
///
/// # Errors
/// [`StoreError`].
pub async fn purge(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        "/* received_messages::purge */ {delete received_messages by sender_vasp_id, message_id}
         WHERE received_at < ? ORDER BY received_at LIMIT ?",
        values![before, limit],
    )
    .await
}
