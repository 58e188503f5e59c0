//! Answers kept for requests that carry an `Idempotency-Key`.

use waybill_domain::Timestamp;

use crate::sql::values;
use crate::{StoreError, Tx};

/// A kept answer.
#[derive(Debug, Clone)]
pub struct KeptAnswer {
    /// Keyed digest of the request's body.
    pub request_digest: String,
    /// HTTP status of the answer.
    pub status: u32,
    /// Body of the answer.
    pub body: String,
}

/// Keeps an answer; false when the key is taken. Part of the transaction of the effect.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    scope: &str,
    key: &str,
    answer: &KeptAnswer,
    at: Timestamp,
) -> Result<bool, StoreError> {
    tx.insert(
        "/* idempotency::insert */ INSERT INTO idempotency_keys
           (scope, idempotency_key, request_digest, answer_status, answer_body, created_at)
         VALUES (?, ?, ?, ?, ?, ?) {unless there}",
        values![scope, key, &answer.request_digest, answer.status, &answer.body, at],
    )
    .await
}

/// The answer kept for a key.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, scope: &str, key: &str) -> Result<Option<KeptAnswer>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* idempotency::find */ SELECT * FROM idempotency_keys WHERE scope = ? AND idempotency_key = ?",
            values![scope, key],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(KeptAnswer {
        request_digest: row.text("request_digest")?,
        status: row.count("answer_status")?,
        body: row.text("answer_body")?,
    }))
}

/// Forgets the answer kept for a key, so that the request may be made anew.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, scope: &str, key: &str) -> Result<(), StoreError> {
    let forget =
        "/* idempotency::forget */ DELETE FROM idempotency_keys WHERE scope = ? AND idempotency_key = ?";
    tx.execute(forget, values![scope, key]).await.map(drop)
}

/// Forgets answers kept before `before`, `limit` at the most; gives how many.
///
/// # Errors
/// [`StoreError`].
pub async fn purge(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        "/* idempotency::purge */ {delete idempotency_keys by scope, idempotency_key}
         WHERE created_at < ? ORDER BY created_at LIMIT ?",
        values![before, limit],
    )
    .await
}
