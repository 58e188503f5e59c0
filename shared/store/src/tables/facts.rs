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
         {update on (name)} value = {new.value}, updated_at = {new.updated_at}",
        values![name, value, at],
    )
    .await
    .map(drop)
}

/// Remembers a value unless there is one; false when there is.
///
/// # Errors
/// [`StoreError`].
pub async fn put_first(tx: &mut Tx, name: &str, value: &str, at: Timestamp) -> Result<bool, StoreError> {
    tx.insert(
        "/* facts::put_first */ INSERT INTO node_facts (name, value, updated_at) VALUES (?, ?, ?) {unless there}",
        values![name, value, at],
    )
    .await
}

/// Puts another value in the place of `old`, unless something else is remembered by now.
///
/// # Errors
/// [`StoreError`].
pub async fn replace(tx: &mut Tx, name: &str, old: &str, new: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "/* facts::replace */ UPDATE node_facts SET value = ?, updated_at = ? WHERE name = ? AND value = ?",
        values![new, at, name, old],
    )
    .await
    .map(drop)
}

/// Forgets a value.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    tx.execute("/* facts::remove */ DELETE FROM node_facts WHERE name = ?", values![name]).await.map(drop)
}
