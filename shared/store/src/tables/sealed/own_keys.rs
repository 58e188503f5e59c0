//! Our private keys.

use super::count::id_after;
use super::{Ids, SealedTable, sealed_with};
use crate::sql::values;
use crate::{StoreError, Tx};

/// A private key as it is stored.
#[derive(Clone)]
pub struct SealedOwnKey {
    /// The row.
    pub id: i64,
    /// The name of the pair, which its place is made of.
    pub key_id: String,
    /// The sealed private key.
    pub sealed: String,
}

/// Private keys among the next `span` ids after `after` that are not sealed with a key, and the last id that was looked
/// at; `None` when there is no row after it.
///
/// # Errors
/// [`StoreError`].
pub async fn own_keys_elsewhere(
    tx: &mut Tx,
    key_name: &str,
    after: i64,
    span: u32,
) -> Result<Option<(Vec<SealedOwnKey>, i64)>, StoreError> {
    let Some(first) = id_after(tx, SealedTable::OwnKeys, after).await? else { return Ok(None) };
    let ids = Ids { first, last: first + i64::from(span) - 1 };
    let rows = tx
        .fetch_all(
            "/* sealed::own_keys_elsewhere */ SELECT id, key_id, private_key FROM own_keys
             WHERE id BETWEEN ? AND ? AND private_key NOT LIKE ? ORDER BY id",
            values![ids.first, ids.last, sealed_with(key_name)],
        )
        .await?;
    let read = |row: &crate::sql::Row| {
        Ok(SealedOwnKey { id: row.int("id")?, key_id: row.text("key_id")?, sealed: row.text("private_key")? })
    };
    Ok(Some((rows.iter().map(read).collect::<Result<_, StoreError>>()?, ids.last)))
}

/// Puts a private key sealed anew in the place of `old`, unless something else stands there by now.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_own_key(tx: &mut Tx, id: i64, old: &str, new: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* sealed::replace_own_key */ UPDATE own_keys SET private_key = ? WHERE id = ? AND private_key = ?",
        values![new, id, old],
    )
    .await
    .map(drop)
}
