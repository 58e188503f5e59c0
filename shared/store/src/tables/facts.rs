//! Small facts a node must remember, such as the version of the last directory it accepted.

use waybill_domain::Timestamp;

use crate::sql::values;
use crate::{StoreError, Tx};

/// The remembered value.
///
/// # Errors
/// [`StoreError`].
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    let row = tx
        .fetch_optional("/* facts::get */ SELECT value FROM node_facts WHERE name = ?", values![name])
        .await?;
    row.map(|row| row.text("value")).transpose()
}

/// Remembers a value.
///
/// # Errors
/// [`StoreError`].
pub async fn put(tx: &mut Tx, name: &str, value: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "/* facts::put */ INSERT INTO node_facts (name, value, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        values![name, value, at],
    )
    .await
    .map(drop)
}
