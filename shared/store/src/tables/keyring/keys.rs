//! What is known of each key. Times are the database's: nodes and operators share them.

use waybill_domain::Timestamp;

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// One key of the ring, or one that has left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Its name.
    pub name: String,
    /// When it was made, or first seen.
    pub created_at: Timestamp,
    /// When it was last made the one that seals; none when it never was.
    pub sealing_since: Option<Timestamp>,
    /// When it left the ring for good.
    pub retired_at: Option<Timestamp>,
}

/// Remembers a key; false when it is known.
///
/// # Errors
/// [`StoreError`].
pub async fn note(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    tx.insert(
        "/* keyring_keys::note */ INSERT INTO keyring_keys (key_name, created_at) VALUES (?, {now}) {unless there}",
        values![name],
    )
    .await
}

/// Remembers that a known key seals, unless it is known to have sealed before.
///
/// # Errors
/// [`StoreError`].
pub async fn note_sealing(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* keyring_keys::note_sealing */ UPDATE keyring_keys SET sealing_since = {now}
         WHERE key_name = ? AND sealing_since IS NULL",
        values![name],
    )
    .await
    .map(drop)
}

/// Makes a known key the newest one that seals.
///
/// # Errors
/// [`StoreError`].
pub async fn begin_sealing(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* keyring_keys::begin_sealing */ UPDATE keyring_keys SET sealing_since = {now} WHERE key_name = ?",
        values![name],
    )
    .await
    .map(drop)
}

/// Remembers that a known key leaves the ring for good.
///
/// # Errors
/// [`StoreError`].
pub async fn retire(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* keyring_keys::retire */ UPDATE keyring_keys SET retired_at = {now}
         WHERE key_name = ? AND retired_at IS NULL",
        values![name],
    )
    .await
    .map(drop)
}

/// All keys that were ever known, the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn all(tx: &mut Tx) -> Result<Vec<KnownKey>, StoreError> {
    let rows = tx
        .fetch_all("/* keyring_keys::all */ SELECT * FROM keyring_keys ORDER BY created_at, key_name", &[])
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<KnownKey, StoreError> {
    Ok(KnownKey {
        name: row.text("key_name")?,
        created_at: row.time("created_at")?,
        sealing_since: row.opt_time("sealing_since")?,
        retired_at: row.opt_time("retired_at")?,
    })
}
